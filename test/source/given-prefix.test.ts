import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { prefixGiven, prefixTooMuch } from "../../src/source/meant/given-prefix.ts";

const MAP: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "db" }, data: { URL: "postgres://db", POOL: "8" } };
const taking = (prefix?: string): Json => ({ envFrom: [{ configMapRef: { name: "flags" } }, { ...(prefix ? { prefix } : {}), configMapRef: { name: "db" } }] });

test("a container lacks the prefix with which others take the same variables", () => {
  expect(prefixGiven(taking(), [taking(), taking("DATABASE_")], [MAP], "DATABASE_URL")).toEqual({ index: 1, prefix: "DATABASE_" });
});

test("not for another variable, beside two prefixes that fit, or where it has one", () => {
  expect(prefixGiven(taking(), [taking("DATABASE_")], [MAP], "DATABASE_HOST")).toBeUndefined();
  expect(prefixGiven(taking(), [taking("DB_")], [MAP], "DATABASE_URL")).toBeUndefined();
  expect(prefixGiven(taking("DB_"), [taking("DATABASE_")], [MAP], "DATABASE_URL")).toBeUndefined();
});

const prefixed = (...sources: [prefix: string, map: string][]): Json => ({
  envFrom: sources.map(([prefix, name]) => ({ ...(prefix === "" ? {} : { prefix }), configMapRef: { name } })),
});

test("a prefix is too much without which the missed variable would be there", () => {
  expect(prefixTooMuch(prefixed(["DATABASE_", "flags"], ["SHOP_", "db"]), [MAP], "URL")).toEqual({ index: 1, prefix: "SHOP_" });
});

test("not beside a source without a prefix, for another variable, or where the container is told of one with it", () => {
  expect(prefixTooMuch(prefixed(["", "flags"], ["REPLICA_", "db"]), [MAP], "URL")).toBeUndefined();
  expect(prefixTooMuch(prefixed(["SHOP_", "db"]), [MAP], "HOST")).toBeUndefined();
  expect(prefixTooMuch(prefixed(["SHOP_", "db"], ["CART_", "db"]), [MAP], "URL")).toBeUndefined();
  expect(prefixTooMuch({ ...(prefixed(["SHOP_", "db"]) as object), args: ["--pool=$(SHOP_POOL)"] }, [MAP], "URL")).toBeUndefined();
});
