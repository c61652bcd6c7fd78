import { describe, expect, test } from "vitest";
import { withoutPlus } from "../../src/source/slips/template-plus.ts";
import { isRewordedTemplate, newWords } from "../../src/source/slips/template-words.ts";

describe("a chart's version in a label, without the plus sign of its build", () => {
  test.each([
    ["helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}\n", 'helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}\n'],
    [
      'helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}\n',
      'helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}\n',
    ],
    ['helm.sh/chart: "{{ .Chart.Name }}-{{ .Chart.Version -}}"\n', 'helm.sh/chart: "{{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" -}}"\n'],
    ['helm.sh/chart: {{ .Chart.Version | replace "+" "_" }}\n', undefined],
    ["version: {{ .Chart.AppVersion }}\n", undefined],
  ])("%s", (line, after) => {
    expect(withoutPlus(line)).toBe(after);
  });

  test("is one way to word a template, and brings no word of its own", () => {
    const before = "metadata:\n  labels:\n    helm.sh/chart: {{ .Chart.Version }}\n";
    const after = before.replace("Version }}", 'Version | replace "+" "_" }}');
    expect(isRewordedTemplate("chart/templates/web.yaml", before, after)).toBe(true);
    expect(newWords(before, after)).toEqual([]);
    expect(isRewordedTemplate("chart/templates/web.yaml", before, after.replace('"_"', '"-"'))).toBe(false);
  });
});
