import { at, isObject, type Json, type JsonObject } from "../cluster/objects.ts";

export type Parameters = JsonObject;

/** What a template or generator means cannot be told from git alone. */
export class Undecidable extends Error {}

/** An ApplicationSet's template with parameters filled in: `{{name}}`, or with Go templates `{{ .name.key }}` and `{{ index .path.segments 1 }}`; nothing cleverer. */
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
    const expression = text.slice(open + 2, close).trim();
    result += text.slice(from, open) + parameterAt(expression, parameters, go);
    from = close + 2;
  }
  return result + text.slice(from);
}

function parameterAt(expression: string, parameters: Parameters, go: boolean): string {
  const value = go ? goValue(expression, parameters) : Object.hasOwn(parameters, expression) ? parameters[expression] : undefined;
  if (value === undefined || value === null || typeof value === "object")
    throw new Undecidable(`its template has {{${expression.slice(0, 80)}}}, which is not a plain parameter`);
  return String(value);
}

function goValue(expression: string, parameters: Parameters): Json | undefined {
  const indexed = /^index\s+((?:\.\w+)+)\s+(\d{1,3}|"[^"\\]{1,100}")$/.exec(expression);
  if (indexed?.[1] && indexed[2]) {
    const key = indexed[2].startsWith('"') ? indexed[2].slice(1, -1) : Number(indexed[2]);
    return at(parameters, ...indexed[1].slice(1).split("."), key);
  }
  return /^(?:\.\w+)+$/.test(expression) ? at(parameters, ...expression.slice(1).split(".")) : undefined;
}
