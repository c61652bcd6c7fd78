import { describeRef } from "../../../cluster/objects.ts";
import { apart, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { restore } from "../../history.ts";
import { changedSettings } from "../../settings.ts";
import { strings } from "../blame/named-change.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoringAll } from "../entry.ts";
import { namesWord } from "../words.ts";

/** `run.sh: line 2: crul: command not found`, `sh: 1: exec: crul: not found`, `env: 'crul': No such file or directory`. */
const MISSED: readonly RegExp[] = [
  /(?:^|[\s:])["'`‘]?([\w./+-]{2,80})["'`’]?: (?:command )?not found\s*$/,
  /\bcommand not found: ([\w./+-]{2,80})\s*$/,
  /\benv: ["'`‘]?([\w./+-]{2,80})["'`’]?: No such file or directory\s*$/,
];

/**
 * A shell does not find a command that a script of a ConfigMap, or a variable, calls since the commit: those lines go back, and the rest of the script stays. A line
 * that is only new may be wanted, and the image may lack what it calls: that is for people.
 */
export function scriptCommand(crashCase: CrashCase): Finding | undefined {
  const { log, past, statement } = crashCase;
  if (past?.from !== "revision") return undefined;
  const missed = log.flatMap((line) => {
    const command = MISSED.map((pattern) => pattern.exec(line.text.slice(0, 1000))?.[1]).find((word) => word !== undefined);
    return command === undefined ? [] : [{ line, command }];
  });
  const last = missed.at(-1);
  if (!last) return undefined;
  const [only, ...more] = callers(crashCase, last.command);
  if (!only || more.length > 0) return undefined;
  const { kind } = statement.object;
  // The shell itself was started.
  const failureClass = kind === "Job" || kind === "CronJob" ? ("job-failed" as const) : ("crash-on-start" as const);
  const what = only.path[0] === "data" ? `${String(only.path.at(-1))} of ${describeRef(only.object)}` : "a variable";
  const rootCause = `${place(statement.object, statement.container)} calls ${last.command} in ${what}, and there is no such command.`;
  return restoringAll(withLine(crashCase, last.line, { ...statement, failureClass, rootCause, confidence: CONFIDENCE.confirmed }), past, [only]);
}

/** What calls a command now that it did not call before, each with what puts it back. */
function callers({ input, now, found, changed, statement }: CrashCase, command: string): ObjectChange[] {
  const calls = (text: string) => namesWord(text, command);
  const isTold = changed.some(({ path, after }) => ["command", "args"].includes(String(path[found.path.length])) && strings(after).some(calls));
  if (isTold) return [];
  const files = changedSettings(input, now, found).flatMap(({ map, key, before, after, file }): ObjectChange[] => {
    if (typeof before !== "string" || typeof after !== "string" || !calls(after) || calls(before)) return [];
    const change = (wanted: string): ObjectChange => ({ object: map, path: ["data", key], before: after, after: wanted });
    if (file === undefined) return [change(before)];
    const hunks = hunksBetween(key, before, after).flatMap(apart);
    const calling = hunks.filter((hunk) => hunk.after.some(calls));
    return calling.every((hunk) => hunk.before.length > 0) ? [change(putBack(after, calling))] : [];
  });
  const variables = changed.filter(({ path, before, after }) => path.includes("env") && before !== undefined && strings(after).some(calls));
  return [...files, ...restore(statement.object, variables)];
}
