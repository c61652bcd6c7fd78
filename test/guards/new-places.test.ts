import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DeliveryManifest, RenderSettings } from "../../src/cluster/delivery.ts";
import type { refOf } from "../../src/cluster/objects.ts";
import type { DiagnosisInput, Finding, Proposal } from "../../src/diagnosis/diagnosis.ts";
import { propose } from "../../src/diagnosis/propose.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { permittedPlaces } from "../../src/repair.ts";
import { tryEditFiles } from "../../src/source/edit/document-edits.ts";
import { getIn } from "../../src/source/edit/field-path.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { OfferedDocument, Workspace } from "../../src/source/workspace.ts";
import { treeOf } from "../source/tree.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { BOUNDS } from "./situation.ts";

const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Layouts that need kustomize or helm are skipped: ${fetched.reason}`);
const LAYOUTS = join(import.meta.dirname, "../layouts");
const EVIDENCE: Evidence = {
  items: [{ id: "E1", kind: "container", source: "pod", text: "shop: OOMKilled, exit code 137, limit 96Mi; ErrImagePull acme/shop:1.9: not found" }],
  omitted: 0,
  redactions: {},
};

function openLayout(name: string): {
  workspace: Workspace;
  changes: { object: ReturnType<typeof refOf>; path: (string | { key: string; value: string })[]; after: string }[];
} {
  const { source, changes } = JSON.parse(readFileSync(join(LAYOUTS, name, "layout.json"), "utf8")) as {
    source: { tool: "argocd" | "flux"; path: string; settings: Partial<RenderSettings>; manifest?: DeliveryManifest };
    changes: { object: ReturnType<typeof refOf>; path: (string | { key: string; value: string })[]; after: string }[];
  };
  const folder = join(LAYOUTS, name, "before");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = Object.fromEntries(
    entries.map(({ parentPath, name: file }) => [join(parentPath, file).slice(folder.length + 1), readFileSync(join(parentPath, file), "utf8")]),
  );
  const directory = { recurse: false, include: "", exclude: "" };
  const settings: RenderSettings = { namespace: "prod", namespaceMode: "default", tool: source.tool, name: "shop", directory, ...source.settings };
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  const git = { kind: "git", url: "https://git.example/shop", branch: "main", path: source.path, settings, defaultBranch: "main" } as const;
  return { workspace: openWorkspace({ tree: treeOf(files), source: source.manifest ? { ...git, manifest: source.manifest } : git, renderers }), changes };
}

/** The playbook's way: a wanted change of the rendered object, the documents that say it, and every guard. */
async function judged(
  name: string,
  failureClass: Proposal["failureClass"],
  tamper: (proposal: Proposal, documents: OfferedDocument[]) => Proposal = (proposal) => proposal,
) {
  const { workspace, changes } = openLayout(name);
  const before = await workspace.render();
  const rendered = before.kind === "rendered" ? before.objects : [];
  const [wanted] = changes.filter(({ path }) => path.at(-1) === (failureClass === "out-of-memory" ? "memory" : "image"));
  const object = rendered.find(({ kind }) => kind === "Deployment");
  if (!wanted || !object) throw new Error(`${name} has no such change`);
  const finding: Finding & { action: { kind: "fix" } } = {
    failureClass,
    rootCause: "The shop fails since the last commit.",
    target: { object: wanted.object, container: "shop" },
    quotes: [{ evidenceId: "E1", quote: failureClass === "out-of-memory" ? "OOMKilled, exit code 137" : "ErrImagePull acme/shop:1.9: not found" }],
    confidence: 0.9,
    action: {
      kind: "fix",
      changes: [{ object: wanted.object, path: wanted.path, before: getIn(object, wanted.path), after: wanted.after }],
      words: ["puts it right"],
    },
  };
  const input = { workspace, rendered, documents: await workspace.documentsFor(wanted.object) } as unknown as DiagnosisInput;
  const proposed = await propose(input, finding);
  if (proposed.kind === "not-proposed") throw new Error(proposed.reason);
  const proposal = tamper(proposed.proposal, proposed.documents);
  const gate: GateInput = {
    proposal,
    target: wanted.object,
    evidence: EVIDENCE,
    offered: proposed.documents,
    permitted: await permittedPlaces(workspace, proposal, proposed.documents, rendered),
    rendered,
    knownImages: ["acme/shop:1.8", "acme/shop:1.4.2", "acme/shop:2.1"],
    tried: [],
    bounds: BOUNDS,
  };
  const verdict = guardProposal(gate);
  if (verdict.kind === "refused") return { findings: verdict.report.findings.map(({ guard, rule }) => `${guard}/${rule}`) };
  const edited = await tryEditFiles(workspace.tree, verdict.edits);
  if (edited.kind === "refused") throw new Error(edited.message);
  const made = { files: edited.files, before, after: await workspace.renderWith(edited.files), alsoAffects: await workspace.alsoAffects(edited.files) };
  const outcome = guardChange(gate, verdict, made);
  return { kind: outcome.kind, findings: outcome.report.findings.map(({ guard, rule }) => `${guard}/${rule}`), diff: unifiedDiff(edited.files) };
}

const expected = (name: string) => readFileSync(join(LAYOUTS, name, "expected.diff"), "utf8");

describe.skipIf(fetched.kind === "unavailable")("places that a fix makes or finds outside of manifests", () => {
  test("an overlay that takes a field from a shared base gets a patch of its own", async () => {
    const { kind, findings, diff } = await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory");
    expect({ kind, findings }).toEqual({ kind: "approved", findings: [] });
    expect(diff).toBe(expected("shared-base-new-patch-in-bare-overlay"));
  });

  test("of what the playbook proposes nothing is left out: the rest would be half a fix", async () => {
    const half = await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory", (proposal) => ({
      ...proposal,
      documents: proposal.documents.map(({ id, yaml }) => ({ id, yaml: yaml.replace("  template:\n", "  replicas: 9\n  template:\n") })),
    }));
    expect(half).toEqual({ findings: ["invariants/replicas", "class-paths/half"] });
  });

  test("a new patch brings nothing else in, and only the named file", async () => {
    const more = await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory", (proposal) => ({
      ...proposal,
      origin: "model",
      documents: proposal.documents.map(({ id, yaml }) => ({ id, yaml: yaml.replace("  template:\n", "  replicas: 9\n  template:\n") })),
    }));
    expect(more).toMatchObject({ kind: "approved", findings: ["invariants/replicas"], diff: expected("shared-base-new-patch-in-bare-overlay") });
    const other = await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory", (proposal) => ({
      ...proposal,
      origin: "model",
      documents: proposal.documents.map(({ id, yaml }) => ({ id, yaml: yaml.replace("- path: shop-deployment-patch.yaml", "- path: ../../elsewhere.yaml") })),
    }));
    expect(other.kind).not.toBe("approved");
    const danger = await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory", (proposal) => ({
      ...proposal,
      origin: "model",
      documents: proposal.documents.map(({ id, yaml }) => ({
        id,
        yaml: yaml.replace("          resources:\n", "          securityContext: {privileged: true}\n          resources:\n"),
      })),
    }));
    expect(danger.kind).not.toBe("approved");
  });

  test("an image of a shared base gets an entry in the overlay", async () => {
    const { kind, findings, diff } = await judged("shared-base-new-image", "image-not-found");
    expect({ kind, findings }).toEqual({ kind: "approved", findings: [] });
    expect(diff).toBe(expected("shared-base-new-image"));
    expect(
      (await judged("shared-base-new-patch-in-bare-overlay", "out-of-memory", (proposal) => ({ ...proposal, failureClass: "rbac-forbidden" }))).kind,
    ).not.toBe("approved");
  });

  test("values in a text of the Application's own manifest", async () => {
    const { kind, findings, diff } = await judged("argo-values-text-in-parent", "image-not-found");
    expect({ kind, findings }).toEqual({ kind: "approved", findings: [] });
    expect(diff).toContain('-          tag: "1.9"   # released on Monday\n+          tag: "1.8"   # released on Monday');
    const more = await judged("argo-values-text-in-parent", "image-not-found", (proposal) => ({
      ...proposal,
      origin: "model",
      documents: proposal.documents.map(({ id, yaml }) => ({ id, yaml: yaml.replace("replicas: 3", "replicas: 30") })),
    }));
    expect(more.kind).not.toBe("approved");
  });

  test.each([
    "app-of-apps-chart",
    "application-set-list-parameter",
    "mirror-application-set-git-files",
    "flux-images-in-parent",
    "flux-substitute-in-parent",
    "helm-release-values-from",
    "argo-ref-value-file",
    "mirror-argocd-autopilot",
  ])("%s", async (name) => {
    const { kind, findings, diff } = await judged(name, "image-not-found");
    expect({ kind, findings }).toEqual({ kind: "approved", findings: [] });
    expect(diff).toBe(expected(name));
  });
});
