// What a chart's template computes for one field with an action that does not belong there: `{{ .Release.Name }}-settings`, where the ConfigMap itself is called
// `{{ include "shop.fullname" . }}-settings`, or `{{ .Values.basePath }}/health`, where the program answers without it.
import { linesOf } from "../edit/hunks.ts";
import { isChangedBy, LONGEST } from "./template-quotes.ts";

/** One action that stands for a piece of text: no block, and nothing that writes several lines. */
const ACTION = /\{\{-?[ \t]*(?!(?:if|else|end|range|with|define|block|template)\b|\/\*|[ \t-])[^{}\n]{1,200}?-?\}\}/g;
const VALUE = /^([ \t]*(?:- +)?[\w.-]{1,60}:[ \t]+)(\S[^\n]*?)([ \t]*\r?\n?)$/;
const NAME = /^[ \t]{1,4}name:[ \t]+(\S[^\n]*?)[ \t]*\r?\n?$/;

/** The line without one of its actions, for each that stands beside other text. */
export function withoutAction(line: string): string[] {
  if (line.length > LONGEST || /^\s*#/.test(line)) return [];
  return [...line.matchAll(ACTION)].flatMap(({ index, 0: action }) => {
    const [before, after] = [line.slice(0, index), line.slice(index + action.length)];
    return /[\w./-]$/.test(before) || /^[\w./-]/.test(after) ? [`${before}${after}`] : [];
  });
}

/** The line with another expression for the value of its key; undefined where it computes none now. */
export function withExpression(line: string, expression: string): string | undefined {
  const [, head, value, tail] = line.length > LONGEST ? [] : (VALUE.exec(line) ?? []);
  return head === undefined || tail === undefined || !value?.includes("{{") || value === expression ? undefined : `${head}${expression}${tail}`;
}

/** How a template makes the names of its objects: what stands behind `name:` right below `metadata:`. */
export function namesMade(text: string): string[] {
  const lines = linesOf(text);
  return lines.flatMap((line, i) => (/^metadata:\s*$/.test(lines[i - 1] ?? "") ? (NAME.exec(line.slice(0, LONGEST))?.[1] ?? []) : []));
}

/** Whether one line of a template differs, which lost an action or computes what is the name of an object in one of these templates. */
export function hasOtherExpression(path: string, before: string | undefined, after: string, templates: readonly string[]): boolean {
  const [old, now] = [linesOf(before ?? ""), linesOf(after)];
  const isOne = old.filter((line, i) => line !== now[i]).length === 1;
  const names = new Set(templates.flatMap(namesMade));
  return (
    isOne && isChangedBy(path, before, after, (line, is) => withoutAction(line).includes(is) || [...names].some((name) => withExpression(line, name) === is))
  );
}
