// Ways in which one delivery does without what others keep, from the wanted change to the approved files.
import { describe, expect, test } from "vitest";
import type { DiagnosisInput, Finding } from "../../src/diagnosis/diagnosis.ts";
import { propose } from "../../src/diagnosis/propose.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { permittedPlaces } from "../../src/repair.ts";
import { tryEditFiles } from "../../src/source/document-edits.ts";
import { type FieldPath, getIn } from "../../src/source/field-path.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { unifiedDiff } from "../../src/source/patch.ts";
import { treeOf } from "../source/tree.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { BOUNDS } from "./situation.ts";

const fetched = await fetchRenderers();
const OLD_CACHE: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }, "env", { key: "name", value: "OLD_CACHE" }];

const shop = (env: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: acme/shop:1.9
          env:
${env}`;
const LOG_LEVEL = "            - name: LOG_LEVEL\n              value: info\n";
const VARIABLE = "            - name: OLD_CACHE\n              value: on-disk\n";
const BASE = { "base/kustomization.yaml": "resources:\n  - shop.yaml\n", "dev/kustomization.yaml": "resources:\n  - ../base\n" };
const STRATEGIC = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          env:
            - name: ZONE
              value: north
`;
const inside = (text: string) => text.replaceAll(/^(?=.)/gm, "      ");
const OPERATION = "- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value:\n    name: OLD_CACHE\n    value: on-disk\n";
const OTHER = '- op: add\n  path: /metadata/annotations\n  value:\n    team: "shop"\n';

/** A variable that came since the last good revision goes; what every guard says of it. */
async function judged(files: Record<string, string>, good: Record<string, string>): Promise<string> {
  const settings = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    name: "shop",
    directory: { recurse: false, include: "", exclude: "" },
  } as const;
  const git = { kind: "git", url: "https://git.example/shop", branch: "main", path: "prod", settings, defaultBranch: "main" } as const;
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  const workspace = openWorkspace({ tree: treeOf(files), source: git, renderers });
  const [before, then] = [await workspace.render(), await openWorkspace({ tree: treeOf({ ...files, ...good }), source: git, renderers }).render()];
  if (before.kind !== "rendered" || then.kind !== "rendered") throw new Error("it cannot be rendered");
  const object = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
  const finding: Finding & { action: { kind: "fix" } } = {
    failureClass: "crash-on-start",
    rootCause: "The program does not know the cache on disk any more.",
    target: { object, container: "shop" },
    quotes: [{ evidenceId: "E1", quote: "CrashLoopBackOff" }],
    confidence: 0.8,
    action: {
      kind: "fix",
      changes: [{ object, path: OLD_CACHE, before: getIn(before.objects[0], OLD_CACHE), after: undefined }],
      words: ["takes it away"],
    },
  };
  const rendered = before.objects;
  const proposed = await propose({ workspace, rendered, documents: await workspace.documentsFor(object) } as unknown as DiagnosisInput, finding);
  if (proposed.kind === "not-proposed") return "no place";
  const gate: GateInput = {
    proposal: proposed.proposal,
    target: object,
    evidence: { items: [{ id: "E1", kind: "container", source: "pod", text: "CrashLoopBackOff" }], omitted: 0, redactions: {} },
    offered: proposed.documents,
    permitted: await permittedPlaces(workspace, proposed.proposal, proposed.documents, rendered),
    rendered,
    lastGood: then.objects,
    knownImages: [],
    tried: [],
    bounds: BOUNDS,
  };
  const verdict = guardProposal(gate);
  const told = ({ findings }: typeof verdict.report) => findings.map(({ guard, rule }) => `${guard}/${rule}`);
  if (verdict.kind === "refused") return `refused ${told(verdict.report).join(", ")}`;
  const edited = await tryEditFiles(workspace.tree, verdict.edits);
  if (edited.kind === "refused") throw new Error(edited.message);
  const outcome = guardChange(gate, verdict, { files: edited.files, before, after: await workspace.renderWith(edited.files), alsoAffects: [] });
  const lines = unifiedDiff(edited.files).split("\n");
  return [[outcome.kind, ...told(outcome.report)].join(" "), ...lines.filter((line) => /^[-+](?![-+])|^\+\+\+/.test(line))].join("\n");
}

describe.skipIf(fetched.kind === "unavailable")("a variable that only this delivery does without", () => {
  const shared = { ...BASE, "base/shop.yaml": shop(LOG_LEVEL + VARIABLE) };
  const good = { "base/shop.yaml": shop(LOG_LEVEL) };

  test("is ordered away in a new patch", async () => {
    expect(await judged({ ...shared, "prod/kustomization.yaml": "resources:\n  - ../base\n" }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +patches:
      +  - path: shop-deployment-patch.yaml
      +++ b/prod/shop-deployment-patch.yaml
      +apiVersion: apps/v1
      +kind: Deployment
      +metadata:
      +  name: shop
      +spec:
      +  template:
      +    spec:
      +      containers:
      +        - name: shop
      +          env:
      +            - name: OLD_CACHE
      +              $patch: delete"
    `);
  });

  test("is ordered away in the patch that is there, also inside of the kustomization", async () => {
    const patches = "resources:\n  - ../base\npatches:\n  - ";
    expect(await judged({ ...shared, "prod/kustomization.yaml": `${patches}path: shop.yaml\n`, "prod/shop.yaml": STRATEGIC }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/shop.yaml
      +            - name: OLD_CACHE
      +              $patch: delete"
    `);
    expect(await judged({ ...shared, "prod/kustomization.yaml": `${patches}patch: |-\n${inside(STRATEGIC)}` }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +                  - name: OLD_CACHE
      +                    $patch: delete"
    `);
  });

  test("goes with the operation that adds it", async () => {
    const world = { ...BASE, "base/shop.yaml": shop(LOG_LEVEL) };
    const target = "resources:\n  - ../base\npatches:\n  - target: {kind: Deployment, name: shop}\n    ";
    const kustomization = `${target}path: shop.yaml\n`;
    const file = { ...world, "prod/kustomization.yaml": kustomization, "prod/shop.yaml": OPERATION + OTHER };
    expect(await judged(file, { "prod/shop.yaml": OTHER })).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/shop.yaml
      -  path: /spec/template/spec/containers/0/env/-
      -  value:
      -    name: OLD_CACHE
      -    value: on-disk"
    `);
    const text = (operations: string) => ({ "prod/kustomization.yaml": `${target}patch: |-\n${inside(operations)}` });
    expect(await judged({ ...world, ...text(OPERATION + OTHER) }, text(OTHER))).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      -        path: /spec/template/spec/containers/0/env/-
      -        value:
      -          name: OLD_CACHE
      -          value: on-disk
      -      - op: add"
    `);
  });

  test("goes from the values that the template writes out", async () => {
    const template = shop("            {{- toYaml .Values.env | nindent 12 }}\n");
    const chart = { "prod/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n", "prod/templates/shop.yaml": template };
    const values = "env:\n  - name: LOG_LEVEL\n    value: info\n";
    const files = { ...chart, "prod/values.yaml": `${values}  - name: OLD_CACHE\n    value: on-disk\n` };
    expect(await judged(files, { "prod/values.yaml": values })).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/values.yaml
      -  - name: OLD_CACHE
      -    value: on-disk"
    `);
  });
});
