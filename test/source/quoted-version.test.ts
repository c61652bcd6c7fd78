import { expect, test } from "vitest";
import { quotedVersions } from "../../src/source/slips/quoted-version.ts";

const chart = (text: string, path = "chart/Chart.yaml") => quotedVersions([{ path, text, lastGood: undefined }]).map(({ change }) => change.after);

test("a version that reads as another number gets quotes", () => {
  expect(chart("name: shop\nappVersion: 1.10 # next\n")).toEqual([`name: shop\nappVersion: "1.10" # next\n`]);
});

test.each([["1.2"], ["1.10.2"], [`"1.10"`], ["v1.10"]])("appVersion: %s is what it says", (version) => expect(chart(`appVersion: ${version}\n`)).toEqual([]));

test("only a chart has such a version", () => expect(chart("appVersion: 1.10\n", "chart/values.yaml")).toEqual([]));
