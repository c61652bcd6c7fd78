import { describeRef } from "../../../cluster/objects.ts";
import { digitsOf } from "../../../source/meant/float-number.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesVariable, namesWord } from "../words.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { pastVariables } from "./past-variables.ts";

/**
 * A whole number that Helm writes as a float (`5e+06`), which the program cannot read: it gets its digits, and stays the number that is wanted. Not where the program
 * worked with such a number before.
 */
export function floatNumber(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, statement, log } = crashCase;
  const before = pastVariables(crashCase);
  const worked = (name: string) => before.some((variable) => variable.name === name && digitsOf(variable.value) !== undefined);
  for (const { name, value, object, path } of variablesOf(input, now, found)) {
    const digits = worked(name) ? undefined : digitsOf(value);
    const line = digits === undefined ? undefined : complaints(crashCase).findLast(({ text }) => namesWord(text, value) || namesVariable(text, name));
    // What a release that was taken back logged is gone: that the number came, and is written so, has to do.
    if (digits === undefined || (!line && (log.length > 0 || !past))) continue;
    const rootCause = `${place(statement.object, statement.container)} cannot read ${name}, which is written as ${shown(value)}: Helm takes a large number for a float.`;
    const words = `Write ${name} in ${describeRef(object)} as ${digits}, a text in quotes where its value is given; the number stays`;
    const said = line ? withLine(crashCase, line, { ...statement, confidence: CONFIDENCE.likely }) : { ...statement, confidence: CONFIDENCE.suggested };
    return fix({ ...said, rootCause }, [{ object, path, before: value, after: digits }], [words]);
  }
  return undefined;
}
