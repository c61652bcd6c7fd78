import { describeRef } from "../../../cluster/objects.ts";
import { plainPair } from "../../../source/meant/plain-pair.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesVariable } from "../words.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { pastVariables } from "./past-variables.ts";

/**
 * A variable whose value has quotes around it, or a remark behind it, that the program stumbles over: without them it says what was meant. Not where it worked with
 * such a value before.
 */
export function takenLiterally(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const before = pastVariables(crashCase);
  const worked = (name: string) => before.some((variable) => variable.name === name && plainPair(variable.value) !== undefined);
  for (const { name, value, object, path } of variablesOf(input, now, found)) {
    const plain = worked(name) ? undefined : plainPair(value);
    const said = plain === undefined ? [] : complaints(crashCase).filter(({ text }) => namesVariable(text, name) || quotes(text, value));
    const line = said.findLast(({ text }) => quotes(text, value)) ?? said.at(-1);
    if (plain === undefined || !line) continue;
    const rootCause = `${place(statement.object, statement.container)} takes ${name} word for word as ${shown(value)}: what stands around the value is a part of it.`;
    const words = `Write ${name} in ${describeRef(object)} as ${plain}, without what stands around it`;
    return fix(
      { ...withLine(crashCase, line, { ...statement, rootCause }), confidence: CONFIDENCE.likely },
      [{ object, path, before: value, after: plain }],
      [words],
    );
  }
  return undefined;
}

/** Whether a line shows the value with what is too much about it: its first word with the quote, or all of it. */
function quotes(text: string, value: string): boolean {
  const [first = ""] = value.split(/\s/);
  return text.includes(/^["']/.test(value) ? first : value) && first.length > 2;
}
