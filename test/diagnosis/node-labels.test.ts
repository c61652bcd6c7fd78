import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { misspeltLabel } from "../../src/diagnosis/playbook/node-labels.ts";

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

describe("nothing is meant", () => {
  test.each<[string, JsonObject, Record<string, string>[]]>([
    ["where a number differs", selecting({ zone: "eu-west-1" }), [{ zone: "eu-west-2" }]],
    ["where a single letter differs", selecting({ zone: "eu-west-1a" }), [{ zone: "eu-west-1b" }]],
    ["of short words", selecting({ disk: "ssd" }), [{ disk: "sst" }]],
    ["of another platform", selecting({ "kubernetes.io/arch": "arm64" }), [{ "kubernetes.io/arch": "amd64" }]],
    ["of another word", selecting({ [TEAM]: "payments" }), [{ [TEAM]: "storage" }]],
    ["where nodes differ", selecting({ [TEAM]: "Storage" }), [{ [TEAM]: "storage" }, { [TEAM]: "payments" }]],
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
