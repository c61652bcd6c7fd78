import { SUCCEEDED_KINDS, successorOf } from "../../cluster/api-successors.ts";
import { linesOf, withLineAt } from "../edit/hunks.ts";
import { backendsInV1 } from "./ingress-lines.ts";

const API_VERSION = /^apiVersion:( *)(["']?)([\w./-]{1,120})\2(\s*)$/;

/** The version of a whole line that says nothing but an apiVersion. */
export function apiVersionOf(line: string | undefined): string | undefined {
  return API_VERSION.exec(line ?? "")?.[3];
}

/** The text with the apiVersion of its line at this position replaced by its successor, and with it what the successor calls otherwise; undefined where the kind of the document around it has none. */
export function succeeded(text: string, at: number): string | undefined {
  const lines = linesOf(text);
  const version = apiVersionOf(lines[at]);
  const kind = version === undefined ? undefined : kindAround(lines, at);
  const to = version !== undefined && kind !== undefined ? successorOf(kind, version) : undefined;
  const line = to && lines[at]?.replace(API_VERSION, (_, space: string, quote: string, __, end: string) => `apiVersion:${space}${quote}${to}${quote}${end}`);
  if (!line) return undefined;
  if (kind !== "Ingress") return withLineAt(lines, at, line);
  const [first, end] = documentAround(lines, at);
  const document = backendsInV1(lines.slice(first, end).map((one, i) => (first + i === at ? line : one)));
  return document && [...lines.slice(0, first), ...document, ...lines.slice(end)].join("");
}

/** Positions, from 0, of the lines that ask for this kind in this version. Works on lines: templates are no YAML. */
export function linesAsking(text: string, kind: string, apiVersion: string): number[] {
  const lines = linesOf(text);
  return lines.flatMap((line, at) => (apiVersionOf(line) === apiVersion && kindAround(lines, at) === kind ? [at] : []));
}

/** The kind of the one document around a line; undefined where it is not one of those with a successor, or two are not told apart. */
function kindAround(lines: readonly string[], at: number): string | undefined {
  const document = lines.slice(...documentAround(lines, at));
  const kinds = document.flatMap((line) => /^["']?kind["']?\s*:\s*["']?([\w.{-]{0,100})/.exec(line)?.[1] ?? []);
  const [kind, ...more] = kinds;
  const isAlone = more.length === 0 && document.filter((line) => /^["']?apiVersion["']?\s*:/.test(line)).length === 1;
  return kind !== undefined && isAlone && SUCCEEDED_KINDS.has(kind) ? kind : undefined;
}

function documentAround(lines: readonly string[], at: number): [from: number, to: number] {
  const isMark = (line: string | undefined) => line === undefined || line.startsWith("---");
  let [from, to] = [at, at];
  while (!isMark(lines[from - 1])) from--;
  while (!isMark(lines[to + 1])) to++;
  return [from, to + 1];
}
