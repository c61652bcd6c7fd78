import type { z } from "zod";

/** What is wrong at one place of a settings file; `path` leads there from the root, through keys and indexes. */
export interface SettingProblem {
  path: readonly (string | number)[];
  /** A sentence for people, with the path in it. */
  message: string;
}

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const MOST_PROBLEMS = 50;

/** zod's issues in words: what has to be there, as the published schema says it. At most 50. */
export function problemsOf(error: z.ZodError, published: JsonSchema): SettingProblem[] {
  return error.issues.flatMap((issue) => sentences(issue, published)).slice(0, MOST_PROBLEMS);
}

function sentences(issue: z.core.$ZodIssue, root: JsonSchema): SettingProblem[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const node = path.reduce(below, root);
  if (issue.code === "unrecognized_keys") {
    const known = `${path.length === 0 ? "There are" : `${formatPath(path)} has`}: ${Object.keys(node.properties ?? {}).join(", ")}.`;
    return issue.keys.map((key) => ({ path: [...path, key], message: `${formatPath([...path, key])} is no setting. ${known}` }));
  }
  const where = path.length === 0 ? "The file" : formatPath(path);
  const what = issue.code === "custom" ? issue.message : `must be ${expectation(node)}`;
  return [{ path, message: `${where} ${what}.` }];
}

function below(schema: JsonSchema, part: string | number): JsonSchema {
  const found = typeof part === "number" ? [schema.items].flat()[0] : schema.properties?.[part];
  return typeof found === "object" ? found : {};
}

function expectation(node: JsonSchema): string {
  if (node.enum) return `one of ${node.enum.join(", ")}`;
  switch (node.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number from ${node.minimum} to ${node.maximum}`;
    case "number":
      return `a number from ${node.minimum} to ${node.maximum}`;
    case "array":
      return `a list of ${(node.minItems ?? 0) === 0 ? "at most" : `${node.minItems} to`} ${node.maxItems} entries`;
    case "string":
      return text(node);
    default:
      return `a mapping of ${node.required ? "at least " : ""}${(node.required ?? Object.keys(node.properties ?? {})).join(", ")}`;
  }
}

function text({ examples = [], maxLength }: JsonSchema): string {
  const such = examples.length > 0 ? ` such as ${examples.join(" or ")}` : "";
  return `text${such}${maxLength === undefined ? "" : `, at most ${maxLength} characters`}`;
}

/** `quietHours.windows[0].from` */
function formatPath(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${shown(part)}`)).join("");
}

/** Keys come out of files that anybody may propose. */
function shown(key: string): string {
  return /^[\w-]{1,60}$/.test(key) ? key : JSON.stringify(key.length > 60 ? `${key.slice(0, 60).toWellFormed()}…` : key);
}
