import { type Json, type KubeObject, type ObjectRef, refOf, sameRef } from "../../src/cluster/objects.ts";
import { type FieldPath, formatPath, getIn, sameJson } from "../../src/source/edit/field-path.ts";
import { differences, withoutHashes } from "../../src/source/plan/differences.ts";
import type { RenderOutcome } from "../../src/source/workspace.ts";
import type { BenchCase, Blamed, Expected } from "./cases.ts";
import type { Played } from "./play.ts";

/**
 * `right`: the fix that was expected, or the expected silence or escalation. `wrong`: a fix that changes something else, or one where none was due.
 * `missed`: no fix where one was expected. `noise`: an issue where nothing fails, or silence where a person is needed. `other`: a fix of a case for which no expectation
 * is written, and which is not simply what was there before: a person has to judge.
 */
export type Verdict = "right" | "wrong" | "missed" | "noise" | "other";

export interface Judged {
  verdict: Verdict;
  /** Undefined where nothing was said, or no class is expected. */
  classRight?: boolean;
  /** Only of fixes: whether no field changed that none of the accepted fixes changes. */
  minimal?: boolean;
  detail: string;
}

/** Each verdict's worth: a wrong fix costs more than none. */
export const WORTH: Record<Verdict, number> = { right: 1, missed: 0, noise: 0, other: 0, wrong: -1 };

/** What was said of all incidents of a case together: fixes that are the expected one together are right, else the worst fix counts, else the best of what was said. */
export function judge(benchCase: BenchCase, played: readonly Played[]): Judged {
  const judged = played.map((one) => judgeOne(benchCase, one));
  const order: Verdict[] = benchCase.answer === "nothing to do" ? ["wrong", "noise", "right"] : ["wrong", "right", "other", "missed", "noise"];
  const [worst] = judged.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (!worst) throw new Error("nothing was played");
  const said = worst.verdict === "wrong" && isRightTogether(benchCase, played) ? { ...worst, verdict: "right" as const, minimal: true } : worst;
  const classes = judged.flatMap(({ verdict, classRight }) => (verdict === worst.verdict && classRight !== undefined ? [classRight] : []));
  return { ...said, ...(classes.length > 0 ? { classRight: classes.every(Boolean) } : {}) };
}

/** Each incident gets a pull request of its own: of two workloads that fail alike, each is a part of the whole fix. */
function isRightTogether({ answer, expected }: BenchCase, played: readonly Played[]): boolean {
  const fixes = played.filter((one) => one.kind === "fix");
  if (answer !== "manifest fix" || fixes.length < 2 || fixes.some(({ broken, fixed }) => broken.kind !== "rendered" || fixed.kind !== "rendered")) return false;
  const effects = fixes.map(({ before, broken, fixed }) => effectOf(objectsOf(before), objectsOf(broken), objectsOf(fixed)));
  const made = effects.flatMap((effect) => effect.made);
  const left = effects[0]?.left.filter(({ field }) => effects.every((effect) => effect.left.some((change) => change.field === field))) ?? [];
  return (expected?.fixes ?? []).some((fix) => isComplete(fix, { made, left }));
}

function judgeOne(benchCase: BenchCase, played: Played): Judged {
  const { answer, expected } = benchCase;
  const classRight = played.kind === "silence" || !expected ? {} : { classRight: expected.class.includes(played.failureClass) };
  if (played.kind !== "fix") {
    const due = { "manifest fix": "fix", escalate: "escalate", "nothing to do": "silence" }[answer];
    const verdict = due === played.kind ? "right" : due === "fix" ? "missed" : "noise";
    return { verdict, ...classRight, detail: `${played.kind}: ${played.why}` };
  }
  if (answer !== "manifest fix") return { verdict: "wrong", ...classRight, minimal: false, detail: "a fix where none was due" };
  return { ...judgeFix(expected, played), ...classRight };
}

interface Change {
  field: string;
  path: FieldPath;
  now: Json | undefined;
  before: Json | undefined;
  /** The whole object with the change, and as it was before the breaking commit. */
  objects: { now: KubeObject | undefined; before: KubeObject | undefined };
}

/** What a fix changes in what was broken, and what of the breaking commit it leaves. */
interface Effect {
  made: Change[];
  left: Change[];
}

function effectOf(good: readonly KubeObject[], bad: readonly KubeObject[], fixed: readonly KubeObject[]): Effect {
  return { made: changesBetween(bad, fixed, good), left: changesBetween(fixed, good, good) };
}

function isComplete(fix: readonly Blamed[], { made, left }: Effect): boolean {
  const isWhole = (blamed: Blamed) => blamed.to !== "before" || !left.some((change) => isPart(change, blamed));
  return fix.every((blamed) => isDone(blamed, made) && isWhole(blamed)) && made.every((change) => fix.some((blamed) => isPart(change, blamed)));
}

function judgeFix(expected: Expected | undefined, { before, broken, fixed }: Extract<Played, { kind: "fix" }>): Pick<Judged, "verdict" | "minimal" | "detail"> {
  if (fixed.kind !== "rendered") return { verdict: "wrong", minimal: false, detail: "the fix cannot be rendered" };
  const good = objectsOf(before);
  const bad = broken.kind === "rendered" ? broken.objects : [];
  const made = changesBetween(bad, fixed.objects, good);
  const detail = describe(made);
  if (broken.kind !== "rendered") {
    const kept = changesBetween(good, fixed.objects, good);
    const keep = expected?.keep ?? [];
    const isRight = keep.every((blamed) => isDone(blamed, kept)) && kept.every((change) => keep.some((blamed) => isPart(change, blamed)));
    return {
      verdict: isRight ? "right" : expected ? "wrong" : "other",
      minimal: isRight,
      detail: `renders again${kept.length > 0 ? `, with ${describe(kept)}` : ""}`,
    };
  }
  const due = changesBetween(bad, good, good);
  const fixes = expected?.fixes;
  if (!fixes) {
    const restored = due.length > 0 && due.every((change) => made.some((other) => other.field === change.field && sameJson(other.now, change.now)));
    const only = made.every((change) => due.some((other) => other.field === change.field));
    const part = only && made.every((change) => due.some((other) => other.field === change.field && sameJson(other.now, change.now)));
    return { verdict: restored && only ? "right" : "other", minimal: only, detail: `${part ? "puts a part of the commit back: " : ""}${detail}` };
  }
  const right = fixes.some((fix) => isComplete(fix, effectOf(good, bad, fixed.objects)));
  const minimal = made.every((change) => fixes.some((fix) => fix.some((blamed) => isPart(change, blamed))));
  return { verdict: right ? "right" : "wrong", minimal, detail };
}

function describe(changes: readonly Change[]): string {
  return changes.map(({ field, now }) => `${field} = ${JSON.stringify(now)?.slice(0, 80)}`).join("; ");
}

function objectsOf(outcome: RenderOutcome): readonly KubeObject[] {
  return outcome.kind === "rendered" ? outcome.objects : [];
}

function changesBetween(from: readonly KubeObject[], to: readonly KubeObject[], good: readonly KubeObject[]): Change[] {
  const past = withoutHashes(good);
  return [...differences(from, to).values()].map(({ object, path, wanted }) => {
    const [before, now] = [past, to].map((objects) => objects.find((candidate) => sameRef(refOf(candidate), object)));
    const field = fieldOf(object, path);
    return { field, path, now: wanted, before: before && getIn(before, path), objects: { now, before } };
  });
}

function fieldOf({ kind, name }: Pick<ObjectRef, "kind" | "name">, path: FieldPath): string {
  return `${kind}/${name} ${formatPath(path)}`.trimEnd();
}

/** A blamed field names a change of itself, of anything below it, or of the list that holds it. */
function isPart({ field }: Change, blamed: Blamed): boolean {
  return field === blamed.field || field.startsWith(`${blamed.field}.`) || field.startsWith(`${blamed.field}[`);
}

function isDone(blamed: Blamed, made: readonly Change[]): boolean {
  const parts = made.filter((change) => isPart(change, blamed));
  return parts.length > 0 && parts.every((change) => satisfies(blamed.to, change) || satisfies(blamed.to, wholeOf(change, blamed)));
}

/** The blamed field with all that is in it, where a part of it changed: one word of a command. */
function wholeOf({ field, path, objects }: Change, blamed: Blamed): Pick<Change, "now" | "before"> {
  const head = field.slice(0, field.length - formatPath(path).length);
  const depth = path.findIndex((_, i) => head + formatPath(path.slice(0, i + 1)) === blamed.field);
  const [now, before] = [objects.now, objects.before].map((object) => (object && depth >= 0 ? getIn(object, path.slice(0, depth + 1)) : undefined));
  return { now, before };
}

function satisfies(to: Blamed["to"], { now, before }: Pick<Change, "now" | "before">): boolean {
  if (to === "before") return sameJson(now, before);
  if (to === "any") return now !== undefined;
  if (to === "gone") return now === undefined;
  if ("value" in to) return sameJson(now, to.value);
  return bytes(now) >= bytes(to.atLeast);
}

const UNITS: Record<string, number> = { "": 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

function bytes(quantity: Json | undefined): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]{0,2})$/.exec(String(quantity));
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? Number.NaN) : Number.NaN;
}
