import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import { beyondMisnamed, isMisnamed } from "../../src/guards/text/misnamed.ts";

const VALUES = "env/prod.yaml";
const TEXTS: Record<string, string> = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "chart/templates/shop.yaml": "{{ toYaml .Values.env }} {{ .Values.tag }}",
  [VALUES]: "environment: {A: b}\ntag: 1.4.1\n",
};
const TARGET = { group: "apps", kind: "Deployment", namespace: "", name: "shop" };

function workload(container: Record<string, Json>, name = "shop"): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec: { template: { spec: { containers: [{ name: "shop", ...container }] } } } };
}

function judged(text: string, failureClass = "crash-on-start"): boolean {
  const files = Object.entries(TEXTS).map(([path, one]) => ({ path, text: one, lastGood: undefined }));
  const input = { proposal: { failureClass, files: [{ path: VALUES, text }] }, rendered: [workload({})], texts: { files }, evidence: { items: [] } };
  return isMisnamed(input as unknown as GateInput);
}

describe("a repair of values", () => {
  test("renames the key that nothing reads", () => expect(judged("env: {A: b}\ntag: 1.4.1\n")).toBe(true));

  test.each([
    ["changes a value as well", judged("env: {A: c}\ntag: 1.4.1\n")],
    ["renames a key that is read", judged("environment: {A: b}\ntags: 1.4.1\n")],
    ["gives it another name", judged("envs: {A: b}\ntag: 1.4.1\n")],
    ["is for a failure that no manifest causes", judged("env: {A: b}\ntag: 1.4.1\n", "rbac-forbidden")],
  ])("and not where it %s", (_, isAllowed) => expect(isAllowed).toBe(false));
});

describe("a repair of values of which the chart takes whatever is there", () => {
  const good = "config:\n  DB_HOST: a\n  ZONE: b\n";
  const allowed = (base: string, text: string, lastGood: string | undefined = good, failureClass = "crash-on-start") => {
    const files = [
      ...["chart/Chart.yaml", "chart/templates/shop.yaml"].map((path) => ({ path, text: TEXTS[path] ?? "", lastGood: TEXTS[path] ?? "" })),
      { path: VALUES, text: base, lastGood },
    ];
    const input = {
      proposal: { failureClass, files: [{ path: VALUES, text }] },
      rendered: [workload({})],
      texts: { files },
      evidence: { items: [] },
    };
    return isMisnamed(input as unknown as GateInput);
  };
  const bad = good.replace("HOST", "HOTS");
  const twice = `${good}config:\n  TZ: c\n`;

  test("spells a key as it was, or makes one mapping of two", () => {
    expect(allowed(bad, good)).toBe(true);
    expect(allowed(twice, "config:\n  DB_HOST: a\n  ZONE: b\n  TZ: c\n")).toBe(true);
  });

  test.each([
    ["another value comes with it", allowed(bad, good.replace(": a", ": evil"))],
    ["the API server refuses the field", allowed(bad, good, good, "invalid-manifest")],
    ["another key is renamed", allowed(bad, bad.replace("ZONE", "ZONES"))],
    ["the key was never there", allowed(bad, good, "config:\n  ZONE: b\n")],
    ["it is another key and no misspelling", allowed(good.replace("DB_HOST", "DATABASE"), good)],
    ["the second mapping wins less", allowed(twice, "config:\n  DB_HOST: a\n  ZONE: d\n  TZ: c\n")],
    ["it stood twice before", allowed(twice, "config:\n  DB_HOST: a\n  ZONE: b\n  TZ: c\n", `${twice}size: 2\n`)],
  ])("and not where %s", (_, isAllowed) => expect(isAllowed).toBe(false));
});

describe("what it does to the rendered objects", () => {
  const rules = (before: KubeObject[], after: KubeObject[]) =>
    beyondMisnamed({ target: TARGET, rendered: before } as unknown as GateInput, changedObjects(before, after)).map(({ rule }) => rule);
  const env: Json = [{ name: "A", value: "b" }];

  test("is about what fails", () => {
    expect(rules([workload({})], [workload({ env })])).toEqual([]);
    expect(rules([workload({}), workload({}, "other")], [workload({}), workload({ env }, "other")])).toEqual(["no-effect"]);
  });

  test("brings nothing new into being", () => {
    expect(rules([workload({})], [workload({ env }), workload({}, "other")])).toEqual(["unexplained"]);
  });

  test("and nothing dangerous", () => {
    expect(rules([workload({})], [workload({ env, securityContext: { privileged: true } })])).toEqual(["privileged"]);
    expect(rules([workload({ env: [] })], [workload({ env: [{ name: "LD_PRELOAD", value: "/x.so" }] })])).toContain("loader-variable");
  });
});

test("a generator takes variables as a file: what the failing object reads changes, and nothing else of it may", () => {
  const map = (data: Record<string, string>): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });
  const reader = workload({ envFrom: [{ configMapRef: { name: "settings" } }] });
  const rules = (before: KubeObject[], after: KubeObject[]) =>
    beyondMisnamed({ target: TARGET, rendered: before } as unknown as GateInput, changedObjects(before, after)).map(({ rule }) => rule);
  expect(rules([reader, map({ "a.env": "A=b\n" })], [reader, map({ A: "b" })])).toEqual([]);
  expect(rules([workload({}), map({ "a.env": "A=b\n" })], [workload({}), map({ A: "b" })])).toEqual(["no-effect"]);
});
