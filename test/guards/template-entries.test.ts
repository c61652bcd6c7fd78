import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import { isTemplateEntry, isTemplateWriting, unseenWords } from "../../src/guards/text/template.ts";

const PATH = "charts/web/templates/web.yaml";
const TEMPLATE = "kind: Deployment\nspec:\n  {{- if .Values.calm }}\n  paused: true\n  {{- end }}\n  minReadySeconds: 5\n  replicas: {{ .Values.replicas }}\n";
const GROWN = TEMPLATE.replace("  minReadySeconds", "  revisionHistoryLimit: 3\n  minReadySeconds");

function workload(spec: { [field: string]: Json }): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { minReadySeconds: 5, replicas: 2, ...spec } };
}

function isWriting(text: string, { failureClass = "pod-security" as Proposal["failureClass"], path = PATH, rendered = [workload({})] } = {}): boolean {
  const proposal: Proposal = {
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
