import type { Finding } from "../../diagnosis.ts";
import { names, strings, variableOf } from "../blame/named-change.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, oneStop, place, shown } from "../entry.ts";
import { namesVariable, namesWord } from "../words.ts";

/** Which of its ways of working a program is to take: a message that says what it lacks then may name it in passing. */
const MODE = /(?:^|_)(?:ENV|ENVIRONMENT|PROFILES?|PROFILES_ACTIVE|MODE|STAGE)$/;
const LACKS = /missing|not (?:set|specified|configured|provided)|required|failed to (?:configure|determine)|must be set/i;

/** The program was told to work in another way, and lacks what that way needs: the way is wanted. */
export function modeLacks(crashCase: CrashCase): Finding | undefined {
  const { changed, statement } = crashCase;
  const mode = changed.find(({ path, before, after }) => MODE.test(variableOf(path) ?? "") && before !== undefined && strings(after).length > 0);
  const value = strings(mode?.after)[0] ?? "";
  const lines = complaints(crashCase);
  const line = lines.findLast(({ text }) => LACKS.test(text.slice(0, 1000)) && !namesVariable(text, variableOf(mode?.path ?? []) ?? ""));
  if (!mode || !line || !lines.some(({ text }) => namesWord(text, value)) || changed.some((change) => change !== mode && names(line.text, change)))
    return undefined;
  const rootCause = `${place(statement.object, statement.container)} lacks what ${variableOf(mode.path)} ${value} needs: ${shown(line.text)}.`;
  return escalate(
    withLine(crashCase, line, { ...statement, rootCause: oneStop(rootCause), confidence: CONFIDENCE.likely }),
    "the program was told to work in another way, which may well be wanted",
    `Give it what ${value} needs, or set ${variableOf(mode.path)} back to ${strings(mode.before)[0] ?? "what it was"}.`,
  );
}
