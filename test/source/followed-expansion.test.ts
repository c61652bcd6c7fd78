import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { followedExpansion, followedVariable } from "../../src/source/meant/followed-expansion.ts";

const container = (...env: [name: string, value: string][]): Json => ({ env: env.map(([name, value]) => ({ name, value })) });
const URL = "postgres://db/cart";
const then = container(["DB_URL", URL], ["LOCALE", "de"]);
const followed = (now: Json, text = "--db=$(DB_URL)") => followedExpansion(then, now, text);

describe("a reference to a variable in a command", () => {
  test("follows its new name", () => expect(followed(container(["DATABASE_URL", URL], ["LOCALE", "de"]))).toBe("--db=$(DATABASE_URL)"));
  test("and leaves others as they are", () => {
    expect(followed(container(["DATABASE_URL", URL], ["LOCALE", "de"]), "$(DB_URL) $(LOCALE) $$(DB_URL)")).toBe("$(DATABASE_URL) $(LOCALE) $$(DB_URL)");
  });

  test.each<[string, Json]>([
    ["where it is there still", then],
    ["where what came has another value", container(["DATABASE_URL", "postgres://other/cart"], ["LOCALE", "de"])],
    ["where two came", container(["DATABASE_URL", URL], ["DSN", URL])],
    ["where nothing came", container(["LOCALE", "de"])],
  ])("and stays %s", (_, now) => expect(followed(now)).toBeUndefined());
});

describe("a reference to a variable in another variable", () => {
  const DSN = "$(DB_URL)?lang=$(LOCALE)";
  const before = container(["DB_URL", URL], ["LOCALE", "de"], ["DSN", DSN]);
  const meant = (now: Json) => followedVariable(before, now, "DSN");

  test("follows its new name", () => {
    expect(meant(container(["DATABASE_URL", URL], ["LOCALE", "de"], ["DSN", DSN]))).toBe("$(DATABASE_URL)?lang=$(LOCALE)");
  });

  test.each<[string, Json]>([
    ["where it is there still", before],
    ["where the new name stands after it", container(["LOCALE", "de"], ["DSN", DSN], ["DATABASE_URL", URL])],
    ["where what came has another value", container(["DATABASE_URL", "postgres://other/cart"], ["LOCALE", "de"], ["DSN", DSN])],
    ["where another reference leads nowhere too", container(["DATABASE_URL", URL], ["DSN", DSN])],
  ])("and stays %s", (_, now) => expect(meant(now)).toBeUndefined());
});
