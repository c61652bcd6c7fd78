import type { DiagnosisInput, Finding } from "../../src/diagnosis/diagnosis.ts";
import { propose } from "../../src/diagnosis/propose.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { permittedPlaces } from "../../src/repair.ts";
import { tryEditFiles } from "../../src/source/edit/document-edits.ts";
import { getIn } from "../../src/source/edit/field-path.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { ObjectChange } from "../../src/source/workspace.ts";
import { treeOf } from "../source/tree.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { BOUNDS } from "./situation.ts";

export const fetched = await fetchRenderers();

/** A change of the Deployment `shop`, which the folder `prod` renders. */
interface Story {
  /** The files today, and at the last good revision. */
  files: Record<string, string>;
  good: Record<string, string>;
  finding: Pick<Finding, "failureClass" | "rootCause" | "confidence">;
  /** What the pod's container says, and of it what the finding quotes. */
  said: string;
  quote: string;
  change: Pick<ObjectChange, "path" | "after">;
  words: string;
  /** What somebody makes of a proposed document. */
  tamper?: (yaml: string) => string;
}

/** From the wanted change to the approved files: what the guards say of it, and the lines that change. */
export async function judgedStory({ files, good, finding, said, quote, change, words, tamper }: Story): Promise<string> {
  const workspace = openProd(files);
  const [before, then] = [await workspace.render(), await openProd(good).render()];
  if (before.kind !== "rendered" || then.kind !== "rendered") throw new Error("it cannot be rendered");
  const object = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
  const changes = [{ object, ...change, before: getIn(before.objects[0], change.path) }];
  const found = {
    ...finding,
    target: { object, container: "shop" },
    quotes: [{ evidenceId: "E1", quote }],
    action: { kind: "fix" as const, changes, words: [words] },
  };
  const rendered = before.objects;
  const proposed = await propose({ workspace, rendered, documents: await workspace.documentsFor(object) } as unknown as DiagnosisInput, found);
  if (proposed.kind === "not-proposed") return "no place";
  const tampered = tamper && { origin: "model" as const, documents: proposed.proposal.documents.map(({ id, yaml }) => ({ id, yaml: tamper(yaml) })) };
  const proposal = { ...proposed.proposal, ...tampered };
  const gate: GateInput = {
    proposal,
    target: object,
    evidence: { items: [{ id: "E1", kind: "container", source: "pod", text: said }], omitted: 0, redactions: {} },
    offered: proposed.documents,
    permitted: await permittedPlaces(workspace, proposal, proposed.documents, rendered),
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

/** The repository of a delivery `shop`, whose folder is `prod`. */
export function openProd(files: Record<string, string>) {
  const settings = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    name: "shop",
    directory: { recurse: false, include: "", exclude: "" },
  } as const;
  const source = { kind: "git", url: "https://git.example/shop", branch: "main", path: "prod", settings, defaultBranch: "main" } as const;
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  return openWorkspace({ tree: treeOf(files), source, renderers });
}
