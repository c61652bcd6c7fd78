import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { changesBesideNames } from "../../src/guards/text/renamed-containers.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";

const workload = (...containers: Json[]): KubeObject => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "cart" } },
  spec: { template: { spec: { containers } } },
});
const container = (name: string, image = "acme/cart:1.4.1") => ({ name, image, ports: [{ containerPort: 8080 }] });
const differ = (before: KubeObject, after: KubeObject) => changesBesideNames(before, after).map(({ path }) => formatPath(path.slice(-2)));

test("a container under another name is the same one", () => {
  expect(differ(workload(container("app")), workload(container("cart")))).toEqual([]);
  expect(differ(workload(container("app")), workload(container("cart", "acme/cart:1.4.2")))).toEqual(["[name=cart].image"]);
});

test("but not where two came", () => {
  expect(differ(workload(container("app")), workload(container("cart"), container("proxy")))).not.toEqual([]);
});
