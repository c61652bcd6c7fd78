import type { Json } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";
import { isOnePlace, putBackWhere } from "./arguments.ts";
import { type CrashCase, isComplaint, withLine } from "./crash-case.ts";

const USAGE = /^\s*usage(?:\b|:)/i;
/** What programs say of a call that lacks a word. */
const OF_THE_CALL = /\b(?:arg(?:ument)?s?|arg\(s\)|(?:sub)?commands?|operands?|positionals?|usage|help)\b/i;

/**
 * The program prints how it is to be called, and complains of nothing else: it is called in another way than before. Only the arguments go back, and of several
 * places only the one that had a word which the text offers.
 */
export function usagePrinted(crashCase: CrashCase): Finding | undefined {
  const { log, changed, past, found, statement } = crashCase;
  const usage = log.find(({ text }) => USAGE.test(text));
  const isElse = log.some(({ text }) => isComplaint(text) && !OF_THE_CALL.test(text.slice(0, 500)));
  const calls = changed.filter(({ path }) => ["args", "command"].includes(String(path[found.path.length])));
  if (past?.from !== "revision" || !usage || isElse || calls.length === 0) return undefined;
  const offered = new Set(log.slice(log.indexOf(usage)).flatMap(({ text }) => text.slice(0, 300).match(/[A-Za-z][\w-]*/g) ?? []));
  const back = calls.flatMap((change) => wordsBack(change, offered));
  const chosen = back.length > 0 ? back : calls.length === 1 && calls.every(isOnePlace) ? calls : [];
  if (chosen.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} only prints its usage: it is called otherwise than before.`;
  return restoring(withLine(crashCase, usage, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, chosen);
}

/** The change with what it took away of the words that the usage offers, and everything else as it is now. */
function wordsBack(change: FieldChange, offered: ReadonlySet<string>): FieldChange[] {
  const isOffered = (word: Json) => typeof word === "string" && !word.startsWith("-") && offered.has(word);
  const before = putBackWhere(change, (gone, come) => gone.some((word) => isOffered(word) && !come.includes(word)));
  return before === undefined ? [] : [{ ...change, before }];
}
