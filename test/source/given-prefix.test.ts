import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { prefixGiven } from "../../src/source/given-prefix.ts";

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
