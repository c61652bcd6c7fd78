import { describeRef, textAt } from "../../../cluster/objects.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { otherReaders, type Variable, variablesOf } from "../../environment.ts";
import type { LogLine } from "../../pods.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesVariable, namesWord } from "../words.ts";
import { type CrashCase, complaints, lastWords, withLine } from "./crash-case.ts";
import { pastVariables } from "./past-variables.ts";
import { withoutUnit } from "./units.ts";

/** What parsers of numbers say of a text: Go, Python, pydantic, Java, .NET, Rust, Ruby, and what Node's validators have in common. */
export const NO_NUMBER =
  /strconv\.\w{1,20}: parsing|invalid literal for int\(\)|could not convert string to float|NumberFormatException|input string .{0,100}not in a correct format|invalid digit found|invalid (?:float literal|number|integer)|invalid value for (?:Integer|Float)\(\)|not a (?:valid )?(?:number|integer)|(?:must|should|has to|needs to) be an? (?:\w{1,12} ){0,2}(?:number|integer)|is (?:no|not) (?:number|integer|numeric)|expected (?:an? )?(?:number|integer)|type int\b|not a textual representation of an integer|\bInvalidDigit\b|\binteger expression expected\b|\billegal number:/i;

/** Reports of several lines name the setting in one and say what is wrong with it in another. */
const NEAR = 4;
/** How far the end may be from it: what is said long before is not what the program ended with. */
const END = 8;

interface Unread {
  variable: Variable;
  line: LogLine;
  number: string;
}

/**
 * A setting that the program wants as a number, and that has its unit in its value as well as in its name, or the quotation marks of a file whose lines kustomize takes
 * as they are. Only where nobody knows another value that worked:
 * what was changed goes back. That the name tells what the number means makes it more than a guess, and not much more.
 */
export function numberWithUnit(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const unread = variablesOf(input, now, found).flatMap((variable): Unread[] => {
    const number = withoutUnit(variable.name, variable.value) ?? withoutQuotes(variable.value) ?? withoutBlanks(variable.value);
    const line = number === undefined ? undefined : lineAbout(crashCase, variable);
    return number !== undefined && line ? [{ variable, line, number }] : [];
  });
  const [first] = unread;
  const image = textAt(found.value, "image");
  const isOthers = ({ variable }: Unread) => otherReaders(input, variable, now, found).some(({ value }) => textAt(value, "image") !== image);
  if (!first || !unread.every(({ variable }) => hasCome(crashCase, variable)) || unread.some(isOthers)) return undefined;
  const { name, value } = first.variable;
  const rootCause = `${place(statement.object, statement.container)} wants a number in ${name}, which says ${shown(value)}: ${whatIsWrong(value)}.`;
  const changes = unread.map(({ variable: { object, path, value: before }, number }): ObjectChange => ({ object, path, before, after: number }));
  const words = unread.map(
    ({ variable, number }) => `Set ${variable.name} in ${describeRef(variable.object)} to ${number} instead of ${shown(variable.value)}`,
  );
  return fix(withLine(crashCase, first.line, { ...statement, rootCause, confidence: CONFIDENCE.circumstantial }), changes, words);
}

function whatIsWrong(value: string): string {
  if (withoutQuotes(value) !== undefined) return "the quotation marks are a part of it";
  return withoutBlanks(value) === undefined ? "the unit is in the name already" : "it is written with more than its digits";
}

/** Also without the fraction that a whole number got. */
function withoutBlanks(value: string): string | undefined {
  const number = /^\s*(-?\d{1,9})(?:\.0{1,6})?\s*$/.exec(value)?.[1];
  return number === value ? undefined : number;
}

function withoutQuotes(value: string): string | undefined {
  return /^(["'])(-?\d{1,9}(?:\.\d{1,6})?)\1$/.exec(value)?.[2];
}

/** The complaint with which the program ended, that this variable is no number: in one line with its name, or beside it with its value. */
function lineAbout(crashCase: CrashCase, { name, value }: Variable): LogLine | undefined {
  const { log } = crashCase;
  const last = lastWords(crashCase);
  const end = last ? log.indexOf(last) : -1;
  const own = complaints(crashCase).filter((line) => NO_NUMBER.test(line.text.slice(0, 1000)) && Math.abs(end - log.indexOf(line)) <= END);
  return own.findLast((line) => {
    if (namesVariable(line.text, name)) return true;
    const at = log.indexOf(line);
    const near = log.slice(Math.max(0, at - NEAR), at + NEAR + 1).map(({ text }) => text);
    return near.some((text) => namesVariable(text, name)) && near.some((text) => namesWord(text, value));
  });
}

/** Whether nobody knows that the container ever ran with this variable. */
export function hasCome(crashCase: CrashCase, { name }: Variable): boolean {
  return !pastVariables(crashCase).some((variable) => variable.name === name);
}
