import type { ObjectRef } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { readTextBasis } from "../../src/source/slips/text-basis.ts";
import { openProd } from "./planned-story.ts";
import { BOUNDS, imagesIn, item } from "./situation.ts";
import { replaceOnce } from "./store.ts";

export type Files = Readonly<Record<string, string>>;
type Edit = readonly [path: string, from: string, to: string];

/** A delivery of folder `prod` whose text is repaired, and how it is put right. */
export interface TextCase {
  name: string;
  good: Files;
  now: Files;
  failureClass: Proposal["failureClass"];
  target?: Partial<ObjectRef>;
  container?: string;
  /** What the cluster says; what the renderer says is there by itself. */
  says?: string;
  fix: readonly Edit[];
}

/** The files of a fix as a whole. */
export function edited(files: Files, edits: readonly Edit[]): Files {
  const made: Record<string, string> = {};
  for (const [path, from, to] of edits) made[path] = replaceOnce(made[path] ?? files[path] ?? "", from, to);
  return made;
}

/** The whole gate over a repair of text, with the real renderers: `approved`, or the rules that refuse it. */
export async function judgeText(story: TextCase, files: Files, more: Partial<Proposal> = {}): Promise<string[]> {
  const [workspace, then] = [openProd(story.now), openProd(story.good)];
  const [before, good] = [await workspace.render(), await then.render()];
  if (good.kind !== "rendered") throw new Error(`the last good revision does not render: ${good.message}`);
  const diff = Object.keys({ ...story.good, ...story.now }).map((path) => ({ path, before: story.good[path] ?? "", after: story.now[path] ?? "" }));
  const said = story.says ?? (before.kind === "rendered" ? "" : before.message);
  const items = [
    item("delivery", said),
    ...(before.kind === "rendered" ? [] : [item("render-error", before.message)]),
    item("git-diff", unifiedDiff(diff.filter((one) => one.before !== one.after))),
  ];
  const target: ObjectRef = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop", ...story.target };
  const proposal: Proposal = {
    origin: "playbook",
    failureClass: story.failureClass,
    rootCause: "A slip in a file.",
    target: { object: target, ...(story.container ? { container: story.container } : {}) },
    confidence: 0.75,
    quotes: [{ evidenceId: "E1", quote: said.slice(0, 60) }],
    documents: [],
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    words: ["mends it"],
    ...more,
  };
  const input: GateInput = {
    proposal,
    target,
    evidence: { items: items.map((one, i) => ({ ...one, id: `E${i + 1}` })), omitted: 0, redactions: {} },
    offered: [],
    permitted: [],
    rendered: before.kind === "rendered" ? before.objects : [],
    lastGood: good.objects,
    texts: await readTextBasis(workspace, then),
    knownImages: good.objects.flatMap(imagesIn),
    tried: [],
    bounds: BOUNDS,
  };
  const verdict = guardProposal(input);
  const rulesOf = ({ findings }: typeof verdict.report) => [
    ...new Set(findings.filter((one) => one.verdict === "refused").map(({ guard, rule }) => `${guard}/${rule}`)),
  ];
  if (verdict.kind === "refused") return rulesOf(verdict.report);
  const changes = (verdict.files ?? []).map(({ path, before: old, after }) => ({ path, before: old, after }));
  const outcome = guardChange(input, verdict, { files: changes, before, after: await workspace.renderWith(changes), alsoAffects: [] });
  return outcome.kind === "approved" ? ["approved"] : rulesOf(outcome.report);
}
