import { describe, expect, it } from "vitest";
import type { Json, JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { compare } from "../../src/guards/compare.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import { yamlDocuments } from "../../src/source/edit/yaml-documents.ts";
import type { OfferedDocument } from "../../src/source/workspace.ts";
import { BOUNDS } from "./situation.ts";

const patch = (container: JsonObject, pod: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "search" },
  spec: { template: { spec: { containers: [{ name: "search", ...container }], ...pod } } },
});
const DOCUMENT: OfferedDocument = { id: "D1", file: "prod/patch.yaml", index: 0, role: "patch", text: "", value: patch({ env: [{ name: "A", value: "1" }] }) };
const inline = (value: Json, list: "patches" | "patchesStrategicMerge" = "patches"): JsonObject => {
  const text = `# of prod\n${JSON.stringify(value)}\n`;
  return { kind: "Kustomization", resources: ["../base"], [list]: list === "patches" ? [{ patch: text }] : [text] };
};
const settings = (value: Json): OfferedDocument => ({ id: "D1", file: "prod/kustomization.yaml", index: 0, role: "settings", text: "", value });

/** What is left of a corrected document, and by which rules the rest of it went. */
function judged(offered: OfferedDocument, value: Json, failureClass: "crash-on-start" | "out-of-memory" = "crash-on-start") {
  const target = { group: "apps", kind: "Deployment", namespace: "prod", name: "search" };
  const input: GateInput = {
    proposal: {
      origin: "playbook",
      failureClass,
      rootCause: "",
      target: { object: target, container: "search" },
      confidence: 1,
      quotes: [],
      documents: [],
      words: [],
    },
    target,
    evidence: { items: [], omitted: 0, redactions: {} },
    offered: [offered],
    permitted: [],
    rendered: yamlDocuments(JSON.stringify(patch({ image: "acme/search:1" }))).map((one) => one.value as KubeObject),
    knownImages: [],
    tried: [],
    bounds: BOUNDS,
  };
  const { documents, findings } = compare(input, [{ offered, value }]);
  return { final: documents[0]?.final, rules: findings.map(({ rule }) => rule) };
}

const GONE = { name: "B", $patch: "delete" };

describe("a patch without an item of its base", () => {
  it("may order a variable to go where the class is about variables", () => {
    const value = patch({ env: [{ name: "A", value: "1" }, GONE] });
    expect(judged(DOCUMENT, value)).toEqual({ final: value, rules: [] });
    const own = patch({ env: [{ name: "A", $patch: "delete" }] });
    expect(judged(DOCUMENT, own)).toEqual({ final: own, rules: [] });
  });

  it.each([
    ["where the class is about something else", patch({ env: [{ name: "A", value: "1" }, GONE] }), "out-of-memory"],
    [
      "to replace",
      patch({
        env: [
          { name: "A", value: "1" },
          { name: "B", $patch: "replace" },
        ],
      }),
      "crash-on-start",
    ],
    ["for a container", { ...patch({ $patch: "delete", env: [{ name: "A", value: "1" }] }) }, "crash-on-start"],
    ["for a pod", patch({ env: [{ name: "A", value: "1" }] }, { $patch: "delete" }), "crash-on-start"],
    [
      "in other words",
      patch({
        env: [
          { name: "A", value: "1" },
          { name: "B", "$deleteFromPrimitiveList/x": ["a"] },
        ],
      }),
      "crash-on-start",
    ],
  ] as const)("gives no order %s", (_, value, failureClass) => {
    expect(judged(DOCUMENT, value, failureClass).rules).toContain("patch-directive");
  });
});

describe("a patch that is text in a kustomization", () => {
  const before = patch({ env: [{ name: "A", value: "1" }] });

  it.each(["patches", "patchesStrategicMerge"] as const)("changes as a file of its own may (%s)", (list) => {
    for (const env of [
      [{ name: "A", value: "2" }],
      [{ name: "A", value: "1" }, GONE],
      [
        { name: "A", value: "1" },
        { name: "C", value: "3" },
      ],
    ]) {
      const value = inline(patch({ env }), list);
      expect(judged(settings(inline(before, list)), value)).toEqual({ final: value, rules: [] });
    }
  });

  it.each([
    ["another field", patch({ env: [{ name: "A", value: "2" }], image: "evil/search:1" }), "out-of-memory"],
    ["the host's network", patch({ env: [{ name: "A", value: "2" }] }, { hostNetwork: true }), "crash-on-start"],
    ["another object", { ...patch({ env: [{ name: "A", value: "2" }] }), metadata: { name: "cart" } }, "crash-on-start"],
    ["a loader", patch({ env: [{ name: "LD_PRELOAD", value: "/x.so" }] }), "crash-on-start"],
    ["no object at all", "text", "crash-on-start"],
  ] as const)("does not become %s", (_, value, failureClass) => {
    const offered = settings(inline(before));
    const { final, rules } = judged(offered, inline(value), failureClass);
    expect(final).toEqual(offered.value);
    expect(rules.length).toBeGreaterThan(0);
  });

  it("of another object stays as it is", () => {
    const other = (env: Json): JsonObject => ({ ...patch({ env }), kind: "StatefulSet" });
    const offered = settings(inline(other([{ name: "A", value: "1" }])));
    expect(judged(offered, inline(other([{ name: "A", value: "2" }]))).final).toEqual(offered.value);
  });
});
