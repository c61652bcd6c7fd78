// Settings that a ConfigMap has in another form now: a file that became variables or variables that became a file (`files` and `envs` of a generator), and a
// file under another key. What they would be in the old form, with today's values: nothing that a commit wanted is lost.
import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { editText, textValue } from "../edit/plain-text.ts";
import { isSameFile } from "./alike.ts";

/** What comes into the data of a ConfigMap, and the keys that go in exchange. */
export interface OldForm {
  come: JsonObject;
  go: string[];
}

/** Today's settings in the form in which the data had this key; undefined where the key did not go, or nobody can tell what became of it. */
export function oldForm(then: JsonObject, now: JsonObject, key: string): OldForm | undefined {
  const held = Object.hasOwn(then, key) ? then[key] : undefined;
  if (typeof held !== "string" || Object.hasOwn(now, key)) return undefined;
  const came = Object.fromEntries(Object.entries(now).filter(([other]) => !Object.hasOwn(then, other)));
  return held.includes("\n") ? (otherKey(held, came, key) ?? fileAgain(held, came, key)) : variablesAgain(came, key);
}

/** The file is there as one that came, and only as that: no part of it is in another one. */
function otherKey(held: string, came: JsonObject, key: string): OldForm | undefined {
  const [only, ...more] = Object.entries(came).filter(([, text]) => isText(text) && isSameFile(held, text));
  const isParted =
    only && Object.entries(came).some(([name, text]) => name !== only[0] && linesOf(text).some((line) => holds(held, line) && !holds(only[1], line)));
  return only && more.length === 0 && !isParted ? { come: { [key]: only[1] }, go: [only[0]] } : undefined;
}

function linesOf(text: Json | undefined): string[] {
  return isText(text) ? text.split("\n").filter((line) => line.trim() !== "") : [];
}

function holds(text: Json | undefined, line: string): boolean {
  return linesOf(text).includes(line);
}

/** The lines of the file are variables: at least half of them are there, and what else came beside them would stand at its end. */
function fileAgain(held: string, came: JsonObject, key: string): OldForm | undefined {
  const pairs = pairsIn(held);
  const variables = Object.entries(came).filter(([, value]) => !isText(value));
  const kept = Object.keys(pairs ?? {}).filter((name) => variables.some(([other]) => other === name));
  if (!pairs || kept.length === 0 || kept.length * 2 < Object.keys(pairs).length) return undefined;
  const gone = Object.keys(pairs).filter((name) => !kept.includes(name));
  const changed = variables.filter(([name, value]) => pairs[name] !== value);
  const edits = [...changed, ...gone.map((name): [string, undefined] => [name, undefined])].map(([name, value]) => ({ document: 0, path: [name], value }));
  const edited = editText(key, held, edits);
  return edited.kind === "edited" ? { come: { [key]: edited.text }, go: variables.map(([name]) => name) } : undefined;
}

/** The variable is a line of the only file that came. */
function variablesAgain(came: JsonObject, key: string): OldForm | undefined {
  const files = Object.entries(came).flatMap(([name, text]) => {
    const pairs = isText(text) ? pairsIn(text) : undefined;
    return pairs && Object.hasOwn(pairs, key) ? [{ name, pairs }] : [];
  });
  const [only, ...more] = files;
  return only && more.length === 0 ? { come: only.pairs, go: [only.name] } : undefined;
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("\n");
}

/** The pairs of a text that has nothing but lines `KEY=value`, each key once, comments and empty lines. */
export function pairsIn(text: string): JsonObject | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const pairs = textValue("", text, "pairs");
  return isObject(pairs) && lines.length > 0 && Object.keys(pairs).length === lines.length ? pairs : undefined;
}
