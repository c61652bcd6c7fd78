import { expect, test } from "vitest";
import { sleptText } from "../../src/guards/text/slept.ts";

const BLOCK = "          env:\n            {{- if .Values.api.locale }}\n            - name: LOCALE\n            {{- end }}\n            - name: OTHER\n";
const slept = (keys: string[], text = BLOCK, path = "chart/templates/deployment.yaml") => sleptText([{ path, text, lastGood: text }], new Set(keys)).trim();

test("what stands below a condition on a value is explained by who sets the value, and no more", () => {
  expect(slept(["locale"])).toBe("- name: LOCALE");
});

test.each([
  ["another value was set", slept(["timezone"])],
  ["only what holds the value was touched", slept(["api"])],
  ["the file is no template", slept(["locale"], BLOCK, "live/values.yaml")],
  ["the block has no end near it", slept(["locale"], BLOCK.replace("{{- end }}", "# no end"))],
])("nothing is, where %s", (_, text) => expect(text).toBe(""));
