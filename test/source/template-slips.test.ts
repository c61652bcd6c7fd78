import { describe, expect, test } from "vitest";
import { lineSlipsMended } from "../../src/source/slips/line-slips.ts";
import { actionMended, sleeperMended } from "../../src/source/slips/template-slips.ts";

describe("an action of a template", () => {
  test.each([
    ["that has to begin a line", "        {{ toYaml . | indent 8 }}\n", "        {{- toYaml . | nindent 8 }}\n"],
    ["that asks the dot for what the root has", "  value: {{ .Release.Name | quote }}\n", "  value: {{ $.Release.Name | quote }}\n"],
    ["that does so twice", '  {{ include "web" .Values.web }}-{{ .Chart.Name }}\n', '  {{ include "web" $.Values.web }}-{{ $.Chart.Name }}\n'],
  ])("%s is mended, also where it slept", (_, line, mended) => {
    expect(actionMended(line)).toContain(mended);
    expect(sleeperMended(line)).toContain(mended);
  });

  test.each([
    ["at the beginning of a line", "{{ toYaml . | indent 8 }}\n"],
    ["that asks the root already", "  value: {{ $.Release.Name }}\n"],
    ["that asks for a part of its own called alike", "  value: {{ .web.Values.port }}\n"],
    ["outside of actions", "  value: .Values.port\n"],
  ])("%s is as it should be", (_, line) => expect(sleeperMended(line)).toEqual([]));
});

test("a brace is looked for only in lines that the commit touched", () => {
  const lastGood = "a: {{ .Values.a }\nb: 1\n";
  expect(lineSlipsMended({ path: "chart/templates/web.yaml", text: lastGood.replace("b: 1", "b: 2"), lastGood })).not.toContain("a: {{ .Values.a }}\nb: 2\n");
});
