import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import { isTemplateEntry, isTemplateExpression, isTemplateWriting, unseenWords } from "../../src/guards/text/template.ts";

const PATH = "charts/web/templates/web.yaml";
const TEMPLATE = "kind: Deployment\nspec:\n  {{- if .Values.calm }}\n  paused: true\n  {{- end }}\n  minReadySeconds: 5\n  replicas: {{ .Values.replicas }}\n";
const GROWN = TEMPLATE.replace("  minReadySeconds", "  revisionHistoryLimit: 3\n  minReadySeconds");

function workload(spec: { [field: string]: Json }): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { minReadySeconds: 5, replicas: 2, ...spec } };
}

function proposalOf(path: string, text: string, failureClass: Proposal["failureClass"]): Proposal {
  return {
    origin: "playbook",
    failureClass,
    rootCause: "",
    target: { object: { group: "apps", kind: "Deployment", namespace: "shop", name: "web" } },
    confidence: 0.7,
    quotes: [],
    documents: [],
    files: [{ path, text }],
    words: [],
  };
}

function isWriting(text: string, { failureClass = "pod-security" as Proposal["failureClass"], path = PATH, rendered = [workload({})] } = {}): boolean {
  const proposal = proposalOf(path, text, failureClass);
  const texts = {
    files: [{ path, text: TEMPLATE, lastGood: undefined }],
    paths: new Set<string>(),
    beside: new Map(),
    configMaps: new Set<string>(),
    hasLastGood: false,
  };
  const subject = { proposal, rendered, texts };
  return isTemplateWriting(subject) && isTemplateEntry(subject, { path, text });
}

describe("entries of a template", () => {
  test("may come and go in plain YAML, and are judged by what they render", () => {
    expect(isWriting(GROWN)).toBe(true);
    expect(isWriting(TEMPLATE.replace("  minReadySeconds: 5\n", ""))).toBe(true);
  });

  test.each([
    ["an action with them", isWriting(TEMPLATE.replace("  minReady", "  paused: {{ .Values.stop }}\n  minReady"))],
    ["a condition that goes with them", isWriting(TEMPLATE.replace("  {{- if .Values.calm }}\n  paused: true\n  {{- end }}\n", ""))],
    ["a file that is no template", isWriting(GROWN, { path: "deploy/web.yaml" })],
    ["a class of failures that nobody fixes", isWriting(GROWN, { failureClass: "rbac-forbidden" })],
    ["a source that cannot be rendered", isWriting(GROWN, { rendered: [] })],
  ])("are none with %s", (_, judged) => expect(judged).toBe(false));

  const unseen = (after: string, was: KubeObject, is: KubeObject) =>
    unseenWords([{ path: PATH, before: TEMPLATE, after, ground: "entry" }], changedObjects([was], [is])).map(({ rule }) => rule);

  test("have to show in what changes, those that go as well", () => {
    const limited = workload({ revisionHistoryLimit: 3 });
    expect(unseen(GROWN, workload({}), limited)).toEqual([]);
    expect(unseen(GROWN.replace("  paused: true\n", "  paused: true\n  progressDeadlineSeconds: 900\n"), workload({}), limited)).toEqual([
      "unseen-word",
      "unseen-word",
    ]);
    expect(unseen(GROWN.replace("  paused: true\n", ""), workload({}), limited)).toEqual(["unseen-word", "unseen-word"]);
  });
});

describe("one value of a template that is computed otherwise", () => {
  const settings = "charts/web/templates/settings.yaml";
  const map = 'kind: ConfigMap\nmetadata:\n  name: {{ include "web.fullname" . }}-settings\n';
  const template = "spec:\n  configMap:\n    name: {{ .Release.Name }}-settings\n  path: {{ .Values.basePath }}/health\n";
  const is = (after: string) => {
    const files = [
      { path: PATH, text: template, lastGood: undefined },
      { path: settings, text: map, lastGood: undefined },
    ];
    const texts = { files, paths: new Set<string>(), beside: new Map(), configMaps: new Set<string>(), hasLastGood: false };
    return isTemplateExpression({ proposal: proposalOf(PATH, after, "config-missing"), rendered: [workload({})], texts });
  };

  test("is made as the chart makes the name itself, or loses what stands before it", () => {
    expect(is(template.replace("{{ .Release.Name }}-settings", '{{ include "web.fullname" . }}-settings'))).toBe(true);
    expect(is(template.replace("{{ .Values.basePath }}/health", "/health"))).toBe(true);
  });

  test.each([
    ["an expression that no name has", template.replace("{{ .Release.Name }}-settings", "{{ .Values.admin }}-settings")],
    ["more than one line", template.replaceAll(/\{\{ \.\w+\.\w+ \}\}/g, "")],
    ["a lookup in the cluster", template.replace("{{ .Release.Name }}-settings", '{{ lookup "v1" "Secret" "web" "root" }}')],
  ])("is none with %s", (_, after) => expect(is(after)).toBe(false));
});
