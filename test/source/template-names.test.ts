import { expect, test } from "vitest";
import { nearMatch } from "../../src/diagnosis/near-match.ts";
import { templateNames } from "../../src/source/slips/template-names.ts";

const FILE = "chart/templates/shop.yaml";
const HELPERS = '{{- define "shop.labels" -}}\napp: shop\n{{- end }}\n{{- define "shop.selector" -}}\nshop: x\n{{- end }}\n';

/** The files with the right name, of a template in which one is wrong. */
function named(text: string, error: string, more: Record<string, string> = {}) {
  const texts = { [FILE]: text, "chart/templates/_helpers.tpl": HELPERS, "chart/values.yaml": "image: {tag: 1}\nports: {http: 80}\nname: shop\n", ...more };
  const files = Object.entries(texts).map(([path, one]) => ({ path, text: one, lastGood: undefined }));
  return templateNames(files, error, (wrong, right) => nearMatch(wrong, [right]) === right).map(({ path, after }) => `${path}\n${after}`);
}

test("a template that no file defines", () => {
  const error = 'error calling include:\ntemplate: no template "shop.labls" associated with template "gotpl"';
  expect(named('{{ include "shop.labls" . }}\n', error)).toEqual([`${FILE}\n{{ include "shop.labels" . }}\n`]);
  expect(named('{{ include "shop.name" . }}\n', error.replace("labls", "name"))).toEqual([]);
});

test("a template of another chart, where this one has one of that name", () => {
  const error = (name: string) => `error calling include:\ntemplate: no template "${name}" associated with template "gotpl"`;
  expect(named('{{ include "till.labels" . }}\n', error("till.labels"))).toEqual([`${FILE}\n{{ include "shop.labels" . }}\n`]);
  expect(named('{{ include "till.name" . }}\n', error("till.name"))).toEqual([]);
  expect(named('{{ include "till.labels" . }}\n', error("till.labels"), { "chart/templates/_till.tpl": '{{- define "till.selector" -}}{{ end }}' })).toEqual(
    [],
  );
});

test("with all that is called by the other chart's prefix, where this one has all of it", () => {
  const error = 'error calling include:\ntemplate: no template "till.labels" associated with template "gotpl"';
  const both = '{{ include "till.labels" . }}\n{{ include "till.selector" . }}\n';
  expect(named(both, error)).toEqual([`${FILE}\n${both.replaceAll("till.", "shop.")}`]);
  expect(named(both.replace("selector", "name"), error)).toEqual([`${FILE}\n{{ include "shop.labels" . }}\n{{ include "till.name" . }}\n`]);
});

test("a function that does not exist, in its line", () => {
  const error = 'parse error at (shop/templates/shop.yaml:2): function "toYml" not defined';
  expect(named("# toYml\n{{ toYml .Values.image }}\n", error)).toEqual([`${FILE}\n# toYml\n{{ toYaml .Values.image }}\n`]);
});

test("a value whose key nobody sets", () => {
  const error = 'executing "shop/templates/shop.yaml" at <.Values.imag.tag>:\n    nil pointer evaluating interface {}.tag';
  expect(named("image: {{ .Values.imag.tag }}\n", error)).toEqual([`${FILE}\nimage: {{ .Values.image.tag }}\n`]);
  expect(named("image: {{ .Values.imag.tag }}\n", error, { "env/prod.yaml": "imag: {tag: 2}\n" })).toEqual([]);
  expect(named("image: {{ .Values.colour.tag }}\n", error.replace("imag", "colour"))).toEqual([]);
});

test("a value in a group that is elsewhere now", () => {
  const error = 'executing "shop/templates/shop.yaml" at <.Values.image.tag>:\n    nil pointer evaluating interface {}.tag';
  const moved = { "chart/values.yaml": "global: {image: {tag: 1}}\n" };
  expect(named("image: {{ .Values.image.tag }}\n", error, moved)).toEqual([`${FILE}\nimage: {{ .Values.global.image.tag }}\n`]);
  expect(named("image: {{ .Values.image.tag }}\n", error, { "chart/values.yaml": "global: {image: {name: x}}\n" })).toEqual([]);
  expect(named("image: {{ .Values.image.tag }}\n", error, { "chart/values.yaml": "web: {image: {tag: 1}}\nworker: {image: {tag: 2}}\n" })).toEqual([]);
});

test("a value of the root where the dot is something else, in its line", () => {
  const error =
    'Error: shop/templates/shop.yaml:2:20\n  executing "shop/templates/shop.yaml" at <.Values.image.tag>:\n    nil pointer evaluating interface {}.image';
  const text = (value: string) => `{{- range .Values.ports }}\n- {{ . }} of {{ ${value} }}\n{{- end }}\n{{ .Values.image.tag }}\n`;
  expect(named(text(".Values.image.tag"), error)).toEqual([`${FILE}\n${text("$.Values.image.tag")}`]);
  expect(named(text("$.Values.image.tag"), error)).toEqual([]);
});

test("nothing for another error", () => {
  expect(named('{{ include "shop.labls" . }}\n', "yaml: line 3: mapping values are not allowed")).toEqual([]);
});

test("a value that stands where the chart wants a group now", () => {
  const error = `executing "shop/templates/shop.yaml" at <.Values.probes.ready.path>:\n    can't evaluate field path in type interface {}`;
  const chart = { "chart/Chart.yaml": "name: shop\nversion: 1.0.0\n", "chart/values.yaml": "probes:\n  ready: {path: /ready, period: 4}\n" };
  const template = "path: {{ .Values.probes.ready.path }}\n";
  const values = (text: string) => named(template, error, { ...chart, "env/prod.yaml": text });
  expect(values("probes:\n  ready: /up # as ever\n")).toEqual(["env/prod.yaml\nprobes:\n  ready: {path: /up} # as ever\n"]);
  expect(values("probes:\n  ready: 4\n")).toEqual([]);
  expect(named(template, error, { ...chart, "a.yaml": "probes: {ready: /a}\n", "b.yaml": "probes: {ready: /b}\n" })).toEqual([]);
});
