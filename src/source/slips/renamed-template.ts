// A named template that got another name in a chart, while some call still has the old one (Helm docs, "Named Templates").
import { isInTemplates } from "../git/repository-paths.ts";
import type { BasisFile } from "./text-basis.ts";

const DEFINE = /\{\{-?\s*define\s+"(?<name>[\w./-]{1,120})"\s*-?\}\}/g;

/**
 * What a template that is no longer defined is called now: the only one that came since the last good revision and makes the same, by its text. Undefined where
 * there is none, or several.
 */
export function renamedTemplate(files: readonly BasisFile[], name: string): string | undefined {
  const templates = files.filter(({ path }) => isInTemplates(path));
  const [then, now] = [templates.map(({ lastGood }) => lastGood), templates.map(({ text }) => text)].map((texts) => texts.flatMap(definedIn));
  const old = then?.find((one) => one.name === name);
  if (!old || now?.some((one) => one.name === name)) return undefined;
  const came = (now ?? []).filter((one) => !then?.some((other) => other.name === one.name));
  const [only, ...more] = came.filter((one) => one.body === old.body.replaceAll(`"${name}"`, `"${one.name}"`));
  return more.length === 0 ? only?.name : undefined;
}

interface Defined {
  name: string;
  /** Up to the next definition, or the end of its file. */
  body: string;
}

function definedIn(text = ""): Defined[] {
  const starts = [...text.matchAll(DEFINE)];
  return starts.map((match, i) => ({
    name: match.groups?.name ?? "",
    body: text.slice(match.index + match[0].length, starts[i + 1]?.index).trim(),
  }));
}
