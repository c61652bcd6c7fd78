import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { renamedWorkload } from "../../src/source/meant/alike.ts";

const workload = (name: string, container: string, image: string): KubeObject => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "shop" } },
  spec: { template: { spec: { containers: [{ name: container, image }] } } },
});
const old = { group: "apps", kind: "Deployment", namespace: "shop", name: "cart" };
const now = (...came: KubeObject[]) => renamedWorkload([workload("cart", "cart", "acme/cart:1.4.1")], came, old);

describe("a workload that has another name now", () => {
  test("has its containers", () => expect(now(workload("basket", "cart", "acme/cart:1.4.2"))).toBe("basket"));
  test("or its programs, where they have other names, too", () => expect(now(workload("basket", "basket", "acme/cart:1.4.2"))).toBe("basket"));
  test("and is no other program", () => expect(now(workload("basket", "basket", "acme/basket:1.4.2"))).toBeUndefined());
  test("and none of two", () => {
    expect(now(workload("basket", "basket", "acme/cart:1.4.2"), workload("jobs", "jobs", "acme/cart:1.4.2"))).toBeUndefined();
  });
  test("but of two the one with its container", () => {
    expect(now(workload("basket", "cart", "acme/cart:1.4.2"), workload("jobs", "jobs", "acme/cart:1.4.2"))).toBe("basket");
  });
});
