import { slipMended } from "../../../source/meant/text-slips.ts";
import type { Finding } from "../../diagnosis.ts";
import { settingsOf } from "../../settings.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";

/** The program cannot read a file of its ConfigMap for one character, which its complaint and the file show: everything else that the file says stays. */
export function textSlip(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const files = settingsOf(input, now, found);
  const mended = complaints(crashCase)
    .reverse()
    .flatMap((line) =>
      files.flatMap(({ map, key, value }) => {
        const after = typeof value === "string" ? slipMended(value, key, line.text.slice(0, 2000)) : undefined;
        return after === undefined ? [] : [{ line, map, key, value, after }];
      }),
    );
  const [first] = mended;
  if (!first || mended.some(({ map, key }) => map.name !== first.map.name || key !== first.key)) return undefined;
  const { line, map, key, value, after } = first;
  const isShorter = after.length < String(value).length;
  const rootCause = `${place(statement.object, statement.container)} cannot read ${key} of ConfigMap ${map.name}, which has ${isShorter ? "a comma too much" : "no semicolon behind one directive"}.`;
  const words = isShorter ? `Take the comma behind the last entry of ${key} out` : `End the directive in ${key} that runs on with its semicolon`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    [{ object: map, path: ["data", key], before: value, after }],
    [words],
  );
}
