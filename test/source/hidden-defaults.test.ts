import { expect, test } from "vitest";
import { hiddenDefaults } from "../../src/source/slips/hidden-defaults.ts";

const CHART = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "chart/templates/shop.yaml": "env:\n  {{- toYaml .Values.app.env | nindent 2 }}\n",
};
const DEFAULTS = "app:\n  env:\n    - name: PORT\n      value: '8080'\n    - name: CURRENCY\n      value: EUR\n";
const VALUES = "env/prod.yaml";

/** Where CURRENCY comes to, and how. */
function shown(values: string, defaults = DEFAULTS) {
  const texts = { ...CHART, "chart/values.yaml": defaults, [VALUES]: values };
  const files = Object.entries(texts).map(([path, text]) => ({ path, text, lastGood: undefined }));
  return hiddenDefaults(files, "CURRENCY").map(({ list, change }) => [list, change.path, change.after]);
}

test("a list takes the place of the default one, which has a variable more", () => {
  const values = "app:\n  env:   # of production\n    - name: PORT\n      value: '9000'\n";
  expect(shown(values)).toEqual([["app.env", VALUES, `${values}    - name: CURRENCY\n      value: EUR\n`]]);
});

test.each([
  ["the default list holds where there is no other", "app: {}\n", DEFAULTS],
  ["what the list has is not hidden", "app:\n  env: [{name: CURRENCY, value: USD}]\n", DEFAULTS],
  [
    "what comes from a Secret is not copied",
    "app:\n  env: [{name: PORT, value: '1'}]\n",
    "app:\n  env:\n    - name: CURRENCY\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n",
  ],
])("%s", (_, values, defaults) => expect(shown(values, defaults)).toEqual([]));
