import { commonEnds } from "../edit/common-ends.ts";

/** `${name}` of Flux, `$(NAME)` of kustomize's vars, and `{{ … }}` of Helm's tpl and of ApplicationSets. */
const VARIABLE = /\$\{[^}]*\}|\$\([\w.-]+\)|\{\{.*?\}\}/s;

/** Longest text that is compared with what became of it, in characters, and most variables in one: the search is not linear. */
const MAX = { length: 2000, variables: 5 };

/** Whether a text has parts that are filled in when it is rendered. */
export function hasVariables(text: string): boolean {
  return VARIABLE.test(text);
}

/** Whether a rendered text can be what a template became: its literal parts are there, in order. */
export function fillsTemplate(template: string, rendered: string): boolean {
  return spansOf(template, rendered) !== undefined;
}

/** The template with the one literal part changed that makes `before` `after`; undefined where the difference is (also) in what is filled in. */
export function changeLiteral(template: string, before: string, after: string): string | undefined {
  const literals = literalsOf(template);
  const spans = spansOf(template, before);
  if (!spans) return undefined;
  const { head, tail } = commonEnds(before, after);
  const end = before.length - tail;
  const index = spans.findIndex(({ from, to }) => from <= head && end <= to && (head < end || from < to || literals.length === 1));
  const [span, literal] = [spans[index], literals[index]];
  if (!span || !literal || isOfFilled(before, after, { head, end, span })) return undefined;
  const changed = literal.text.slice(0, head - span.from) + after.slice(head, after.length - tail) + literal.text.slice(end - span.from);
  return template.slice(0, literal.at) + changed + template.slice(literal.at + literal.text.length);
}

/** Whether what comes between two characters would make one word with what is filled in there: `80` becomes `8080` by another value, not by a literal behind it. */
function isOfFilled(before: string, after: string, { head, end, span }: { head: number; end: number; span: { from: number; to: number } }): boolean {
  const come = after.slice(head, after.length - (before.length - end));
  const isWord = (text: string | undefined) => text !== undefined && /[A-Za-z0-9]/.test(text);
  if (head !== end) return false;
  return (head === span.from && isWord(before[head - 1]) && isWord(come[0])) || (head === span.to && isWord(before[head]) && isWord(come.at(-1)));
}

/** Where the literal parts of a template stand in it. */
function literalsOf(template: string): { text: string; at: number }[] {
  const literals: { text: string; at: number }[] = [];
  let at = 0;
  for (const match of template.matchAll(new RegExp(VARIABLE, "gs"))) {
    literals.push({ text: template.slice(at, match.index), at });
    at = match.index + match[0].length;
  }
  return [...literals, { text: template.slice(at), at }];
}

/** Where the literal parts stand in the rendered text: each at its first possible place, the last one at the end. */
function spansOf(template: string, rendered: string): { from: number; to: number }[] | undefined {
  const literals = literalsOf(template);
  if (template.length > MAX.length || rendered.length > MAX.length || literals.length > MAX.variables + 1) return undefined;
  const spans: { from: number; to: number }[] = [];
  let at = 0;
  for (const [i, { text }] of literals.entries()) {
    const last = i === literals.length - 1;
    const from = i === 0 ? 0 : last ? rendered.length - text.length : rendered.indexOf(text, at);
    if (from < at || !rendered.startsWith(text, from)) return undefined;
    at = from + text.length;
    spans.push({ from, to: at });
  }
  return at === rendered.length ? spans : undefined;
}
