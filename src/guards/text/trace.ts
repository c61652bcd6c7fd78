// Repairs of text, for a source that cannot be rendered, so that there are no documents to compare (docs/adr/0004). Deny by default: every line that differs from
// the base is traced to what may bring it: a change since the last good revision that is put back whole, the old key of a
// line whose value stays, one reference that now leads somewhere, the quotes around one value, or white space.

import { isFormedText } from "../../source/meant/formed-line.ts";
import { withoutDoubledKey } from "../../source/slips/doubled-key.ts";
import { withJoinedKey } from "../../source/slips/joined-key.ts";
import { withoutPlace } from "../../source/slips/label-selectors.ts";
import { fileOfValue, isValueOfMap } from "../../source/slips/map-files.ts";
import type { GateInput } from "../gate.ts";
import { loggedLines } from "../grounds.ts";
import { type GuardFinding, type GuardResult, refused } from "../report.ts";
import { isBlockClosed } from "./block.ts";
import { isAsComponent } from "./component.ts";
import { isLeftover } from "./leftover.ts";
import { type Ground, groundOf } from "./line-grounds.ts";
import { isRelisted } from "./listing.ts";
import { isMisnamed, isMissed } from "./misnamed.ts";
import { areLinesMoved } from "./moved.ts";
import { isRetypedAsSaid, isSpeltAsSaid } from "./quotes.ts";
import { isRecount } from "./recounted.ts";
import { isRestoration, isSuccession } from "./repair-kinds.ts";
import { areRetargetedAlike, isReplacementFollowed, isRetargeted } from "./retargeted.ts";
import { isSlipMended, isVariableEscaped } from "./slip.ts";
import { isTemplateEntry, isTemplateExpression, isTemplateQuoting, isTemplateWriting } from "./template.ts";
import { isTemplateNamed } from "./template-name.ts";
import { isUnmerged } from "./unmerged.ts";

/** One corrected file and where its lines come from. */
export interface TracedFile {
  path: string;
  before: string | undefined;
  after: string;
  ground: Ground;
}

/** Grounds that depend on more than the file's own lines. */
const OTHERWISE: readonly [ground: Ground, holds: (input: GateInput, file: { path: string; text: string }) => boolean][] = [
  ["successor", isSuccession],
  ["reference", isRetargeted],
  ["reference", isReplacementFollowed],
  ["component", isAsComponent],
  ["generator", isUnmerged],
  ["listing", isRelisted],
  ["selector", leavesLabelOut],
  ["name", isTemplateNamed],
  ["block", isBlockClosed],
  ["layout", areLinesMoved],
  ["action", isSlipMended],
  ["action", isVariableEscaped],
  ["leftover", (input, { path, text }) => isLeftover(input, path, text)],
  ["quotes", isRetypedAsSaid],
  ["quotes", isTemplateQuoting],
  ["word", isSpeltAsSaid],
  ["recount", isRecount],
  ["key", isMisnamed],
  ["key", isMissed],
  ["entry", (input, file) => isTemplateEntry(input, file) && isTemplateWriting(input)],
  ["merged", ({ texts }, { path, text }) => isMerged(texts?.files.find((file) => file.path === path)?.text, text)],
  ["expression", isTemplateExpression],
  ["word", isTemplateWriting],
  ["content", isContentOfMap],
  ["word", isInOldForm],
];

/** The file that a generator takes as a value of a ConfigMap just as it is: what may change in it is judged on that value. */
function isContentOfMap({ texts, rendered }: GateInput, { path }: { path: string }): boolean {
  const before = texts?.files.find((file) => file.path === path)?.text;
  return texts !== undefined && before !== undefined && fileOfValue(texts.files, before)?.path === path && isValueOfMap(rendered, before);
}

/** Lines that say what they say today in the form of the last good revision, as a log complains of one; what that does is judged on the rendered objects. */
function isInOldForm(input: GateInput, { path, text }: { path: string; text: string }): boolean {
  const base = input.texts?.hasLastGood ? input.texts.files.find((file) => file.path === path) : undefined;
  const { text: before, lastGood } = base ?? {};
  if (before === undefined || lastGood === undefined || before.length > 100_000 || !isRestoration(input)) return false;
  return loggedLines({ input }).some((line) => isFormedText(lastGood, before, text, line.slice(0, 2000)));
}

/**
 * Labels of the one kustomization that puts them into selectors, or into templates, since the last good revision are left out of these; what that does is judged
 * on the rendered objects.
 */
function leavesLabelOut({ texts, proposal }: GateInput, { path, text }: { path: string; text: string }): boolean {
  if (!texts?.hasLastGood || proposal.failureClass !== "invalid-manifest") return false;
  return (["includeSelectors", "includeTemplates"] as const).some((place) => {
    const meant = withoutPlace(texts.files, place);
    return meant?.path === path && meant.after === text;
  });
}

/** One of two mappings, or lists, of one name in a file, with what both held. */
function isMerged(before: string | undefined, after: string): boolean {
  return before !== undefined && (withoutDoubledKey(before) === after || withJoinedKey(before) === after);
}

/** What is judged on the rendered objects, field by field, where the source renders. */
const AS_RENDERED: ReadonlySet<Ground> = new Set<Ground>(["last-good", "word", "entry", "expression", "merged", "selector", "content"]);

/** Where the source renders, only what is judged on the rendered objects counts: what a generator takes just as it is has no layout or quotes of a manifest. */
function asRendered(input: GateInput, file: { path: string; text: string }): Ground | undefined {
  if (isContentOfMap(input, file)) return "content";
  return isInOldForm(input, file) ? "word" : undefined;
}

/** Invariants: every byte that differs has a ground; undefined where one has none. */
export function traceText(input: GateInput): GuardResult & { files: TracedFile[] } {
  const { proposal, texts } = input;
  const findings: GuardFinding[] = [];
  const files: TracedFile[] = [];
  for (const { path, text } of proposal.files ?? []) {
    const base = texts?.files.find((file) => file.path === path);
    if (!texts || !base || base.text === text) continue;
    const found = groundOf(texts, base, text) ?? OTHERWISE.find(([, holds]) => holds(input, { path, text }))?.[0];
    const ground = found && isRestoration(input) && !AS_RENDERED.has(found) ? asRendered(input, { path, text }) : found;
    if (ground) files.push({ path, before: base.text, after: text, ground });
    else {
      const message = `${path} has lines that neither the last good revision had there, nor correct a reference, an indentation or missing quotes.`;
      findings.push(refused("invariants", "untraced-line", message));
    }
  }
  // A reference or an indentation is corrected alone: two slips at once are nobody's certainty. All that asks for one name is one slip.
  if (files.length > 1 && files.some(({ ground }) => ground !== "last-good") && !areRetargetedAlike(input, files)) {
    findings.push(refused("invariants", "several-grounds", "More than one file changes, and not all lines are those of the last good revision."));
  }
  const words = {
    "last-good": "lines of the last good revision",
    reference: "one reference",
    layout: "white space",
    punctuation: "a space or a dash",
    quotes: "the quotes around one value",
    key: "one key",
    leftover: "a patch of what the commit took away",
    word: "single words",
    entry: "entries that a template writes out",
    merged: "two mappings of one name",
    expression: "how a template computes one value",
    name: "one name in a template",
    block: "the end of a block",
    action: "a slip in an action of a template, or in what Flux fills in",
    selector: "selectors or templates that a label is left out of",
    component: "what a folder is listed as",
    generator: "a generator that makes its ConfigMap by itself",
    listing: "the form of a kustomization's entries",
    content: "the value of a ConfigMap",
    recount: "a patch that was for another item of a list",
    successor: "the successor of a version that Kubernetes took away",
  } as const;
  return { findings, files, note: files.map(({ path, ground }) => `${path}: ${words[ground]}`).join("; ") };
}
