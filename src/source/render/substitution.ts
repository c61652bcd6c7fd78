import { isObject, type Json, type JsonObject, type KubeObject, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { isPlainSafe } from "../edit/yaml-scalars.ts";

export type SubstitutionOutcome = { kind: "substituted"; objects: KubeObject[] } | { kind: "failed"; message: string };

const SWITCH = "kustomize.toolkit.fluxcd.io/substitute";
const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*/;

class SubstitutionFailed extends Error {}

/**
 * Flux `spec.postBuild`: replaces `${var}`, `${var:-default}` and `${var:=default}` in every object. Flux does this on the object's YAML, so a value that
 * stands unquoted there may change its type: `"${port}"` becomes a number. `$${var}` stays as `${var}`.
 */
export function substitute(objects: readonly KubeObject[], variables: ReadonlyMap<string, string>): SubstitutionOutcome {
  try {
    return { kind: "substituted", objects: objects.map((object) => (isSwitchedOff(object) ? object : { ...object, ...fields(object, variables) })) };
  } catch (thrown) {
    if (thrown instanceof SubstitutionFailed) return { kind: "failed", message: `post build failed: ${thrown.message}` };
    throw thrown;
  }
}

/** A document with what its variables stand for where nothing sets them: `${CPU:=10m}` and `${CPU:-10m}` as `10m`. Text stays text, and other variables stay as they are. */
export function withDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withDefaults);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withDefaults(child)]));
  return typeof value === "string" ? value.replaceAll(/\$\{[_a-zA-Z][_a-zA-Z0-9]*:[=-]([^{}$]*)\}/g, "$1") : value;
}

function isSwitchedOff(object: KubeObject): boolean {
  return [textAt(object, "metadata", "annotations", SWITCH), textAt(object, "metadata", "labels", SWITCH)].includes("disabled");
}

function fields(object: JsonObject, variables: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.includes("${") ? expand(key, variables) : key, substituted(value, variables)]));
}

function substituted(value: Json, variables: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => substituted(item, variables));
  if (isObject(value)) return fields(value, variables);
  if (typeof value !== "string" || !value.includes("${")) return value;
  const text = expand(value, variables);
  if (!isPlain(value)) return text;
  const outcome = parseYaml(`- ${text}\n`);
  const list = outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
  if (!Array.isArray(list) || list.length !== 1) throw new SubstitutionFailed(`${value} becomes ${text.slice(0, 100)}, which is no valid YAML there`);
  return list[0] ?? null;
}

/** Whether goyaml writes this string unquoted; braces inside a word need no quotes there. */
function isPlain(value: string): boolean {
  return !value.includes("\n") && isPlainSafe(value.replaceAll(/[{}[\],]/g, "_"));
}

/** Linear scan; what looks like a variable but has a form that Flux does not know fails, as it does there. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let result = "";
  let at = 0;
  for (let open = text.indexOf("${"); open >= 0; open = text.indexOf("${", at)) {
    const close = text.indexOf("}", open);
    if (close < 0) throw new SubstitutionFailed(`missing closing brace in ${text.slice(open, open + 40)}`);
    const escaped = text[open - 1] === "$" && open > at;
    result += text.slice(at, escaped ? open - 1 : open);
    result += escaped ? text.slice(open, close + 1) : evaluated(text.slice(open + 2, close), variables);
    at = close + 1;
  }
  return result + text.slice(at);
}

function evaluated(expression: string, variables: ReadonlyMap<string, string>): string {
  const name = NAME.exec(expression)?.[0];
  if (name === undefined) throw new SubstitutionFailed(`\${${expression}} names no variable`);
  const set = variables.get(name);
  const rest = expression.slice(name.length);
  if (rest === "") {
    if (set === undefined) throw new SubstitutionFailed(`variable not set (strict mode): "${name}"`);
    return set;
  }
  const fallback = /^(?::=|:-|=|-)/.exec(rest)?.[0];
  if (fallback) return set === undefined || (set === "" && fallback.startsWith(":")) ? rest.slice(fallback.length) : set;
  const transform = set === undefined ? undefined : transformed(set, rest);
  if (transform === undefined) throw new SubstitutionFailed(`\${${expression}} is a form that Kube AutoFix does not evaluate`);
  return transform;
}

/** Case changes and substrings, the other forms of Flux's envsubst in use. */
function transformed(value: string, form: string): string | undefined {
  if (form === "^^") return value.toUpperCase();
  if (form === ",,") return value.toLowerCase();
  if (form === "^") return value.charAt(0).toUpperCase() + value.slice(1);
  if (form === ",") return value.charAt(0).toLowerCase() + value.slice(1);
  const range = /^:(\d{1,6})(?::(\d{1,6}))?$/.exec(form);
  if (!range) return undefined;
  const start = Number(range[1]);
  return range[2] === undefined ? value.slice(start) : value.slice(start, start + Number(range[2]));
}
