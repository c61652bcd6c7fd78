import { expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { expansionOf } from "../../src/source/meant/expansion.ts";

const DIR: Json = { name: "DIR", value: "/etc/shop" };
const file = (value: string): Json => ({ name: "FILE", value });

test.each<[string, Json[], string | undefined]>([
  ["defined only after it", [file("$(DIR)/app.conf"), DIR], "/etc/shop/app.conf"],
  ["defined before it, as it should be", [DIR, file("$(DIR)/app.conf")], undefined],
  ["defined nowhere", [file("$(DIR)/app.conf")], undefined],
  ["escaped", [file("$$(DIR)/app.conf"), DIR], undefined],
  ["no plain text", [file("$(DIR)/app.conf"), { name: "DIR", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }], undefined],
  ["itself a reference", [file("$(DIR)/app.conf"), { name: "DIR", value: "$(ROOT)/shop" }], undefined],
  ["one of two, and the other is defined before", [{ name: "ROOT", value: "/srv" }, file("$(ROOT)$(DIR)"), DIR], "$(ROOT)/etc/shop"],
])("what a variable refers to is %s", (_, env, after) => {
  expect(expansionOf("FILE", env)?.after).toBe(after);
});
