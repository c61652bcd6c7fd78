import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { followedKey } from "../../src/source/meant/followed-key.ts";

const pods = (kind: string, spec: JsonObject): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "prices", namespace: "shop" },
  spec: { template: { spec } },
});
const mounting = (key: string, map = "settings") =>
  pods("Deployment", { volumes: [{ name: "config", configMap: { name: map, items: [{ key, path: "app.properties" }] } }] });
const asking = (key: string) =>
  pods("StatefulSet", { containers: [{ name: "app", env: [{ name: "CURRENCY", valueFrom: { configMapKeyRef: { name: "settings", key } } }] }] });

test("a key is called what another reader asks for since then", () => {
  expect(followedKey([asking("currency")], [asking("base-currency")], "settings", "currency")).toBe("base-currency");
});

test("it is called what another reader gives out as a file of the old name, also where nothing of before is known", () => {
  expect(followedKey([], [mounting("money.properties")], "settings", "app.properties")).toBe("money.properties");
});

test("not what another map gives out so, nor one of two", () => {
  expect(followedKey([], [mounting("money.properties", "other")], "settings", "app.properties")).toBeUndefined();
  expect(followedKey([], [mounting("money.properties"), mounting("log.properties")], "settings", "app.properties")).toBeUndefined();
  expect(followedKey([], [mounting("app.properties")], "settings", "app.properties")).toBeUndefined();
});
