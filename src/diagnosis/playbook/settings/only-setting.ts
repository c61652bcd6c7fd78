import { describeRef } from "../../../cluster/objects.ts";
import { apart, type Hunk, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { changedSettings, type SettingChange } from "../../settings.ts";
import { isInnocent } from "../blame/innocent.ts";
import { messageIn } from "../blame/log-message.ts";
import { tellsNativeCrash } from "../blame/native-crash.ts";
import { isAboutTalk, isTalk } from "../blame/talk.ts";
import { touches } from "../blame/touched.ts";
import { type CrashCase, complaints } from "../crash/crash-case.ts";
import { CONFIDENCE, restoringAll } from "../entry.ts";
import { isPrinted } from "./blamed-lines.ts";

/**
 * Nothing names what is wrong, and one setting is all that changed of this container: only the time speaks for it.
 * @param isOfOther whether the log speaks of something else: then only a line goes back whose number it says
 */
export function onlySetting(crashCase: CrashCase, isOfOther: boolean): Finding | undefined {
  const { input, now, found, past, changed, statement } = crashCase;
  const settings = past?.from === "revision" ? changedSettings(input, now, found) : [];
  const [only, ...others] = settings;
  const lines = only?.file !== undefined && typeof only.after === "string" ? only.after.split("\n") : [];
  if (complaints(crashCase).some(({ text }) => isPrinted(text, lines))) return undefined;
  if (!past || !only || others.length > 0 || changed.some((change) => !isReference(change.path) && !isInnocent(change, found.path.length))) return undefined;
  // Where a file changed at several places, or only how much the program says, the time speaks against none of it, but for a line whose number is said.
  const after = withoutWanted(only, complaints(crashCase));
  if (after === undefined && only.before !== undefined) return undefined;
  const texts = only.file === undefined ? [only.key, JSON.stringify([only.before ?? "", only.after ?? ""])] : ["config settings parse properties option"];
  const isNumberSaid = only.file !== undefined && after !== only.before;
  if (!isNumberSaid && (isOfOther || !touches(crashCase, texts))) return undefined;
  if (only.file === undefined && isTalk(only.variable ?? only.key) && !isAboutTalk(crashCase)) return undefined;
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; it worked before, and all that changed for it is ${only.key} in ${describeRef(only.map)}.`;
  const change: ObjectChange = { object: only.map, path: ["data", only.key], before: only.after, after };
  return restoringAll({ ...statement, rootCause, confidence: CONFIDENCE.circumstantial }, past, [change]);
}

/** The setting as it was, or with the lines put back whose numbers the program complains of; undefined where several lines of a file changed, and no more is known. */
function withoutWanted({ key, before, after, file }: SettingChange, lines: readonly LogLine[]): ObjectChange["after"] {
  if (file === undefined || typeof before !== "string" || typeof after !== "string") return before;
  const hunks = hunksBetween(key, before, after).flatMap(apart);
  if (hunks.length < 2) return before;
  const telling = lines.filter(({ text }) => !tellsNativeCrash(text));
  const said = new Set(telling.flatMap(({ text }) => numbersIn([messageIn(text).slice(0, 1000)])));
  const isSaid = (hunk: Hunk) => numbersIn(hunk.after).some((number) => said.has(number) && !numbersIn(hunk.before).includes(number));
  const blamed = hunks.filter(isSaid);
  return blamed.length === 1 ? putBack(after, blamed) : undefined;
}

function numbersIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.match(/\d{2,}/g) ?? []);
}

/** References to generated ConfigMaps change with the content: they say nothing of their own. */
function isReference(path: ObjectChange["path"]): boolean {
  return path.includes("configMapRef") || path.includes("configMapKeyRef");
}
