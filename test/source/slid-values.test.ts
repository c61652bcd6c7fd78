import { expect, test } from "vitest";
import { slidValues } from "../../src/source/slips/slid-values.ts";

const GOOD = "env:\n  LEVEL: info\nsettings:\n  PAGE: 4\n";
const SLID = "env:\n  LEVEL: info\n  settings:\n    PAGE: 8\n";
const TEMPLATE = "env: {{ toYaml .Values.env }}\ndata: {{ toYaml .Values.settings }}\n";

/** What a value file is corrected to, for a chart with that template. */
function back(text: string, lastGood = GOOD, template = TEMPLATE): string[] {
  const chart = { "chart/Chart.yaml": "name: shop\nversion: 0.1.0\n", "chart/values.yaml": "env: {}\nsettings: {}\n", "chart/templates/all.yaml": template };
  const files = Object.entries(chart).map(([path, same]) => ({ path, text: same, lastGood: same }));
  return slidValues([...files, { path: "prod.yaml", text, lastGood }]).map(({ change }) => change.after);
}

test("a group comes out of another one, with what it says today", () => {
  expect(back(SLID)).toEqual([GOOD.replace("4", "8")]);
});

test("not to where no template reads it, or where it never stood", () => {
  expect(back(SLID, GOOD, "env: {{ toYaml .Values.env }}\n")).toEqual([]);
  expect(back(SLID, "env:\n  LEVEL: info\n")).toEqual([]);
  expect(back(GOOD)).toEqual([]);
});
