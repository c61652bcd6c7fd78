import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { containersOf } from "../../workload.ts";
import { linesGone } from "../blame/lines-gone.ts";
import { strings } from "../blame/named-change.ts";
import { CONFIDENCE, place, restoringAll, shown } from "../entry.ts";
import { filesIn } from "../files/volume-file.ts";
import { namesWord } from "../words.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";

/** An address of the pod itself, with its port and what is asked there. */
const BESIDE = /\b(?:localhost|127\.0\.0\.1|\[::1\]):(\d{2,5})(\/[\w./-]{1,100})?/g;

interface Told {
  line: LogLine;
  word: string;
  container: string;
  change: ObjectChange;
}

/**
 * The program misses a file, or an answer of its own pod, that another container of the pod made until it was told otherwise: its log moved, or the page that it
 * answers. What that container was told goes back; this one asks as before.
 */
export function toldBeside(crashCase: CrashCase): Finding | undefined {
  const { now, found, past, changed, statement } = crashCase;
  if (past?.from !== "revision") return undefined;
  const isOwn = (word: string) => changed.some(({ after }) => strings(after).some((value) => value.includes(word)));
  const others = containersOf(now).filter(({ name }) => name !== found.name);
  const told = complaints(crashCase).flatMap((line) =>
    wordsIn(line.text.slice(0, 1000))
      .filter((word) => !isOwn(word))
      .flatMap((word) =>
        others.flatMap((other): Told[] => toldOtherwise(crashCase, other, word).map((change) => ({ line, word, container: other.name, change }))),
      ),
  );
  const last = told.at(-1);
  if (!last || told.some(({ change }) => JSON.stringify(change) !== JSON.stringify(last.change))) return undefined;
  const rootCause = `${place(statement.object, statement.container)} asks for ${shown(last.word)}, and container ${last.container} of its pod was told otherwise.`;
  return restoringAll(withLine(crashCase, last.line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, [
    { ...last.change, before: last.change.after, after: last.change.before },
  ]);
}

/** Files, and what the pod itself is asked for: the page before the port, which most lines of a program name. */
function wordsIn(text: string): string[] {
  const asked = [...text.matchAll(BESIDE)].map(([, port = "", page]) => (page !== undefined && page.length > 1 ? page : port));
  return [...new Set([...filesIn(text), ...asked])];
}

function toldOtherwise({ input, now, past, statement }: CrashCase, other: CrashCase["found"], word: string): ObjectChange[] {
  const lines = linesGone(input, now, other, word).map(({ change }) => change);
  // Who asks a port that a variable gave to another container is led to the new one.
  if (/^\d+$/.test(word)) return lines;
  const own = changedBelow(past, now, other.path).filter(({ path }) => ["env", "args", "command"].includes(String(path[other.path.length])));
  const gone = own.filter(({ before, after }) => after !== undefined && says(before, word) && !says(after, word));
  return [...lines, ...gone.map((change) => ({ object: statement.object, ...change }))];
}

function says(value: Parameters<typeof strings>[0], word: string): boolean {
  return strings(value).some((text) => namesWord(text, word));
}
