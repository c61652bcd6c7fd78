import { describe, expect, test } from "vitest";
import { doubledKeys } from "../../src/source/slips/doubled-key.ts";
import { respeltKeys } from "../../src/source/slips/respelt-keys.ts";
import type { BasisFile } from "../../src/source/slips/text-basis.ts";

const GOOD = "config:\n  DB_HOST: a\n  LEVEL: info\n";
const CHART: BasisFile = { path: "chart/Chart.yaml", text: "name: shop\n", lastGood: "name: shop\n" };
const isAlmost = (wrong: string, right: string) => wrong[0] === right[0] && wrong.length === right.length;

function mended(text: string, lastGood: string | null = GOOD, others: BasisFile[] = [CHART]): string[] {
  return respeltKeys([...others, { path: "prod.yaml", text, lastGood: lastGood ?? undefined }], isAlmost).map(({ change }) => change.after);
}

describe("a key of values that is spelt otherwise since all was well", () => {
  test.each([
    ["with its value", "config:\n  DB_HOTS: a\n  LEVEL: info\n", GOOD],
    ["with another value", "config:\n  DB_HOTS: b\n  LEVEL: info\n", "config:\n  DB_HOST: b\n  LEVEL: info\n"],
    ["as a group", "confgi:\n  DB_HOST: a\n  LEVEL: info\n", GOOD],
  ])("is spelt as before: %s", (_, text, after) => expect(mended(text)).toEqual([after]));

  test.each([
    ["the right one is there as well", mended("config:\n  DB_HOTS: a\n  DB_HOST: a\n  LEVEL: info\n")],
    ["none like it went", mended("config:\n  DB_HOST: a\n  LEVEL: info\n  DB_HOTS: a\n")],
    ["it was so before", mended("config:\n  DB_HOTS: a\n  LEVEL: warn\n", "config:\n  DB_HOTS: a\n  LEVEL: info\n")],
    ["it is in another group", mended("other:\n  DB_HOTS: a\nconfig:\n  LEVEL: info\n")],
    ["two like it went", mended("config:\n  DB_HOTS: a\n", "config:\n  DB_HOST: a\n  DB_PORT: b\n")],
    ["a group came for a value", mended("config:\n  DB_HOTS:\n    A: b\n  LEVEL: info\n")],
    ["there is no chart", mended("config:\n  DB_HOTS: a\n  LEVEL: info\n", GOOD, [])],
    ["the file came", mended("config:\n  DB_HOTS: a\n", null)],
  ])("stays where %s", (_, found) => expect(found).toEqual([]));
});

test("a mapping stands twice in a file since all was well, and not before", () => {
  const twice = `${GOOD}config:\n  TZ: b\n`;
  const found = (lastGood: string) => doubledKeys([{ path: "prod.yaml", text: twice, lastGood }]).map(({ key }) => key);
  expect(found(GOOD)).toEqual(["config"]);
  expect(found(`size: 2\n${twice}`)).toEqual([]);
});
