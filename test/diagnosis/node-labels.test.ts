import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { misspeltKey, misspeltLabel, onlyTaintedFit } from "../../src/diagnosis/playbook/scheduling/node-labels.ts";

const node = (labels: Record<string, string>): KubeObject => ({ apiVersion: "v1", kind: "Node", metadata: { name: "node", labels } });
const selecting = (labels: Record<string, string>): JsonObject => ({ nodeSelector: labels });
const affine = (...expressions: JsonObject[]): JsonObject => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] } } },
});
const within = (key: string, ...values: string[]): JsonObject => ({ key, operator: "In", values });

const meant = (podSpec: JsonObject, ...nodes: Record<string, string>[]) => {
  const found = misspeltLabel(podSpec, nodes.map(node));
  return found && [found.path.at(-1), found.before, found.after];
};

const TEAM = "acme.example/team";

describe("the only value that nodes have is meant", () => {
  test.each<[string, JsonObject, Record<string, string>, unknown]>([
    ["by case", affine(within("kubernetes.io/os", "Linux")), { "kubernetes.io/os": "linux" }, [0, "Linux", "linux"]],
    ["by one typing error", selecting({ [TEAM]: "platfrom" }), { [TEAM]: "platform" }, [TEAM, "platfrom", "platform"]],
    ["in one word of several", selecting({ [TEAM]: "storge-2" }), { [TEAM]: "storage-2" }, [TEAM, "storge-2", "storage-2"]],
    [
      "by a platform that there is not",
      selecting({ "kubernetes.io/arch": "amd46" }),
      { "kubernetes.io/arch": "amd64" },
      ["kubernetes.io/arch", "amd46", "amd64"],
    ],
    ["among conditions that hold", affine(within(TEAM, "Storage"), { key: "gpu", operator: "DoesNotExist" }), { [TEAM]: "storage" }, [0, "Storage", "storage"]],
  ])("%s", (_, podSpec, labels, found) => expect(meant(podSpec, labels, labels)).toEqual(found));
});

test("of several values the only one like it is meant", () => {
  expect(meant(selecting({ zone: "eu1-a" }), { zone: "eu-1a" }, { zone: "eu-1b" })).toEqual(["zone", "eu1-a", "eu-1a"]);
});

describe("a label whose name no node knows", () => {
  const pool = (labels: Record<string, string>) => misspeltKey(selecting({ "acme.example/pol": "general" }), [node(labels)])?.after;

  test("is the one with that value and nearly that name", () => expect(pool({ "acme.example/pool": "general" })).toBe("acme.example/pool"));
  test("is none with another value", () => expect(pool({ "acme.example/pool": "batch" })).toBeUndefined());
  test("is none with another name", () => expect(pool({ "acme.example/tier": "general" })).toBeUndefined());
});

describe("nodes that a pod asks for and that are closed to it", () => {
  const tainted = { ...node({ pool: "memory" }), spec: { taints: [{ key: "dedicated", value: "memory", effect: "NoSchedule" }] } };
  const tolerating = (key: string): JsonObject => ({ ...selecting({ pool: "memory" }), tolerations: [{ key, operator: "Exists" }] });

  test("are to blame, not the selector", () => expect(onlyTaintedFit(selecting({ pool: "memory" }), [tainted, node({ pool: "general" })])).toBe(true));
  test("are open to who tolerates it", () => expect(onlyTaintedFit(tolerating("dedicated"), [tainted])).toBe(false));
  test("stay closed to who tolerates something else", () => expect(onlyTaintedFit(tolerating("gpu"), [tainted])).toBe(true));
  test("are not what a wrong selector asks for", () => expect(onlyTaintedFit(selecting({ pool: "memroy" }), [tainted])).toBe(false));
});

describe("nothing is meant", () => {
  test.each<[string, JsonObject, Record<string, string>[]]>([
    ["where a number differs", selecting({ zone: "eu-west-1" }), [{ zone: "eu-west-2" }]],
    ["where a single letter differs", selecting({ zone: "eu-west-1a" }), [{ zone: "eu-west-1b" }]],
    ["of short words", selecting({ disk: "ssd" }), [{ disk: "sst" }]],
    ["of another platform", selecting({ "kubernetes.io/arch": "arm64" }), [{ "kubernetes.io/arch": "amd64" }]],
    ["of another word", selecting({ [TEAM]: "payments" }), [{ [TEAM]: "storage" }]],
    ["where two are as near", selecting({ [TEAM]: "storage1" }), [{ [TEAM]: "storage-1" }, { [TEAM]: "storage_1" }]],
    ["where other nodes have that very value", selecting({ [TEAM]: "Storage", disk: "fast" }), [{ [TEAM]: "storage", disk: "fast" }, { [TEAM]: "Storage" }]],
    ["where no node has the label", selecting({ [TEAM]: "Storage" }), [{}]],
    ["where another condition fails as well", selecting({ [TEAM]: "Storage", disk: "fast" }), [{ [TEAM]: "storage" }]],
    ["where two are misspelt", selecting({ [TEAM]: "Storage", rack: "Upper" }), [{ [TEAM]: "storage", rack: "upper" }]],
    ["where a node fits already", selecting({ [TEAM]: "storage" }), [{ [TEAM]: "storage" }]],
    ["where a field of the node is asked for", unnamed(), [{ [TEAM]: "storage" }]],
  ])("%s", (_, podSpec, nodes) => expect(meant(podSpec, ...nodes)).toBeUndefined());

  function unnamed(): JsonObject {
    const term = { matchExpressions: [within(TEAM, "Storage")], matchFields: [within("metadata.name", "node-9")] };
    return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } } };
  }
});
