import { describe, expect, test } from "vitest";
import { hasOtherExpression, namesMade, withExpression, withoutAction } from "../../src/source/slips/template-expressions.ts";

const NAME = '{{ include "shop.fullname" . }}-settings';

describe("a line that computes its value", () => {
  test.each([
    ["  path: {{ .Values.basePath }}/health\n", ["  path: /health\n"]],
    ["  httpGet: {path: {{ .Values.basePath }}/health, port: http}\n", ["  httpGet: {path: /health, port: http}\n"]],
    ["  name: {{ .Release.Name }}-{{ .Values.color }}-web\n", ["  name: -{{ .Values.color }}-web\n", "  name: {{ .Release.Name }}--web\n"]],
    ["  port: {{ .Values.port }}\n", []],
    ["  {{- if .Values.on }}x{{ end }}\n", []],
    ["  # {{ .Values.basePath }}/health\n", []],
  ])("%s without an action", (line, without) => expect(withoutAction(line)).toEqual(without));

  test.each([
    ["            name: {{ .Release.Name }}-settings\n", `            name: ${NAME}\n`],
    ["        - configMapRef: {{ .Release.Name }}\n", `        - configMapRef: ${NAME}\n`],
    ["  name: settings\n", undefined],
    ["  {{ .Release.Name }}\n", undefined],
    [`  name: ${NAME}\n`, undefined],
  ])("%s with another expression", (line, other) => expect(withExpression(line, NAME)).toBe(other));
});

test("a template makes a name right below an object's metadata", () => {
  const text = `kind: ConfigMap\nmetadata:\n  name: ${NAME}\n  labels:\n    name: {{ .Release.Name }}\n---\nkind: Service\nmetadata:\n  labels: {}\n  name: x\n`;
  expect(namesMade(text)).toEqual([NAME]);
});

describe("a template in which one value is computed otherwise", () => {
  const PATH = "chart/templates/web.yaml";
  const TEXT = "spec:\n  name: {{ .Release.Name }}-settings\n  path: {{ .Values.basePath }}/health\n";
  const maps = [`metadata:\n  name: ${NAME}\n`];
  const is = (after: string, path = PATH) => hasOtherExpression(path, TEXT, after, maps);

  test("is one", () => {
    expect(is(TEXT.replace("{{ .Release.Name }}-settings", NAME))).toBe(true);
    expect(is(TEXT.replace("{{ .Values.basePath }}", ""))).toBe(true);
  });

  test.each([
    ["an expression of its own", is(TEXT.replace("{{ .Release.Name }}-settings", "{{ .Values.other }}"))],
    ["two lines", is(TEXT.replace("{{ .Release.Name }}-settings", NAME).replace("{{ .Values.basePath }}", ""))],
    ["an action less and a word more", is(TEXT.replace("{{ .Values.basePath }}/health", "/ready"))],
    ["a line less", is(TEXT.replace("  path: {{ .Values.basePath }}/health\n", ""))],
    ["another file", is(TEXT.replace("{{ .Values.basePath }}", ""), "deploy/web.yaml")],
    ["nothing", is(TEXT)],
  ])("is none with %s", (_, judged) => expect(judged).toBe(false));
});
