import { listAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { CONFIDENCE, place, restoring, shown } from "../entry.ts";
import { putBackItems } from "./arguments.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

/** A shell that cannot read what it is given on its command line: no file is named, and a script of a volume would be. */
const SYNTAX =
  /^(?:[\w/.-]{0,40}\/)?(?:ba|da|a|z|k|pdk|mk)?sh: (?:-c: )?(?:(?:line )?\d{1,5}: )?(?:syntax error\b|parse error\b|unterminated quoted string|unexpected EOF while looking for matching|unmatched|bad substitution)/i;

/** The shell cannot read the script on its own command line, which came with the commit: that one item goes back, whatever else of the list changed. */
export function shellSyntax(crashCase: CrashCase): Finding | undefined {
  const { log, changed, past, found, statement } = crashCase;
  const line = log.findLast(({ text }) => SYNTAX.test(text.slice(0, 300)));
  const script = scriptOf(found.value);
  if (past?.from !== "revision" || !line || script === undefined) return undefined;
  const [only, ...more] = changed.filter(({ path, before, after }) => {
    const isRun = ["command", "args"].includes(String(path[found.path.length]));
    return (
      isRun &&
      before !== undefined &&
      (after === script || (Array.isArray(after) && after.includes(script) && !(Array.isArray(before) && before.includes(script))))
    );
  });
  if (!only || more.length > 0 || hasSeveralLines(script)) return undefined;
  const rootCause = `${place(statement.object, statement.container)} gives its shell what it cannot read: ${shown(line.text)}.`;
  const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely });
  return restoring(said, past, [{ ...only, before: putBackItems(only, (item) => item === script) }]);
}

/** What a shell is told to run: the item behind `-c`. */
function scriptOf(container: CrashCase["found"]["value"]): string | undefined {
  const words = ["command", "args"].flatMap((list) => listAt(container, list));
  const script = words[words.findIndex((word) => typeof word === "string" && /^-[a-z]*c$/.test(word)) + 1];
  return typeof script === "string" && script !== words[0] ? script : undefined;
}

/** Of a longer script one line may be wrong, and the others wanted. */
function hasSeveralLines(script: string): boolean {
  return script.trim().includes("\n");
}
