import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { pullSecretsOfOthers } from "../../src/source/lent-pull-secrets.ts";

const ROBOT = [{ name: "harbor-robot" }];

function workload(name: string, image: string, imagePullSecrets?: Json): KubeObject {
  const spec = { containers: [{ name, image }], ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }) };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "shop" }, spec: { template: { spec } } };
}

const cart = workload("cart", "harbor.acme.example/shop/cart:1");
const orders = workload("orders", "harbor.acme.example/shop/orders:1", ROBOT);
const lent = (others: KubeObject[], working = ["harbor.acme.example/shop/orders:1"]) =>
  pullSecretsOfOthers(cart, "harbor.acme.example/shop/cart:1", [cart, ...others], working);

test("a workload without pull secrets gets those of the others of the same registry and owner", () => {
  expect(lent([orders, workload("proxy", "nginx:1.27")])).toEqual(ROBOT);
});

test.each<[string, KubeObject[], string[]?]>([
  ["one of them needs none", [orders, workload("stock", "harbor.acme.example/shop/stock:1")]],
  ["they have different ones", [orders, workload("stock", "harbor.acme.example/shop/stock:1", [{ name: "other" }])]],
  ["theirs are of another owner", [workload("tools", "harbor.acme.example/tools/cli:1", ROBOT)], ["harbor.acme.example/tools/cli:1"]],
  ["none of them was seen running", [orders], []],
  ["its account has some", [orders, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "shop" }, imagePullSecrets: ROBOT }]],
])("not where %s", (_, others, working) => expect(lent(others, working)).toBeUndefined());
