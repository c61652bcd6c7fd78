import { expect, test } from "vitest";
import { otherBeginning } from "../../src/source/image-reference.ts";

test.each([
  ["acme//shop:1.4.2", "acme/shop:1.4.2", { from: "acme/", to: "acme" }],
  ["registry.old/acme/shop:1", "registry.new/acme/shop:1", { from: "registry.old", to: "registry.new" }],
  ["acme/shop:1.4.2", "acme/shop:1.4.1", undefined],
  ["shop:1", "shap:1", undefined],
  ["acme/shop:1", "acme/shop:1", undefined],
])("from %s to %s another beginning is %j", (before, after, parts) => {
  expect(otherBeginning(before, after)).toEqual(parts);
});
