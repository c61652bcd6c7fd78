// What a repair of text does to the rendered objects: against the last good revision nothing differs but what the files' other changes explain.
import { inSuccessor } from "../../cluster/api-successors.ts";
import { describeRef, type KubeObject, refOf, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, sameJson } from "../../source/edit/field-path.ts";
import { hunksBetween } from "../../source/edit/hunks.ts";
import { folderOf } from "../../source/git/repository-paths.ts";
import { isTemplate } from "../../source/slips/template-quotes.ts";
import type { GateInput, MadeChange } from "../gate.ts";
import type { ChangedObject } from "../rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "../report.ts";
import { beyondMisnamed, isMisnamed } from "./misnamed.ts";
import { beyondRecount, isRecount } from "./recounted.ts";
import { broughtText, referredTo } from "./reference.ts";
import { changesBesideNames } from "./renamed-containers.ts";
import { isApiVersionRepair, isOfBase, isSuccession } from "./repair-kinds.ts";
import { sleptText } from "./slept.ts";
import { beyondSteering, isSteering } from "./steering.ts";
import { notSucceeded } from "./successor.ts";
import { beyondQuotes, isTemplateQuoting } from "./template.ts";
import type { TracedFile } from "./trace.ts";

/** @param changed the objects that differ from the last good revision; undefined where that is not known */
export function textBlastRadius(input: GateInput, traced: readonly TracedFile[], made: MadeChange, changed: readonly ChangedObject[] | undefined): GuardResult {
  const findings: GuardFinding[] = [];
  const no = (rule: string, message: string) => findings.push(refused("blast-radius", rule, message));
  const same = made.files.length === traced.length && made.files.every((file) => traced.some((one) => one.path === file.path && one.after === file.after));
  if (!same) no("not-the-edits", "The files are not what was approved.");
  if (made.before.kind === "rendered" && !isApiVersionRepair(input) && !isOfBase(input))
    no("text-renders", "The source can be rendered as it is: a fix of it is made in documents.");
  if (made.after.kind !== "rendered") no("not-rendered", `With the fix the delivery cannot be rendered: ${made.after.message.slice(0, 500)}`);
  else if (made.after.objects.length === 0) no("no-effect", "With the fix the delivery renders no objects.");
  if (isApiVersionRepair(input)) findings.push(...invalidSuccessors(input, made));
  if (isSuccession(input)) return { findings: [...findings, ...beyondVersion(made, changed)], note: "one version changes, and nothing else" };
  if (isRecount(input))
    return { findings: [...findings, ...beyondRecount(input, changed)], note: "patches change what they changed at the last good revision" };
  if (isMisnamed(input)) return { findings: [...findings, ...beyondMisnamed(input, changed)], note: "the chart reads what git already sets" };
  if (isSteering(input))
    return { findings: [...findings, ...beyondSteering(input, made, changed)], note: "what one line led to is as the last good revision had it" };
  if (isTemplateQuoting(input))
    return { findings: [...findings, ...beyondQuotes(made, changed)], note: "values become the texts that they are written as, and nothing else changes" };
  if (!changed) return { findings, note: "no last good revision to compare with: every rendered object was checked against its schema" };
  const own = keptText(input, made);
  const kept = [own, sleptText(input.texts?.files ?? [], wordsIn(own)), ...traced.map((file) => referredText(input, file))].join("\n");
  for (const one of changed) {
    const stray = unexplained(one, kept);
    if (stray !== undefined) no("unexplained", `${describeRef(one.ref)} would differ from the last good revision${stray}, which no other change explains.`);
  }
  const names = changed.map(({ ref }) => describeRef(ref)).join(", ");
  return {
    findings,
    note: changed.length === 0 ? "renders exactly what the last good revision renders" : `beside what the commit wanted (${names}), nothing changes`,
  };
}

/** What the files still say differently from the last good revision: only this may show in what they render to. White space alone explains nothing. */
function keptText({ texts }: GateInput, { files }: MadeChange): string {
  const lines = (texts?.files ?? []).flatMap(({ path, text, lastGood }) => {
    const after = files.find((file) => file.path === path)?.after ?? text;
    return hunksBetween(path, lastGood, after).flatMap(({ before, after: now }) => {
      const [old, new_] = [new Set(before.map(plain)), new Set(now.map(plain))];
      return [...before.filter((line) => !new_.has(plain(line))), ...now.filter((line) => !old.has(plain(line)))];
    });
  });
  return lines.map((line) => (line.trimStart().startsWith("#") ? "" : line)).join("\n");
}

/**
 * What the file, or the files of the folder, say to which a corrected reference leads: a commit that lists it wants all of it. What a template says beside a slip in one
 * of its actions may have slept until a value asked for it.
 */
function referredText({ texts }: GateInput, { path, before, after, ground }: TracedFile): string {
  if (ground === "action" && isTemplate(path)) return after;
  const target = texts && before !== undefined && ground === "reference" ? referredTo(texts, path, before, after) : undefined;
  if (!texts || target === undefined) return "";
  const inside = [...texts.beside].flatMap(([file, text]) => (folderOf(file) === target ? [text] : []));
  return [broughtText(texts, target) ?? "", ...inside].join("\n");
}

function plain(line: string): string {
  return line.trim();
}

function invalidSuccessors({ rendered }: GateInput, { after }: MadeChange): GuardFinding[] {
  const invalid = after.kind === "rendered" ? notSucceeded(rendered, after.objects) : [];
  return invalid.map((object) => {
    const message = `${describeRef(refOf(object))} is not valid in ${object.apiVersion} as it is, or means something else there.`;
    return refused("blast-radius", "not-succeeded", message);
  });
}

/** Against the base, which renders, no object differs in more than its version, and what that one says otherwise. */
function beyondVersion({ before: base }: MadeChange, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  const isVersion = ({ path }: FieldChange) => path.length === 1 && path[0] === "apiVersion";
  const isSame = (before: KubeObject, after: KubeObject) => sameJson(inSuccessor(before), after);
  if (base.kind !== "rendered" || !changed)
    return [refused("blast-radius", "unexplained", "The base does not render, so that nobody can say what another version changes.")];
  return changed
    .filter(({ before, after, changes }) => !before || !after || !(changes.every(isVersion) || isSame(before, after)))
    .map(({ ref }) => refused("blast-radius", "unexplained", `${describeRef(ref)} would differ in more than its version.`));
}

/** Where an object differs without a cause among the kept changes; undefined where everything is explained. */
function unexplained({ before, after }: ChangedObject, kept: string): string | undefined {
  const words = wordsIn(kept);
  if (!before || !after) {
    const name = textAt(after ?? before ?? null, "metadata", "name");
    return [...words].some((word) => name === word || (word.length > 3 && name.includes(word))) ? undefined : ` as a whole`;
  }
  const stray = changesBesideNames(before, after).find((change) => !isExplained(change, kept, words));
  return stray ? ` in ${lastName(stray.path)}` : undefined;
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.split(/[\s"',[\]{}()|:=]+/).filter((word) => word.length > 1));
}

function isExplained({ path, before, after }: FieldChange, kept: string, words: ReadonlySet<string>): boolean {
  if (words.has(lastName(path))) return true;
  return [before, after].some((value) => {
    if (value === undefined || value === null || typeof value === "object") return false;
    const text = String(value);
    return text !== "" && (words.has(text) || (text.length === 1 && kept.includes(text)) || [...words].some((word) => word.length > 2 && text.includes(word)));
  });
}

function lastName(path: FieldPath): string {
  for (const segment of [...path].reverse()) {
    if (typeof segment === "string") return segment;
    if (typeof segment === "object") return segment.value;
  }
  return "";
}
