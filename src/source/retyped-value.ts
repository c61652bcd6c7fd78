import { type QuotedLine, quotedForms } from "./quoted-value.ts";
import { resolvePlain } from "./yaml-scalars.ts";

const IN_QUOTES = /^([ \t]*(?:- +)*(?:[\w./-]{1,200}[ \t]*:[ \t]+)?)(["'])([-+.\w]{1,100})\2[ \t]*(?=#|\r?\n|$)/;

/**
 * The line with the same characters read as the other type: `newTag: 1.10` in quotes, so that it is a text, or `replicas: "4"` without, so that it is a number.
 * Undefined where its value is neither.
 */
export function retypedForm(line: string): QuotedLine | undefined {
  const [, head = "", , inside = ""] = IN_QUOTES.exec(line) ?? [];
  if (isTyped(inside)) return { line: `${head}${inside}${line.slice(head.length + inside.length + 2)}`, at: head.length, value: inside };
  return quotedForms(line).find(({ value }) => isTyped(value));
}

/** Whether without quotes this is a number or a boolean. */
function isTyped(text: string): boolean {
  return text !== "" && ["number", "boolean"].includes(typeof resolvePlain(text));
}

/** Helm's words for a value that a chart's schema wants as another type (values.schema.json). */
const WRONG_TYPE = /at '\/([\w/.-]{1,200})': got (string|number|integer|boolean), want (string|number|integer|boolean)/g;

/** Whether an error says that what this line sets is of the wrong type: by the last part of the value's path. */
export function isOfWrongType(error: string, line: string): boolean {
  const key = /^[ \t]*(?:- +)*(["']?)([\w.-]{1,100})\1[ \t]*:[ \t]+\S/.exec(line)?.[2];
  return key !== undefined && [...error.slice(0, 20_000).matchAll(WRONG_TYPE)].some(([, pointer = ""]) => pointer.split("/").at(-1) === key);
}
