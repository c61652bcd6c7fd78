import { isObject, type JsonObject } from "../../../cluster/objects.ts";
import { moreThan } from "../../../cluster/quantity.ts";
import { type FieldChange, formatPath, sameJson } from "../../../source/edit/field-path.ts";
import { hunksBetween } from "../../../source/edit/hunks.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { changedSettings, type SettingChange } from "../../settings.ts";
import { podSpecPath } from "../../workload.ts";
import { outsideTrouble } from "../addresses/outside.ts";
import { endsAsTold } from "../blame/ends-as-told.ts";
import { heard, OWN_FAULT } from "../blame/heard.ts";
import { isInnocent } from "../blame/innocent.ts";
import { innocentChange } from "../blame/innocent-change.ts";
import { tagMoved } from "../blame/moved-tag.ts";
import { strings, variableOf } from "../blame/named-change.ts";
import { isAboutTalk, isTalk } from "../blame/talk.ts";
import { CONFIDENCE, escalate, restoring, shown } from "../entry.ts";
import { isRun } from "../settings/named-by-log.ts";
import { onlySetting } from "../settings/only-setting.ts";
import { isOnePlace } from "./arguments.ts";
import type { CrashCase } from "./crash-case.ts";

const ADVICE = "Look into the program: what it logs is no fault of the manifests.";

/**
 * The log names nothing that git sets: an error of the program. If it worked before, and the last commits changed only how this container runs,
 * then taking that back is what a person on call would do. Only the time speaks for it, so the confidence is low.
 */
export function unexplained(crashCase: CrashCase): Finding {
  return tagMoved(crashCase) ?? endsAsTold(crashCase) ?? outsideTrouble(crashCase) ?? onlyTheTime(crashCase);
}

function onlyTheTime(crashCase: CrashCase): Finding {
  const { changed, past, statement, input, now, found } = crashCase;
  const taken = changed.filter(({ path }) => isRun(path));
  const settings = past?.from === "revision" ? changedSettings(input, now, found) : [];
  if (settings.length > 0) {
    const words = settings.flatMap(wordsOfSetting);
    const isGone = settings.every(({ after }) => after === undefined);
    const ofOther = isOfOther(crashCase, words, isGone);
    return onlySetting(crashCase, ofOther !== undefined) ?? ofOther ?? tooMany(crashCase, [...new Set(settings.map(({ key }) => key))]);
  }
  const isKnown = past !== undefined && (taken.length > 0 || changed.some(isLoweredMemory));
  if (!past || !isKnown) return escalate({ ...statement, confidence: CONFIDENCE.circumstantial }, "nothing that git says about this container changed", ADVICE);
  if (past.from !== "revision") return escalate({ ...statement, confidence: CONFIDENCE.guess }, "the last good revision is not known", ADVICE);
  if (changed.every(isLoweredMemory)) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}; all that changed is its memory limit, which was lowered to ${shown(changed[0]?.after)}.`;
    return restoring({ ...statement, failureClass: "out-of-memory", rootCause, confidence: CONFIDENCE.guess }, past, changed);
  }
  const innocent = innocentChange(crashCase);
  if (innocent) return escalate({ ...statement, confidence: CONFIDENCE.guess }, innocent.reason, innocent.advice);
  const others = [...changed.filter((change) => !taken.includes(change) && !isInnocent(change, found.path.length)), ...podChanges(crashCase)];
  if (others.length > 0) return tooMany(crashCase, [...new Set(others.map(({ path }) => formatPath(path.slice(-2))))]);
  return takenBack(crashCase, past, taken);
}

const INNOCENT_OF_POD = new Set(
  "terminationGracePeriodSeconds priorityClassName tolerations affinity nodeSelector topologySpreadConstraints schedulerName imagePullSecrets".split(" "),
);

/** What else of the pod changed with it: its account, its security context, how it finds others. */
function podChanges({ past, now }: CrashCase): FieldChange[] {
  const path = podSpecPath(now.kind);
  const beside = ["containers", "initContainers", "volumes"];
  const mayMatter = (field: string) => !beside.includes(field) && !INNOCENT_OF_POD.has(field);
  return path ? changedBelow(past, now, path).filter((change) => mayMatter(String(change.path[path.length]))) : [];
}

/** Where a release came with other changes, nobody can tell which of them is to blame; to take both back would take back what was wanted. */
function takenBack(crashCase: CrashCase, past: NonNullable<CrashCase["past"]>, taken: FieldChange[]): Finding {
  const { statement, input, log } = crashCase;
  const image = taken.filter(({ path }) => path.at(-1) === "image");
  const kinds = new Set(taken.map(({ path }) => (path.at(-1) === "image" ? "image" : "environment and arguments")));
  // Nothing was taken away from the program, and what it reports is a fault in its own code.
  const isOwnFault = log.some(({ text }) => OWN_FAULT.test(text.slice(0, 1000)));
  if (kinds.size > 1 && image.length === 1 && taken.every(({ after }) => after !== undefined) && isOwnFault) return takenBack(crashCase, past, image);
  const isGone = taken.every(({ after }) => after === undefined);
  const ofOther = image.length > 0 ? isNotOfRelease(crashCase) : isOfOther(crashCase, taken.flatMap(wordsOf), isGone);
  if (ofOther) return ofOther;
  const isOne = (taken.length === 1 && taken.every(isOnePlace)) || isRename(taken) || (isOwnFault && taken.some(isRelease));
  if (kinds.size > 1 || !isOne) {
    const why = log.length === 0 ? "several fields changed at once, and no log tells which of them is to blame" : undefined;
    const what =
      kinds.size > 1
        ? `${[...kinds].join(" as well as ")} changed at once, and the log names neither`
        : "several fields changed at once, and the log names none";
    return escalate({ ...statement, confidence: CONFIDENCE.guess }, why ?? what, ADVICE);
  }
  if (taken.every(isOfTalk) && !isAboutTalk(crashCase))
    return escalate({ ...statement, confidence: CONFIDENCE.guess }, "all that changed is how much the program says, and it ends for something else", ADVICE);
  const commit = input.commits[0];
  const since = commit ? `, since ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}")` : "";
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; it worked before${since}, and nothing but the change itself speaks for a cause.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, taken);
}

/** The variable by which a program knows its own release, where the image has none: all else that came is a part of it. */
function isRelease({ path }: FieldChange): boolean {
  return /(?:^|_)(?:RELEASE|VERSION)$/.test(variableOf(path) ?? "");
}

/** How much the program says: a variable, or an option. */
function isOfTalk({ path, after, before }: FieldChange): boolean {
  const option = [after, before].find((value) => typeof value === "string") ?? "";
  return isTalk(variableOf(path) ?? String(option));
}

/** What the program complains of has nothing to do with what changed: taking that back would be superstition. A fault in its code may be for want of what went. */
function isOfOther(crashCase: CrashCase, words: readonly string[], isGone: boolean): Finding | undefined {
  const what = heard(crashCase, words);
  if (what === "nothing" || what === "change" || (what === "itself" && isGone)) return undefined;
  const reason = what === "itself" ? "the program reports a fault in its own code" : "the log speaks of something else than what changed";
  return escalate({ ...crashCase.statement, confidence: CONFIDENCE.guess }, `${reason}, and only the time speaks against the change`, ADVICE);
}

/** A release is to blame for faults in its code, and where it says nothing; what it reports of others, another release meets as well. */
function isNotOfRelease(crashCase: CrashCase): Finding | undefined {
  if (heard(crashCase, []) !== "else") return undefined;
  const reason = "the log reports no fault of the release itself, and only the time speaks against it";
  return escalate({ ...crashCase.statement, confidence: CONFIDENCE.guess }, reason, ADVICE);
}

/** How it logs is no word of what fails: `json` stands in the complaints of every client. */
function wordsOf({ path, before, after }: FieldChange): string[] {
  return [variableOf(path) ?? "", ...strings(before), ...strings(after)].filter((word) => !/^(?:json|text|plain)$/i.test(word));
}

function wordsOfSetting({ key, variable = key, file = "", before, after }: SettingChange): string[] {
  if (file === "" || typeof before !== "string" || typeof after !== "string") return [key, variable, file, ...strings(before), ...strings(after)];
  return [key, file, ...hunksBetween(key, before, after).flatMap((hunk) => [...hunk.before, ...hunk.after])];
}

/** One variable that went and one that came with the same value: one change, in two fields. */
function isRename([one, other, ...more]: readonly FieldChange[]): boolean {
  if (!one || !other || more.length > 0) return false;
  const [gone, come] = one.after === undefined ? [one, other] : [other, one];
  const held = ({ name: _, ...rest }: JsonObject) => rest;
  return (
    isObject(gone.before) && gone.after === undefined && come.before === undefined && isObject(come.after) && sameJson(held(gone.before), held(come.after))
  );
}

function tooMany({ statement }: CrashCase, others: readonly string[]): Finding {
  return escalate(
    { ...statement, confidence: CONFIDENCE.guess },
    `several things changed at once (${others.slice(0, 5).join(", ")} too), and the log names none`,
    ADVICE,
  );
}

/** A killed program leaves no word in its log; where the pods are gone, nothing says that memory was the reason: a guess for people. */
function isLoweredMemory({ path, before, after }: FieldChange): boolean {
  return path.at(-1) === "memory" && path.at(-2) === "limits" && moreThan(before, after);
}
