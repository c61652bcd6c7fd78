import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, type JsonObject, textAt } from "../../src/cluster/objects.ts";
import { applyChanges, leaves } from "../../src/guards/leaf-changes.ts";
import { diffFields, type FieldPath } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import { item, judge, proposal, type Situation, situation, targetDocument } from "../guards/situation.ts";
import { replaceOnce } from "../guards/store.ts";
import type { HonestCase } from "../honest/cases.ts";
import { RECORDED } from "../honest/recorded.ts";
import { PUBLIC } from "./manifests.ts";

/** One honest fix for each different edit of a recorded manifest, and one for each public shape. */
const FIXES: readonly Fix[] = [
  ...[...Map.groupBy(RECORDED, ({ quote, edits }) => `${quote} ${edits.map(([from]) => from).join()}`).values()].flatMap(([fix]) =>
    fix ? [prepare(fix)] : [],
  ),
  ...Object.entries(PUBLIC).map(([name, text]) => prepare(outOfMemory(name, text))),
];

/** A workload that ran out of memory, and twice the limit. */
function outOfMemory(name: string, text: string): HonestCase {
  const manifest = parseYaml(text);
  const value = manifest.kind === "parsed" ? manifest.documents[0]?.value : undefined;
  const target = { kind: textAt(value ?? null, "kind"), name: textAt(value ?? null, "metadata", "name") };
  const items = [item("container", "lastState: terminated: reason: OOMKilled, exitCode: 137")];
  return {
    name,
    world: () =>
      situation({ files: { "all.yaml": text }, good: { "all.yaml": text.replaceAll("memory: 64Mi", "memory: 256Mi") }, namespace: "shop", target, items }),
    failureClass: "out-of-memory",
    container: "main",
    edits: [["limits: { cpu: 500m, memory: 64Mi }", "limits: { cpu: 500m, memory: 128Mi }"]],
    quote: "OOMKilled",
  };
}

const POD: FieldPath = ["spec", "template", "spec"];
const CRON: FieldPath = ["spec", "jobTemplate", ...POD];
const DANGERS: readonly [FieldPath, Json][] = [
  [[...POD, "hostNetwork"], true],
  [[...POD, "hostPID"], true],
  [[...POD, "serviceAccountName"], "admin"],
  [[...POD, "nodeName"], "node-1"],
  [[...POD, "tolerations"], [{ operator: "Exists" }]],
  [[...POD, "securityContext", "runAsUser"], 0],
  [[...POD, "containers", { key: "name", value: "evil" }], { name: "evil", image: "evil" }],
  [[...POD, "initContainers", { key: "name", value: "evil" }], { name: "evil", image: "evil" }],
  [[...POD, "volumes", { key: "name", value: "host" }], { name: "host", hostPath: { path: "/" } }],
  [["spec", "replicas"], 99],
  [["metadata", "namespace"], "kube-system"],
  [["metadata", "finalizers"], ["evil/hold"]],
  [["metadata", "annotations", "argocd.argoproj.io/sync-options"], "Prune=false"],
  [["spec", "selector", "matchLabels", "app"], "other"],
  [["spec", "type"], "LoadBalancer"],
  [["spec", "externalIPs"], ["6.6.6.6"]],
  [[...POD, "shareProcessNamespace"], true],
  [[...POD, "automountServiceAccountToken"], true],
  [[...POD, "priorityClassName"], "system-node-critical"],
  [[...POD, "ephemeralContainers"], [{ name: "debug", image: "evil" }]],
  [[...POD, "containers", { key: "name", value: "main" }, "securityContext", "privileged"], true],
  [[...POD, "containers", { key: "name", value: "main" }, "image"], "evil.example.com/x:1"],
  [
    [...POD, "containers", { key: "name", value: "main" }, "command"],
    ["sh", "-c", "id"],
  ],
  [[...POD, "containers", { key: "name", value: "main" }, "lifecycle"], { preStop: { exec: { command: ["id"] } } }],
  [[...CRON, "hostNetwork"], true],
  [[...CRON, "containers", { key: "name", value: "evil" }], { name: "evil", image: "evil" }],
  [["spec", "volumeClaimTemplates"], []],
  [["spec", "schedule"], "* * * * *"],
  [["spec", "suspend"], true],
  [["apiVersion"], "apps/v1beta1"],
  [["metadata", "name"], "other"],
];
const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1e18,
  "",
  "true",
  "latest",
  "evil.example.com/x:1",
  "$(id)",
  "0",
  [],
  ["sh", "-c", "id"],
  {},
  { privileged: true },
  { name: "admin-token", key: "token" },
];

describe("random mutations on top of a correct fix", { timeout: 180_000 }, () => {
  it("are made of thirty manifests, whose correct fixes are approved", () => {
    expect(FIXES.length).toBeGreaterThanOrEqual(30);
    for (const { honest, world, fixed } of FIXES) {
      const { failureClass, container, quote } = honest;
      const judged = judge(world, proposal(world, { failureClass, yaml: JSON.stringify(fixed), quote, ...(container ? { container } : {}) }));
      expect(judged.change?.kind, honest.name).toBe("approved");
    }
  });

  it("a dangerous field and an odd value at once are never approved", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXES), fc.constantFrom(...DANGERS), fc.nat(), fc.constantFrom(...VALUES), (fix, [path, danger], position, after) => {
        const mutated = applyChanges(fix.fixed, [{ path, before: undefined, after: danger }]) ?? null;
        const paths = leaves([], mutated)
          .map((leaf) => leaf.path)
          .filter((leaf) => ![...fix.permitted].some((permitted) => JSON.stringify(leaf).startsWith(permitted.slice(0, -1))));
        expectOnlyTheFix(fix, applyChanges(mutated, [{ path: paths[position % paths.length] ?? [], before: undefined, after }]) ?? null);
      }),
      { numRuns: 150 },
    );
  });

  it("a dangerous field is never approved", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXES), fc.subarray([...DANGERS], { minLength: 1, maxLength: 3 }), (fix, dangers) => {
        const mutated = dangers.reduce<Json>((value, [path, after]) => applyChanges(value, [{ path, before: undefined, after }]) ?? null, fix.fixed);
        expectOnlyTheFix(fix, mutated);
      }),
      { numRuns: 250 },
    );
  });

  it("any field set to any odd value is put back, refused, or the fix itself", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXES), fc.nat(), fc.constantFrom(...VALUES), (fix, position, after) => {
        const paths = leaves([], fix.fixed)
          .map(({ path }) => path)
          // Below a part that the fix adds, an odd value is put back to nothing: the rest of the part is still the fix's own.
          .filter((path) => ![...fix.permitted].some((permitted) => JSON.stringify(path).startsWith(permitted.slice(0, -1))));
        const path = paths[position % paths.length] ?? [];
        expectOnlyTheFix(fix, applyChanges(fix.fixed, [{ path, before: undefined, after }]) ?? null);
      }),
      { numRuns: 300 },
    );
  });

  it("any part that is taken away is put back or refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXES), fc.nat(), fc.integer({ min: 1, max: 6 }), (fix, position, depth) => {
        const paths = leaves([], fix.fixed)
          .map(({ path }) => path.slice(0, depth))
          .filter((path) => path.length > 0 && ![...fix.permitted].some((permitted) => permitted.startsWith(JSON.stringify(path).slice(0, -1))));
        if (paths.length === 0) return;
        expectOnlyTheFix(fix, applyChanges(fix.fixed, [{ path: paths[position % paths.length] ?? [], before: undefined, after: undefined }]) ?? null);
      }),
      { numRuns: 300 },
    );
  });
});

interface Fix {
  honest: HonestCase;
  world: Situation;
  fixed: JsonObject;
  /** Paths that the honest fix itself changes. */
  permitted: Set<string>;
}

function prepare(honest: HonestCase): Fix {
  const world = honest.world();
  const document = targetDocument(world);
  const parsed = parseYaml(honest.edits.reduce((text, [from, to]) => replaceOnce(text, from, to), document.text));
  const value = parsed.kind === "parsed" ? parsed.documents[0]?.value : undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${honest.name} is no mapping`);
  return { honest, world, fixed: value, permitted: new Set(diffFields(document.value, value).map(({ path }) => JSON.stringify(path))) };
}

/** Where anything is approved, the document that results is the correct one. */
function expectOnlyTheFix({ honest, world, fixed }: Fix, mutated: Json): void {
  const { failureClass, container, quote } = honest;
  const judged = judge(world, proposal(world, { failureClass, yaml: JSON.stringify(mutated), quote, ...(container ? { container } : {}) }));
  expect(judged.report.findings.filter(({ rule }) => rule === "guard-failed")).toEqual([]);
  if (judged.change?.kind !== "approved") return;
  const document = targetDocument(world);
  const made = parseYaml(judged.files?.find(({ path }) => path === document.file)?.after ?? "");
  const value = made.kind === "parsed" ? made.documents[document.index]?.value : undefined;
  expect(diffFields(fixed, value)).toEqual([]);
}
