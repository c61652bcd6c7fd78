import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { followedItems } from "../../src/source/slips/stray-items.ts";

const shop = (...containers: JsonObject[]): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "eu-shop" },
  spec: { template: { spec: { containers } } },
});
const APP = { name: "app", image: "acme/shop:1.4.1" };
const SIZE = { name: "app", resources: { limits: { memory: "160Mi" } } };
const PATCH = `kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: app # the shop itself
          resources: {limits: {memory: 160Mi}}
`;

/** The patch afterwards; undefined where it stays as it is. */
function followed(then: KubeObject, now: KubeObject, [path, text] = ["prod/size.yaml", PATCH]): string | undefined {
  return followedItems([{ path, text, lastGood: text }], [then], [now])[0]?.after;
}

test("a patch speaks of a container by its new name", () => {
  const now = shop(SIZE, { name: "web", image: "acme/shop:1.4.2" });
  expect(followed(shop(APP), now)).toBe(PATCH.replace("name: app #", "name: web #"));
});

test("not where another program came, two did, or the container never was", () => {
  expect(followed(shop(APP), shop(SIZE, { name: "web", image: "acme/proxy:1.0.0" }))).toBeUndefined();
  expect(followed(shop(APP), shop(SIZE, { ...APP, name: "web" }, { ...APP, name: "worker" }))).toBeUndefined();
  expect(followed(shop({ ...APP, name: "web" }), shop(SIZE, { ...APP, name: "web" }))).toBeUndefined();
  expect(followed(shop(APP), shop(APP))).toBeUndefined();
});

test("a patch that stands in the kustomization does too, also one that only its target leads to", () => {
  const now = shop(SIZE, { name: "web", image: "acme/shop:1.4.2" });
  const inline = PATCH.replace(/^/gm, "      ").trim();
  for (const [target, patch] of [
    ["", inline],
    ["target: {kind: Deployment}", inline.replace("name: shop", "name: any")],
  ] as const) {
    const text = `patches:\n  - patch: |-\n      ${patch}\n${target && `    ${target}\n`}`;
    expect(followed(shop(APP), now, ["prod/kustomization.yaml", text])).toBe(text.replace("name: app #", "name: web #"));
  }
});

test("not one for something else", () => {
  const now = shop(SIZE, { name: "web", image: "acme/shop:1.4.2" });
  const text = `patches:\n  - target: {kind: StatefulSet}\n    patch: |-\n      ${PATCH.replace(/^/gm, "      ").trim()}\n`;
  expect(followed(shop(APP), now, ["prod/kustomization.yaml", text])).toBeUndefined();
});

test("a patch that got a name that no container has speaks of the one that lacks what it says", () => {
  const [sized, cache] = [
    { ...APP, resources: { limits: { memory: "128Mi" } } },
    { name: "cache", image: "acme/cache:1.0.0" },
  ];
  const now = shop({ ...SIZE, name: "shop" }, APP, cache);
  const patch = PATCH.replace("name: app #", "name: shop #");
  expect(followed(shop(sized, cache), now, ["prod/size.yaml", patch])).toBe(PATCH);
  // Nobody lacks it: the patch is new, and may be for either.
  expect(followed(shop(APP, cache), now, ["prod/size.yaml", patch])).toBeUndefined();
  // Two lack it.
  const both = shop(sized, { ...cache, resources: { limits: { memory: "64Mi" } } });
  expect(followed(both, now, ["prod/size.yaml", patch])).toBeUndefined();
});
