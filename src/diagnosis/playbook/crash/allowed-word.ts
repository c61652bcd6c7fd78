import { describeRef } from "../../../cluster/objects.ts";
import { allowedWord } from "../../../source/meant/allowed-words.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { isAlmost } from "../../near-match.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesVariable, namesWord } from "../words.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { hasCome } from "./no-number.ts";

/**
 * A setting that never worked here, of which the program says what it may be: the one word of its list that was surely meant, or what means the same as a
 * boolean. What worked before goes back instead.
 */
export function wordAllowed(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const meant = variablesOf(input, now, found).flatMap((variable) => {
    const isAbout = (text: string) => namesVariable(text, variable.name) || (variable.value.length >= 2 && namesWord(text, variable.value));
    const line = complaints(crashCase).findLast(({ text }) => isAbout(text) && allowedWord(text, variable.value, isAlmost) !== undefined);
    const after = line && allowedWord(line.text, variable.value, isAlmost);
    return line && after !== undefined && hasCome(crashCase, variable) ? [{ variable, line, after }] : [];
  });
  const [only, ...more] = meant;
  if (!only || more.length > 0) return undefined;
  const { name, object, path, value } = only.variable;
  const rootCause = `${place(statement.object, statement.container)} does not take ${shown(value)} for ${name}.`;
  return fix(
    withLine(crashCase, only.line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [{ object, path, before: value, after: only.after }],
    [`Set ${name} in ${describeRef(object)} to ${only.after} instead of ${shown(value)}: the program says what it takes`],
  );
}
