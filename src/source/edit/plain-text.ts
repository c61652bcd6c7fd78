import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { nameOf } from "../git/repository-paths.ts";
import { type Edit, type EditOutcome, editDocument } from "./edit.ts";
import { EditRefused } from "./edit-refused.ts";
import type { FieldPath } from "./field-path.ts";
import { setIn } from "./set-in.ts";
import { yamlText } from "./yaml-text.ts";

/**
 * How a file that is no YAML stands for one document: as a mapping of its lines `KEY=value` (what `envs` of a generator names), or of its own name to its text (what
 * `files` names). Edits say by their path which is meant.
 */
export type TextFormat = "pairs" | "text";

/** Whether a file is read as YAML (or JSON, which is YAML). */
export function isYamlFile(path: string): boolean {
  return /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(path);
}

export function formatOf(file: string, paths: readonly FieldPath[]): TextFormat {
  return paths.length > 0 && paths.every((path) => path.length === 1 && path[0] === nameOf(file)) ? "text" : "pairs";
}

/** The mapping that a file stands for. */
export function textValue(file: string, text: string, format: TextFormat): JsonObject {
  if (format === "text") return { [nameOf(file)]: text };
  return Object.fromEntries(text.split("\n").flatMap((line): [string, Json][] => pairOf(line)));
}

/** The mapping as YAML, for people and models to read, with everything written out. */
export function textAsYaml(value: Json): string {
  return yamlText(value);
}

/** What the mapping is after some edits, as YAML. */
export function editedAsYaml(value: Json, edits: readonly Pick<Edit, "path" | "value">[]): string {
  return textAsYaml(edits.reduce<Json>((made, edit) => setIn(made, edit.path, edit.value) ?? null, value));
}

/** Edits a file that is no YAML; every line that is not edited keeps its bytes. */
export function editText(file: string, text: string, edits: readonly Edit[]): EditOutcome {
  try {
    const format = formatOf(
      file,
      edits.map(({ path }) => path),
    );
    return { kind: "edited", text: edits.reduce((made, edit) => (format === "text" ? wholeText(made, edit) : editPair(made, edit)), text) };
  } catch (thrown) {
    if (thrown instanceof EditRefused) return { kind: "refused", code: thrown.code, message: thrown.message };
    throw thrown;
  }
}

function wholeText(text: string, { within, value }: Edit): string {
  if (within) {
    const inner = editDocument(text, [{ document: 0, path: within, value }]);
    if (inner.kind === "refused") throw new EditRefused(inner.code, inner.message);
    return inner.text;
  }
  if (typeof value !== "string") throw new EditRefused("unsupported", "a file that is no YAML stays text");
  return value;
}

function editPair(text: string, { path, value }: Edit): string {
  const [key, ...more] = path;
  if (typeof key !== "string" || more.length > 0 || !/^[^\s=#][^\s=]*$/.test(key)) throw new EditRefused("unsupported", "only a line KEY=value can be edited");
  if (isObject(value) || Array.isArray(value) || /[\r\n]/.test(String(value))) throw new EditRefused("unsupported", "a value must stay on its line");
  const lines = text.split("\n");
  const own = lines.flatMap((line, i) => (pairOf(line)[0]?.[0] === key ? [i] : []));
  const [at, again] = own;
  if (again !== undefined) throw new EditRefused("unsupported", `${key} is there twice`);
  if (at === undefined && value === undefined) throw new EditRefused("not-found", `there is no ${key}`);
  if (at === undefined) return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${key}=${value}${text.includes("\r\n") ? "\r\n" : "\n"}`;
  const line = lines[at] ?? "";
  if (value === undefined) lines.splice(at, 1);
  else lines[at] = `${line.slice(0, line.indexOf("=") + 1)}${value}${line.endsWith("\r") ? "\r" : ""}`;
  return lines.join("\n");
}

/** As kustomize reads lines of `envs`: white space in front, `#` for comments, the first `=` ends the key. */
function pairOf(line: string): [string, string][] {
  const match = /^\s*([^\s=#][^\s=]*)=(.*?)\r?$/.exec(line.replace(/^\uFEFF/, ""));
  return match?.[1] === undefined ? [] : [[match[1], match[2] ?? ""]];
}
