import { type Json, listAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf } from "../../workload.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

/** An option and its value in one argument. */
const JOINED = /^(-{1,2}[A-Za-z][\w.-]{0,100}) +(\S{1,500})$/;

/** An option and its value that a commit made one argument, with a blank between them: they are two again, or one with `=`, as the option was written before. */
export function argumentJoined(crashCase: CrashCase): Finding | undefined {
  const { log, found, past, statement } = crashCase;
  const then = past?.from === "revision" ? containerOf(past.object, found.name)?.value : undefined;
  if (!then) return undefined;
  const joined = (["args", "command"] as const).flatMap((field) => {
    const [before, today] = [listAt(then, field), listAt(found.value, field)];
    return today.flatMap((item, i) => {
      const words = before.includes(item) ? undefined : apart(item, before);
      return words ? [{ field, item: String(item), today, after: [...today.slice(0, i), ...words, ...today.slice(i + 1)] }] : [];
    });
  });
  const [only, ...more] = joined;
  const option = only?.item.split(" ")[0] ?? "";
  const complaint = only && more.length === 0 ? log.find(({ text }) => text.slice(0, 500).includes(option)) : undefined;
  if (!only || !complaint) return undefined;
  const rootCause = `${place(statement.object, statement.container)} gets ${option} and its value as one argument, with a blank in it, which it does not know.`;
  return fix(
    withLine(crashCase, complaint, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    [{ object: statement.object, path: [...found.path, only.field], before: [...only.today], after: only.after }],
    [`Give ${option} its value as it had one before, and not behind a blank in the same argument`],
  );
}

function apart(item: Json, before: readonly Json[]): string[] | undefined {
  const [, option = "", value = ""] = typeof item === "string" ? (JOINED.exec(item) ?? []) : [];
  if (option === "") return undefined;
  if (before.some((one) => typeof one === "string" && one.startsWith(`${option}=`))) return [`${option}=${value}`];
  const next = before[before.indexOf(option) + 1];
  return before.includes(option) && next !== undefined && !String(next).startsWith("-") ? [option, value] : undefined;
}
