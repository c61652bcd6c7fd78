// What a part of a text becomes, so that the whole text does: a value that a template writes into a line, or a line among others.
import { changeLiteral, fillsTemplate } from "./template-text.ts";

/** Most lines of a text that are compared with those of another. */
const MAX_LINES = 500;

/**
 * What may stand in the place of `part`, so that `before` becomes `after`: in one of its places, in all of them, or, in text of several lines, in every line that differs.
 */
export function replacementsIn(before: string, part: string, after: string): string[] {
  const lines = changedLines(before, after) ?? [];
  const [first, ...others] = lines.map(([was, is]) => [...inOnePlace(was, part, is), ...inAllPlaces(was, part, is)]);
  const everywhere = (first ?? []).filter((text) => others.every((texts) => texts.includes(text)));
  return [...new Set([...inOnePlace(before, part, after), ...inAllPlaces(before, part, after), ...everywhere])];
}

function inOnePlace(before: string, part: string, after: string): string[] {
  const found: string[] = [];
  for (let at = before.indexOf(part); at >= 0; at = before.indexOf(part, at + 1)) {
    const [head, tail] = [before.slice(0, at), before.slice(at + part.length)];
    const fits = after.length > head.length + tail.length && after.startsWith(head) && after.endsWith(tail);
    if (fits) found.push(after.slice(head.length, after.length - tail.length));
  }
  return found;
}

function inAllPlaces(before: string, part: string, after: string): string[] {
  const count = before.split(part).length - 1;
  const length = part.length + (after.length - before.length) / Math.max(count, 1);
  const at = before.indexOf(part);
  if (count < 2 || !Number.isInteger(length) || length < 1) return [];
  const text = after.slice(at, at + length);
  return before.replaceAll(part, () => text) === after ? [text] : [];
}

/** The lines that differ between two texts of as many lines. */
export function changedLines(before: string, after: string): [before: string, after: string][] | undefined {
  const [old, now] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  if (old.length !== now.length || old.length < 2 || old.length > MAX_LINES) return undefined;
  return old.flatMap((line, i): [string, string][] => (line === now[i] ? [] : [[line, now[i] ?? ""]]));
}

/** A text that a template writes out between others, or fills in: with the one line that `before` has otherwise in `after`. */
export function withLineOf(text: string, before: string, after: string): string | undefined {
  const changed = changedLines(before, after);
  if (!changed || changed.length === 0) return undefined;
  const lines = text.split("\n");
  for (const [was, is] of changed) {
    const [at, ...more] = lines.flatMap((line, i) => (isLine(line, was) ? [i] : []));
    const line = at === undefined ? "" : (lines[at] ?? "");
    const now = line.trim() === was.trim() ? is.trim() : changeLiteral(line.trim(), was.trim(), is.trim());
    if (at === undefined || more.length > 0 || now === undefined) return undefined;
    lines[at] = line.replace(line.trim(), () => now);
  }
  return lines.join("\n");
}

/** Whether one of the lines of a text may have become one of another. */
export function sharesLine(text: string, rendered: string): boolean {
  const lines = new Set(rendered.split("\n").map((line) => line.trim()));
  return text.split("\n").some((line) => line.trim().length > 3 && lines.has(line.trim()));
}

function isLine(line: string, rendered: string): boolean {
  const [own, made] = [line.trim(), rendered.trim()];
  return own !== "" && (own === made || (own.includes("{") && /[^{}\s]/.test(own.replaceAll(/\{\{.*?\}\}|\$\{.*?\}/g, "")) && fillsTemplate(own, made)));
}
