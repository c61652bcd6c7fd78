import type { Json } from "../../cluster/objects.ts";

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_JSON = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * What an unquoted scalar means to Kubernetes, which reads YAML with goyaml.v2: `y/n/on/off` are booleans, `0644` and `0o644` octal, underscores are
 * ignored in numbers, `22:22` and dates are text. Undefined for infinities and NaN, which JSON cannot say.
 */
export function resolvePlain(text: string): Json | undefined {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NOT_JSON.test(text)) return undefined;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.replaceAll("_", "");
  const integer = INTEGER.exec(digits);
  if (integer) return (integer[1] === "-" ? -1 : 1) * magnitude(integer);
  if (!FLOAT.test(digits)) return text;
  const number = Number(digits);
  return Number.isFinite(number) ? number : undefined;
}

function magnitude([, , hex, binary, octal, decimal]: RegExpExecArray): number {
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (binary !== undefined) return Number.parseInt(binary, 2);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return Number(decimal);
}

/** YAML 1.1 readers other than Kubernetes' take these for sexagesimal numbers and dates. */
const OTHER_DIALECTS = /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|=|<<)$/;

/**
 * Whether this text can stand unquoted and still be the same string, in every dialect that reads manifests. Stricter than YAML: characters that need
 * a second look are quoted.
 */
export function isPlainSafe(text: string, context: "block" | "flow" = "flow"): boolean {
  if (resolvePlain(text) !== text || OTHER_DIALECTS.test(text)) return false;
  if (!/^[A-Za-z0-9_./$()+^~\\;<=-]/.test(text) || /^[-?:](?:\s|$)/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (!PRINTABLE.test(text)) return false;
  return !/: |:$| #| $/.test(text) && (context === "block" || !/[,[\]{}]/.test(text));
}

export type ScalarStyle = "plain" | "single" | "double";

/** The text of a scalar value. A string keeps the style it had as long as that can hold it; other types are plain. */
export function scalarText(value: null | boolean | number | string, style: ScalarStyle, context: "block" | "flow" = "flow"): string {
  if (typeof value !== "string") return value === null ? "null" : String(value);
  if (style === "plain" && isPlainSafe(value, context)) return value;
  if (style === "single" && PRINTABLE.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return doubleQuoted(value);
}

/** Characters that stand for themselves in every dialect: YAML 1.1 breaks lines at U+2028 and U+2029 as well, and lets no control characters stand. */
const PRINTABLE = /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe]*$/u;

/** As JSON has it, with what YAML 1.1 would not let stand between quotes escaped as well. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
