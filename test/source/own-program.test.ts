import { expect, test } from "vitest";
import { ownProgram } from "../../src/source/meant/own-program.ts";

test("who got another one's program runs its own, in the version that the others have", () => {
  expect(ownProgram("acme/indexer:0.9.1", "acme/router:0.39.0", ["acme/router:0.39.0", "acme/indexer:0.9.2", "acme/indexer:0.9.2"])).toBe("acme/indexer:0.9.2");
});

test.each([
  ["nobody else runs the new one", ["acme/indexer:0.9.2"]],
  ["nobody else runs the former", ["acme/router:0.39.0"]],
  ["others run several versions of the former", ["acme/router:0.39.0", "acme/indexer:0.9.2", "acme/indexer:0.9.1"]],
])("where %s, nobody can tell", (_, others) => expect(ownProgram("acme/indexer:0.9.1", "acme/router:0.39.0", others)).toBeUndefined());

test("another version is the same program", () => {
  expect(ownProgram("acme/indexer:0.9.1", "acme/indexer:0.9.2", ["acme/indexer:0.9.1", "acme/indexer:0.9.2"])).toBeUndefined();
});
