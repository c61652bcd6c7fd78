import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { neededPlacement } from "../../src/diagnosis/playbook/scheduling/needed-placement.ts";
import { diffFields, formatPath } from "../../src/source/edit/field-path.ts";

const SPEC = ["spec", "template", "spec"];
const node = (labels: Record<string, string>): KubeObject => ({ apiVersion: "v1", kind: "Node", metadata: { name: "node-1", labels } });
const NODES = [node({ arch: "amd64", os: "linux", pool: "web" })];

function web(podSpec: Record<string, Json>): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template: { spec: podSpec } } };
}

const asking = (...expressions: [key: string, ...values: string[]][]): Record<string, Json> => {
  const matchExpressions = expressions.map(([key, ...values]) => ({ key, operator: "In", values }));
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } } };
};

/** What goes back of a commit between these. */
function back(then: Record<string, Json>, now: Record<string, Json>, nodes = NODES): string[] {
  const blamed = diffFields(web(then), web(now));
  return neededPlacement(blamed, web(now), SPEC, nodes).map(({ path, before }) => `${formatPath(path.slice(-2))} = ${JSON.stringify(before ?? null)}`);
}

describe("of what a commit asks of a pod's node, only that goes back which no node has", () => {
  test("one label of a selector", () => {
    expect(back({ nodeSelector: { pool: "web" } }, { nodeSelector: { pool: "shop", os: "linux" } })).toEqual(['nodeSelector.pool = "web"']);
    expect(back({}, { nodeSelector: { lifecycle: "spot", os: "linux" } })).toEqual(["nodeSelector.lifecycle = null"]);
  });

  test("one expression of an affinity", () => {
    expect(back(asking(["arch", "amd64"]), asking(["arch", "arm64"], ["os", "linux"]))).toEqual(['[0].values = ["amd64"]']);
    expect(back(asking(["arch", "amd64"]), asking(["arch", "amd64"], ["pool", "shop"], ["os", "linux"]))).toEqual(["matchExpressions[1] = null"]);
  });

  test("all of it where something went, in whose place it came", () => {
    const renamed = back({ nodeSelector: { "node-pool": "web" } }, { nodeSelector: { "acme/node-pool": "web", os: "linux" } });
    expect(renamed).toHaveLength(3);
  });

  test("all of it where one alone is not enough, or no nodes are known", () => {
    const both = ['nodeSelector.pool = "web"', 'nodeSelector.os = "linux"'];
    expect(back({ nodeSelector: { pool: "web", os: "linux" } }, { nodeSelector: { pool: "shop", os: "windows" } })).toEqual(both);
    expect(back({ nodeSelector: { pool: "web" } }, { nodeSelector: { pool: "shop", os: "linux" } }, [])).toHaveLength(2);
  });
});
