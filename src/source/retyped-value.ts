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
