import { at, type Json, type JsonObject } from "../../cluster/objects.ts";

type Call = (value: string, args: readonly string[]) => string;

/** The functions of Go templates (Sprig and Argo CD's own) that need nothing but text; by far the most used in ApplicationSets. The value comes last, as in a pipeline. */
const FUNCTIONS: Readonly<Record<string, { args: number; call: Call }>> = {
  lower: { args: 0, call: (value) => value.toLowerCase() },
  upper: { args: 0, call: (value) => value.toUpperCase() },
  trim: { args: 0, call: (value) => value.trim() },
  quote: { args: 0, call: (value) => JSON.stringify(value) },
  toString: { args: 0, call: (value) => value },
  normalize: { args: 0, call: normalized },
  default: { args: 1, call: (value, [fallback = ""]) => (value === "" ? fallback : value) },
  trimPrefix: { args: 1, call: (value, [prefix = ""]) => (value.startsWith(prefix) ? value.slice(prefix.length) : value) },
  trimSuffix: { args: 1, call: (value, [suffix = ""]) => (suffix !== "" && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value) },
  replace: { args: 2, call: (value, [from = "", to = ""]) => (from === "" ? value : value.replaceAll(from, to)) },
};

/** What a git generator does to a name so that it can be a label or a host (Argo CD docs, "Git Generator": `basenameNormalized`). */
export function normalized(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-.]/g, "-")
    .slice(0, 253);
}

/** The value of `.name.key`, `index .path.segments 1`, or one of them through a pipeline of plain functions; undefined for anything cleverer. */
export function goValue(expression: string, parameters: JsonObject): Json | undefined {
  const [first = [], ...calls] = pipeline(expression);
  const start = startOf(first, parameters);
  if (calls.length === 0 || start === undefined || typeof start === "object") return start;
  let value = String(start);
  for (const [name = "", ...args] of calls) {
    const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    const texts = args.map(literal);
    if (!called || texts.length !== called.args || texts.includes(undefined)) return undefined;
    value = called.call(
      value,
      texts.flatMap((text) => text ?? []),
    );
  }
  return value;
}

/** Words of each stage; quoted texts are one word. */
function pipeline(expression: string): string[][] {
  const words = expression.match(/"(?:[^"\\]|\\.){0,200}"|`[^`]{0,200}`|\||[^\s|]+/g) ?? [];
  const stages: string[][] = [[]];
  for (const word of words) {
    if (word === "|") stages.push([]);
    else stages.at(-1)?.push(word);
  }
  return stages;
}

/** `.a.b`, `index .a "b" 1`, or a function with its arguments in front of the value. */
function startOf(words: readonly string[], parameters: JsonObject): Json | undefined {
  const [name = "", ...args] = words;
  if (words.length === 1) return field(name, parameters);
  if (name === "index") {
    const keys = args.slice(1).map((word) => (/^\d{1,3}$/.test(word) ? Number(word) : literal(word)));
    const value = field(args[0] ?? "", parameters);
    return keys.includes(undefined) ? undefined : at(value, ...keys.flatMap((key) => key ?? []));
  }
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  const value = field(args.at(-1) ?? "", parameters);
  const texts = args.slice(0, -1).map(literal);
  if (!called || texts.length !== called.args || texts.includes(undefined) || value === undefined || typeof value === "object") return undefined;
  return called.call(
    String(value ?? ""),
    texts.flatMap((text) => text ?? []),
  );
}

function field(word: string, parameters: JsonObject): Json | undefined {
  return /^(?:\.\w+)+$/.test(word) ? at(parameters, ...word.slice(1).split(".")) : undefined;
}

function literal(word: string): string | undefined {
  if (word.startsWith("`")) return word.slice(1, -1);
  if (!word.startsWith('"')) return undefined;
  try {
    return String(JSON.parse(word));
  } catch {
    return undefined;
  }
}
