import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { goValue } from "./go-expression.ts";

export type Parameters = JsonObject;

/** What a template or generator means cannot be told from git alone. */
export class Undecidable extends Error {}

/** An ApplicationSet's template with parameters filled in: `{{name}}`, or with Go templates `{{ .name.key }}` `{{ index .path.segments 1 }}` and plain functions of text; nothing cleverer. */
export function fillTemplate(template: Json, parameters: Parameters, go: boolean): Json {
  if (typeof template === "string") return fill(template, parameters, go);
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, parameters, go));
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, item]): [string, Json] => [fill(key, parameters, go), fillTemplate(item, parameters, go)]));
}

function fill(text: string, parameters: Parameters, go: boolean): string {
  let result = "";
  let from = 0;
  for (let open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", from)) {
    const close = text.indexOf("}}", open);
    if (close < 0) throw new Undecidable(`its template has an open {{ in ${text.slice(open, open + 40)}`);
    let [before, inner] = [text.slice(from, open), text.slice(open + 2, close)];
    from = close + 2;
    // `{{-` and `-}}` of Go templates eat the white space around them.
    if (go && /^-\s/.test(inner)) [before, inner] = [before.trimEnd(), inner.slice(1)];
    if (go && /\s-$/.test(inner)) {
      inner = inner.slice(0, -1);
      from = text.length - text.slice(from).trimStart().length;
    }
    result += before + parameterAt(inner.trim(), parameters, go);
  }
  return result + text.slice(from);
}

function parameterAt(expression: string, parameters: Parameters, go: boolean): string {
  const value = go ? goValue(expression, parameters) : Object.hasOwn(parameters, expression) ? parameters[expression] : undefined;
  if (value === undefined || value === null || typeof value === "object")
    throw new Undecidable(`its template has {{${expression.slice(0, 80)}}}, which is not a plain parameter`);
  return String(value);
}
