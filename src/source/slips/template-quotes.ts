import { linesOf } from "../edit/hunks.ts";

/** Characters of a line of a template beyond which nobody looks for a slip in it. */
export const LONGEST = 1000;
/** One action of a template as the whole value of a key or an item: neither in quotes, nor a block that other lines end, nor one that writes several lines. */
const ALONE = /^([ \t]*(?:- +)*(?:[^\s#"'][^\n"']{0,200}?:[ \t]+)?\{\{-?[ \t]*)([^{}\n]+?)([ \t]*-?\}\}[ \t]*\r?\n?)$/;
const NOT_A_VALUE = /^(?:if|else|end|range|with|define|block|template|include|toYaml|\/\*)\b|\b(?:toYaml|nindent|indent|squote|quote|toJson)\b/;

/** Whether this is a template of a chart, which is YAML only when it is rendered. */
export function isTemplate(path: string): boolean {
  return /(?:^|\/)templates\/.+\.(?:ya?ml|tpl)$/.test(path);
}

/**
 * The line with its one action piped through `quote` (https://helm.sh/docs/chart_template_guide/functions_and_pipelines/), so that YAML reads a text; undefined where
 * it holds another thing.
 */
export function quotedAction(line: string): string | undefined {
  if (line.length > LONGEST) return undefined;
  const [, head, action, tail] = ALONE.exec(line) ?? [];
  if (head === undefined || action === undefined || tail === undefined || NOT_A_VALUE.test(action)) return undefined;
  return `${head}${action} | quote${tail}`;
}

/** The same for a whole number of many digits, which Helm reads as a float and would write as `5e+06`. */
export function quotedWhole(line: string): string | undefined {
  const quoted = quotedAction(line);
  return quoted === undefined || /\bint(?:64)?\b/.test(line) ? undefined : quoted.replace(/ \| quote([ \t]*-?\}\}[ \t]*\r?\n?)$/, " | int64 | quote$1");
}

/** Whether all that differs is that values of a template are piped through `quote`. */
export function isQuotedTemplate(path: string, before: string | undefined, after: string): boolean {
  return isChangedBy(path, before, after, (line, now) => quotedAction(line) === now || quotedWhole(line) === now);
}

/** Whether two versions of a template differ, in as many lines, and each of those in this way alone. */
export function isChangedBy(path: string, before: string | undefined, after: string, isWay: (line: string, now: string) => boolean): boolean {
  if (before === undefined || before === after || !isTemplate(path)) return false;
  const [old, now] = [linesOf(before), linesOf(after)];
  return old.length === now.length && old.every((line, i) => line === now[i] || isWay(line, now[i] ?? ""));
}
