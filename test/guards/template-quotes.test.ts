import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import { beyondQuotes, isTemplateQuoting, unseenWords } from "../../src/guards/text/template.ts";
import { isQuotedTemplate, quotedAction, quotedWhole } from "../../src/source/slips/template-quotes.ts";

describe("a line of a template with its value as a text", () => {
  test.each([
    ["  CACHE_MB: {{ .Values.cacheMb }}\n", "  CACHE_MB: {{ .Values.cacheMb | quote }}\n"],
    ["              value: {{ .Values.port | default 8080 }}\n", "              value: {{ .Values.port | default 8080 | quote }}\n"],
    ["  - {{- .Values.size -}}\n", "  - {{- .Values.size | quote -}}\n"],
    ['  "{{ $name }}": {{ $value }}\n', undefined],
    ["  {{ $name }}: {{ $value }}\n", "  {{ $name }}: {{ $value | quote }}\n"],
    ['  CACHE_MB: "{{ .Values.cacheMb }}"\n', undefined],
    ["  CACHE_MB: {{ .Values.cacheMb }}m\n", undefined],
    ["  CACHE_MB: {{ .Values.cacheMb | quote }}\n", undefined],
    ["  {{- toYaml .Values.resources | nindent 12 }}\n", undefined],
    ["  {{- if .Values.cacheMb }}\n", undefined],
    ["  # {{ .Values.cacheMb }}\n", undefined],
    ["  CACHE_MB: {{ .Values.cacheMb }} # {{ .Values.other }}\n", undefined],
  ])("%s", (line, quoted) => {
    expect(quotedAction(line)).toBe(quoted);
  });
});

test("a whole number of many digits is made one before it becomes a text", () => {
  const [line, whole] = ["  value: {{ .Values.max }}\n", "  value: {{ .Values.max | int64 | quote }}\n"];
  expect(quotedWhole(line)).toBe(whole);
  expect(quotedWhole("  value: {{ .Values.max | int }}\n")).toBeUndefined();
  expect(isQuotedTemplate("charts/web/templates/web.yaml", line, whole)).toBe(true);
  expect(isQuotedTemplate("charts/web/templates/web.yaml", line, whole.replace("max", "min"))).toBe(false);
});

const PATH = "charts/web/templates/settings.yaml";
const TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  CACHE_MB: {{ .Values.cacheMb }}\n";
const QUOTED = TEMPLATE.replace("cacheMb }}", "cacheMb | quote }}");

function settings(cacheMb: Json, more: Record<string, Json> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data: { CACHE_MB: cacheMb, ...more } };
}

function isQuoting(after: string, { path = PATH, ...more }: { path?: string } & Partial<Proposal> = {}): boolean {
  const proposal: Proposal = {
    origin: "playbook",
    failureClass: "invalid-manifest",
    rootCause: "",
    target: { object: { group: "", kind: "ConfigMap", namespace: "shop", name: "web" } },
    confidence: 0.7,
    quotes: [],
    documents: [],
    files: [{ path, text: after }],
    words: [],
    ...more,
  };
  const files = [{ path, text: TEMPLATE, lastGood: undefined }];
  return isTemplateQuoting({
    proposal,
    rendered: [settings(12)],
    texts: { files, paths: new Set(), beside: new Map(), configMaps: new Set(), hasLastGood: false },
  });
}

describe("the repair of a template", () => {
  test("is one that quotes a value", () => {
    expect(isQuoting(QUOTED)).toBe(true);
  });

  test.each([
    ["another line too", isQuoting(QUOTED.replace("name: web", "name: other"))],
    ["a line more", isQuoting(`${QUOTED}  ADMIN: {{ .Values.admin | quote }}\n`)],
    ["another function", isQuoting(QUOTED.replace("quote", "upper"))],
    ["another value", isQuoting(QUOTED.replace(".Values.cacheMb", ".Values.other"))],
    ["nothing", isQuoting(TEMPLATE)],
    ["a file that is no template", isQuoting(QUOTED, { path: "deploy/settings.yaml" })],
    ["another class of failures", isQuoting(QUOTED, { failureClass: "crash-on-start" })],
  ])("is none that changes %s", (_, judged) => {
    expect(judged).toBe(false);
  });

  const effect = (before: KubeObject, after: KubeObject) =>
    beyondQuotes(
      { files: [], before: { kind: "rendered", objects: [before], inputs: [] }, after: { kind: "rendered", objects: [after], inputs: [] }, alsoAffects: [] },
      changedObjects([before], [after]),
    ).map(({ rule }) => rule);

  test("makes texts of numbers and of booleans, and nothing else", () => {
    expect(effect(settings(12, { DEBUG: true }), settings("12", { DEBUG: "true" }))).toEqual([]);
    expect(effect(settings(1_000_000), settings("1e+06"))).toEqual(["unexplained"]);
    expect(effect(settings(12), settings("12", { ADMIN: "yes" }))).toEqual(["unexplained"]);
    expect(effect(settings(12), settings(12))).toEqual(["no-effect"]);
  });
});

describe("another word in a template", () => {
  const reworded = TEMPLATE.replace("name: web", "name: shop");
  const traced = { path: PATH, before: TEMPLATE, after: reworded, ground: "word" as const };
  const seen = (before: KubeObject, after: KubeObject) => unseenWords([traced], changedObjects([before], [after])).map(({ rule }) => rule);
  const labelled = (name: string): KubeObject => ({ ...settings("12"), metadata: { name: "web", labels: { name } } });

  test("has to show in what changes", () => {
    expect(seen(labelled("web"), labelled("shop"))).toEqual([]);
    expect(seen(labelled("web"), labelled("other"))).toEqual(["unseen-word"]);
    expect(seen(labelled("web"), labelled("web"))).toEqual(["unseen-word"]);
  });
});
