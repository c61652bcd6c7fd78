import { slipMended } from "../../../source/meant/text-slips.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedSettings, settingsOf } from "../../settings.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";

/** The program cannot read a file of its ConfigMap for one character, which its complaint and the file show: everything else that the file says stays. */
export function textSlip(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const changed = changedSettings(input, now, found);
  const files = settingsOf(input, now, found).map((one) => ({
    ...one,
    earlier: changed.find(({ map, key }) => map.name === one.map.name && key === one.key)?.before,
  }));
  const mended = complaints(crashCase)
    .reverse()
    .flatMap((line) =>
      files.flatMap(({ map, key, value, earlier }) => {
        const after =
          typeof value === "string" ? slipMended(value, key, line.text.slice(0, 2000), typeof earlier === "string" ? earlier : undefined) : undefined;
        return after === undefined ? [] : [{ line, map, key, value, after }];
      }),
    );
  const [first] = mended;
  if (!first || mended.some(({ map, key }) => map.name !== first.map.name || key !== first.key)) return undefined;
  const { line, map, key, value, after } = first;
  const [lack, words] = saidOf(key, String(value), after);
  const rootCause = `${place(statement.object, statement.container)} cannot read ${key} of ConfigMap ${map.name}, which has ${lack}.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    [{ object: map, path: ["data", key], before: value, after }],
    [words],
  );
}

/** What is wrong with a file, and what mends it. */
function saidOf(key: string, before: string, after: string): [lack: string, words: string] {
  if (/\.(?:json|ya?ml)$/.test(key) && !isCommaGone(before, after))
    return ["one slip in a line that changed", `Mend the one line of ${key} that cannot be read; what it says now stays`];
  if (after.length < before.length) return ["a comma too much", `Take the comma behind the last entry of ${key} out`];
  return ["no semicolon behind one directive", `End the directive in ${key} that runs on with its semicolon`];
}

function isCommaGone(before: string, after: string): boolean {
  return before.split(",").length === after.split(",").length + 1;
}
