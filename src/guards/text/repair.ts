// Repairs of text, for a source that cannot be rendered, so that there are no documents to compare (docs/adr/0004). Deny by default: every line that differs from
// the base is traced to what may bring it: a change since the last good revision that is put back whole, the old key of a
// line whose value stays, one reference that now leads somewhere, the quotes around one value, or white space.
import { SUCCEEDED_KINDS } from "../../cluster/api-successors.ts";
import { apart, hunksBetween, hunksPutBack, linesOf } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { withoutSelectors } from "../../source/slips/label-selectors.ts";
import { punctuated } from "../../source/slips/punctuation.ts";
import { oldKeyNewValue } from "../../source/slips/renamed-key.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../../source/slips/text-basis.ts";
import { isFixable } from "../class-paths.ts";
import type { GateInput } from "../gate.ts";
import { type GuardFinding, type GuardName, type GuardResult, refused } from "../report.ts";
import { EDITABLE_KINDS } from "../scope.ts";
import { isBlockClosed } from "./block.ts";
import { isAsComponent } from "./component.ts";
import { isBlockMoved } from "./layout.ts";
import { isLeftover } from "./leftover.ts";
import { isRelisted } from "./listing.ts";
import { isMisnamed, isMissed } from "./misnamed.ts";
import { areLinesMoved } from "./moved.ts";
import { isPutIntoQuotes, isRetyped, isRetypedAsSaid, isSpeltAsSaid } from "./quotes.ts";
import { isRecount } from "./recounted.ts";
import { broughtKinds, HARMLESS, isReference, onlyLine } from "./reference.ts";
import { isReplacementFollowed, isRetargeted } from "./retargeted.ts";
import { isSlipMended } from "./slip.ts";
import { isSuccessor } from "./successor.ts";
import { isTemplateQuoting, isTemplateWording } from "./template.ts";
import { isTemplateNamed } from "./template-name.ts";
import { isUnmerged } from "./unmerged.ts";

/** What may bring a line. */
export type Ground =
  | "last-good"
  | "reference"
  | "layout"
  | "punctuation"
  | "quotes"
  | "key"
  | "successor"
  | "leftover"
  | "recount"
  | "word"
  | "component"
  | "generator"
  | "listing"
  | "block"
  | "action"
  | "name"
  | "selector";

/** One corrected file and where its lines come from. */
export interface TracedFile {
  path: string;
  before: string | undefined;
  after: string;
  ground: Ground;
}

const MOST_CHARACTERS = 1024 * 1024;
const CLASSES: readonly string[] = ["render-failed", "helm-failed"];

/** YAML: where a file has to be YAML as it is, it has to be so now, by Kubernetes' strict rules. */
export function readableText({ proposal }: GateInput): GuardResult {
  const findings = (proposal.files ?? []).flatMap(({ path, text }) => {
    if (text.length > MOST_CHARACTERS) return [refused("yaml", "too-large", `${path} is too long.`)];
    const outcome = isPlainYaml(path) ? parseYaml(text) : undefined;
    return outcome?.kind === "refused" ? [refused("yaml", outcome.rule, `${path} cannot be read after the repair: ${outcome.message}`)] : [];
  });
  return { findings };
}

/** Scope: only files that the delivery reads and that cannot be rendered now, and in them no document of a kind that a fix never edits. */
export function textScope(input: GateInput): GuardResult {
  const { proposal, rendered, texts } = input;
  const findings: GuardFinding[] = [];
  const no = (rule: string, message: string) => findings.push(refused("scope", rule, message));
  const files = proposal.files ?? [];
  if (isApiVersionRepair(input)) {
    // Another apiVersion is another kind of document: the scope of documents forbids it, and only git's own earlier line or a closed table may bring it.
  } else if (isTemplateQuoting(input) || isTemplateWording(input) || isRecount(input) || isMisnamed(input)) {
    // The source renders, and only words of a template change, which items patches are for, or the key of a value: that is judged on the rendered objects.
  } else if (isRestoration(input)) {
    // Only lines that the last good revision had (traceText); what they do is judged on the rendered objects, field by field, like any other fix.
  } else if (!CLASSES.includes(proposal.failureClass)) no("text-class", `A failure of class ${proposal.failureClass} is fixed in documents, not in text.`);
  else if (rendered.length > 0) no("text-renders", "The source can be rendered as it is: a fix of it is made in documents.");
  if (proposal.documents.length > 0) no("text-and-documents", "A repair of text brings no documents.");
  if (new Set(files.map(({ path }) => path)).size !== files.length) no("duplicate-document", "A file is there more than once.");
  for (const { path, text } of files) {
    const base = texts?.files.find((file) => file.path === path);
    if (!base) no("unknown-document", `The delivery does not read ${path}.`);
    else
      for (const kind of forbiddenKinds(base, text).filter((one) => !isSucceeded(input, one) && !(HARMLESS.has(one) && isTemplateNamed(input, { path, text }))))
        no("kind", `The repair of ${path} touches a ${kind}, which a fix never edits.`);
    for (const kind of base && texts ? broughtKinds(texts, base, text) : [])
      no("kind", `The repair of ${path} would bring a ${kind}, which is for people to list.`);
  }
  return { findings };
}

/** Whether all that changes is which versions are asked for, of kinds that the cluster does not know in those of today. */
export function isApiVersionRepair(input: Pick<GateInput, "proposal" | "texts">): boolean {
  return isEarlierVersion(input) || isSuccession(input);
}

/**
 * Whether all that changes are `apiVersion` lines that had another value at the last good revision: the cluster does not know the kind in the version that came
 * since.
 */
function isEarlierVersion({ proposal, texts }: Pick<GateInput, "proposal" | "texts">): boolean {
  const files = proposal.files ?? [];
  return (
    proposal.failureClass === "invalid-manifest" &&
    files.length > 0 &&
    files.every(({ path, text }) => {
      const base = texts?.files.find((file) => file.path === path);
      if (!texts || base?.text === undefined || groundOf(texts, base, text) !== "last-good") return false;
      return hunksBetween(path, base.text, text).every(({ before, after }) => [before, after].every((lines) => lines.length === 1 && isApiVersion(lines[0])));
    })
  );
}

/** Whether one `apiVersion` line changes, to the successor of a version that Kubernetes took away. */
export function isSuccession({ proposal, texts }: Pick<GateInput, "proposal" | "texts">): boolean {
  const [file, ...more] = proposal.files ?? [];
  const base = texts?.files.find(({ path }) => path === file?.path);
  return (
    proposal.failureClass === "invalid-manifest" &&
    file !== undefined &&
    more.length === 0 &&
    isSuccessor(base?.text, file.text) &&
    !isEarlierVersion({ proposal, ...(texts ? { texts } : {}) })
  );
}

/** Kinds of the table are none that a fix edits; of them nothing but the version changes. */
function isSucceeded(input: GateInput, kind: string): boolean {
  return SUCCEEDED_KINDS.has(kind) && isSuccession(input);
}

/**
 * Whether lines of the last good revision come back in a source that can be rendered: where no single field of a document decides what has to change (a file of a
 * generator, a JSON patch, values under names of their own).
 */
function isRestoration(input: Pick<GateInput, "proposal" | "rendered" | "lastGood" | "texts">): boolean {
  const { proposal, rendered, lastGood } = input;
  return (
    (proposal.files ?? []).length > 0 &&
    rendered.length > 0 &&
    lastGood !== undefined &&
    isFixable(proposal.failureClass) &&
    !CLASSES.includes(proposal.failureClass) &&
    !isApiVersionRepair(input) &&
    !isTemplateQuoting(input) &&
    !isRecount(input) &&
    !isMisnamed(input)
  );
}

/** Whether what the lines do is judged on the rendered objects, field by field, like an edit of documents. */
export function isJudgedAsRendered(input: GateInput): boolean {
  return isRestoration(input) || isTemplateWording(input);
}

/** A whole line that says nothing but an apiVersion. */
function isApiVersion(line: string | undefined): boolean {
  return line !== undefined && /^apiVersion: *["']?[\w./-]{1,100}["']?\s*$/.test(line);
}

/** Kinds that are settings of a delivery. */
const SETTINGS: ReadonlySet<string> = new Set(["Kustomization", "Component", "HelmRelease"]);

/** The kinds of the documents around the lines that change, where they are not among those that a fix may edit. Works on lines: the text may be no YAML. */
function forbiddenKinds({ path, text: before }: BasisFile, after: string): string[] {
  const changed = hunksBetween(path, before, after);
  const lines = linesOf(after);
  const kinds = changed.flatMap(({ at, before: gone, after: come }) => {
    const [old, now] = [documentAround(linesOf(before ?? ""), at, gone.length), documentAround(lines, at, come.length)];
    return [...kindsOf(old), ...kindsOf(now), ...kindsOf([...gone, ...come])];
  });
  const whole = /^sops:/m.test(after) ? ["document that sops encrypts"] : [];
  return [...new Set([...kinds.filter((kind) => !EDITABLE_KINDS.has(kind) && !SETTINGS.has(kind)), ...whole])];
}

function documentAround(lines: readonly string[], at: number, length: number): string[] {
  const isMark = (line: string) => line.startsWith("---");
  let from = Math.min(at, lines.length);
  while (from > 0 && !isMark(lines[from - 1] ?? "")) from--;
  let to = Math.min(at + length, lines.length);
  while (to < lines.length && !isMark(lines[to] ?? "")) to++;
  return lines.slice(from, to);
}

/** What stands behind a `kind:` that begins a document, or a whole line: templates are read as they are. */
function kindsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const found = /^[ \t]{0,2}(?:- )?["']?kind["']?[ \t]*:[ \t]*["']?([^\s"'#]{1,100})/.exec(line);
    return found?.[1] ? [found[1]] : [];
  });
}

/** Grounds that depend on more than the file's own lines. */
const OTHERWISE: readonly [ground: Ground, holds: (input: GateInput, file: { path: string; text: string }) => boolean][] = [
  ["successor", isSuccession],
  ["reference", isRetargeted],
  ["reference", isReplacementFollowed],
  ["component", isAsComponent],
  ["generator", isUnmerged],
  ["listing", isRelisted],
  ["selector", leavesSelectors],
  ["name", isTemplateNamed],
  ["block", isBlockClosed],
  ["layout", areLinesMoved],
  ["action", isSlipMended],
  ["leftover", (input, { path, text }) => isLeftover(input, path, text)],
  ["quotes", isRetypedAsSaid],
  ["quotes", isTemplateQuoting],
  ["word", isSpeltAsSaid],
  ["recount", isRecount],
  ["key", isMisnamed],
  ["key", isMissed],
  ["word", isTemplateWording],
];

/**
 * Labels of the one kustomization that puts them into selectors since the last good revision are left out of these; what that does is judged on the rendered
 * objects.
 */
function leavesSelectors({ texts, proposal }: GateInput, { path, text }: { path: string; text: string }): boolean {
  const meant = texts?.hasLastGood && proposal.failureClass === "invalid-manifest" ? withoutSelectors(texts.files) : undefined;
  return meant?.path === path && meant.after === text;
}

/** Invariants: every byte that differs has a ground; undefined where one has none. */
export function traceText(input: GateInput): GuardResult & { files: TracedFile[] } {
  const { proposal, texts } = input;
  const findings: GuardFinding[] = [];
  const files: TracedFile[] = [];
  for (const { path, text } of proposal.files ?? []) {
    const base = texts?.files.find((file) => file.path === path);
    if (!texts || !base || base.text === text) continue;
    const ground = groundOf(texts, base, text) ?? OTHERWISE.find(([, holds]) => holds(input, { path, text }))?.[0];
    if (ground && (["last-good", "word", "selector"].includes(ground) || !isRestoration(input))) files.push({ path, before: base.text, after: text, ground });
    else {
      const message = `${path} has lines that neither the last good revision had there, nor correct a reference, an indentation or missing quotes.`;
      findings.push(refused("invariants", "untraced-line", message));
    }
  }
  // A reference or an indentation is corrected alone: two slips at once are nobody's certainty.
  if (files.length > 1 && files.some(({ ground }) => ground !== "last-good")) {
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
    name: "one name in a template",
    block: "the end of a block",
    action: "a slip in an action of a template",
    selector: "selectors that a label is left out of",
    component: "what a folder is listed as",
    generator: "a generator that makes its ConfigMap by itself",
    listing: "the form of a kustomization's entries",
    recount: "a patch that was for another item of a list",
    successor: "the successor of a version that Kubernetes took away",
  } as const;
  return { findings, files, note: files.map(({ path, ground }) => `${path}: ${words[ground]}`).join("; ") };
}

function groundOf(basis: TextBasis, { path, text: before, lastGood }: BasisFile, after: string): Ground | undefined {
  if (basis.hasLastGood && lastGood !== undefined) {
    const changed = hunksBetween(path, lastGood, before);
    const put = hunksPutBack(changed, before ?? "", after) ?? hunksPutBack(changed.flatMap(apart), before ?? "", after);
    if (put !== undefined && put.length > 0) return "last-good";
  }
  if (before === undefined) return undefined;
  if (basis.hasLastGood && punctuated({ path, text: before, lastGood }).includes(after)) return "punctuation";
  const line = onlyLine(before, after);
  if (!line) return isBlockMoved(basis, { path, text: before, lastGood }, after) ? "layout" : undefined;
  const changed = basis.hasLastGood && lastGood !== undefined ? hunksBetween(path, lastGood, before) : [];
  if (changed.some((hunk) => hunk.at === line.at && oldKeyNewValue(hunk) === line.after)) return "key";
  if (line.before.trim() !== "" && line.before.trimStart() === line.after.trimStart() && /^ *(?=[^\s])/.test(line.after)) return "layout";
  if (isPutIntoQuotes(basis, { path, text: before, lastGood }, after, line)) return "quotes";
  if (isRetyped(basis, { path, text: before, lastGood }, line)) return "quotes";
  return isReference(basis, path, before, line) ? "reference" : undefined;
}

/** What no repair of text may bring back, even where it was there before: taking it away may have been the point of the change. */
const DANGEROUS =
  /\b(?:privileged|allowPrivilegeEscalation|hostPath|hostNetwork|hostPID|hostIPC|hostPort|capabilities|runAsUser|runAsNonRoot|procMount|unconfined|serviceAccount(?:Name)?|automountServiceAccountToken|secretKeyRef|secretRef|secretName|secretGenerator|stringData)\b/i;

/** Class paths: of the lines that come, none is about privileges, accounts or secrets, unless white space is all that changes in it. */
export function harmlessText(files: readonly TracedFile[]): GuardResult {
  const findings = files.flatMap(({ path, before, after }) =>
    hunksBetween(path, before, after).flatMap(({ before: gone, after: come }): GuardFinding[] => {
      const known = new Set(gone.map((line) => line.trim()));
      const line = come.find((one) => DANGEROUS.test(one) && !known.has(one.trim()));
      return line === undefined ? [] : [danger("class-paths", path)];
    }),
  );
  return { findings };
}

function danger(guard: GuardName, path: string): GuardFinding {
  return refused(guard, "dangerous-line", `The repair of ${path} would bring back a line about privileges, accounts or secrets: a human decides.`);
}
