import { expect, test } from "vitest";
import { neededValues } from "../../src/source/slips/needed-values.ts";

const ERROR = 'template: billing/templates/worker.yaml:3:20: executing "w" at <.Values.global.database.host>: nil pointer evaluating interface {}.host';
const files = (web: string, live: { lastGood: string; text: string }) => [
  { path: "chart/Chart.yaml", text: "name: billing\nversion: 1.0.0\n", lastGood: undefined },
  { path: "chart/templates/worker.yaml", text: "a: {{ .Values.global.database.host }}\n", lastGood: undefined },
  { path: "chart/templates/web.yaml", text: web, lastGood: undefined },
  { path: "live/values.yaml", ...live },
];
const THEN = "global:\n  region: eu\n  database:\n    host: db\n";
const NOW = "global:\n  region: eu\ndatabase:\n  host: db\n  tls: true\n";

test("a value that moved comes back where a template still reads it, and stays", () => {
  expect(neededValues(files("b: {{ .Values.database.host }}\n", { lastGood: THEN, text: NOW }), ERROR).map(({ after }) => after)).toEqual([
    "global:\n  region: eu\n  database:\n    host: db\ndatabase:\n  host: db\n  tls: true\n",
  ]);
});

test.each([
  ["where nobody reads it", files("b: 1\n", { lastGood: THEN, text: NOW })],
  ["nowhere", files("b: {{ .Values.database.host }}\n", { lastGood: THEN, text: "global:\n  region: eu\n" })],
  ["where it was", files("b: {{ .Values.database.host }}\n", { lastGood: THEN, text: THEN })],
])("one that stands now %s does not", (_, all) => expect(neededValues(all, ERROR)).toEqual([]));
