import { resolvePlain } from "../edit/yaml-scalars.ts";
import { type QuotedLine, quotedForms } from "./quoted-value.ts";

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

const WITH_UNIT = /^([ \t]*(?:- +)*([\w-]{1,100})[ \t]*:[ \t]+)["']?(\d{1,9})([A-Za-z]{1,2})["']?([ \t]*(?:#.*)?\r?\n?)$/;
/** Units that a key names at its end where its value is a number of them: `sizeMb`, `timeoutSeconds`. */
const NAMED_UNITS: readonly [key: RegExp, units: readonly string[]][] = [
  [/m(?:i?b|ega?bytes|ebibytes)$/i, ["m", "mb", "mi"]],
  [/g(?:i?b|iga?bytes|ibibytes)$/i, ["g", "gb", "gi"]],
  [/(?:ms|milli(?:s|seconds)?)$/i, ["ms"]],
  [/(?:sec|secs|seconds)$/i, ["s"]],
  [/(?:min|mins|minutes)$/i, ["m"]],
];

/** The line without the unit that its key has already, `sizeMb: 64Mi`; undefined where that says something else. */
export function withoutUnit(line: string): string | undefined {
  const [, head = "", key = "", digits = "", unit = "", rest = ""] = WITH_UNIT.exec(line) ?? [];
  const named = NAMED_UNITS.some(([name, units]) => name.test(key) && units.includes(unit.toLowerCase()));
  return named ? `${head}${digits}${rest}` : undefined;
}

/** Helm's words for a value that a chart's schema wants as another type (values.schema.json). */
const WRONG_TYPE = /at '\/([\w/.-]{1,200})': got (string|number|integer|boolean), want (string|number|integer|boolean)/g;

/** Whether an error says that what this line sets is of the wrong type: by the last part of the value's path. */
export function isOfWrongType(error: string, line: string): boolean {
  const key = /^[ \t]*(?:- +)*(["']?)([\w.-]{1,100})\1[ \t]*:[ \t]+\S/.exec(line)?.[2];
  return key !== undefined && [...error.slice(0, 20_000).matchAll(WRONG_TYPE)].some(([, pointer = ""]) => pointer.split("/").at(-1) === key);
}
