/** The documents of a file in which two texts of it differ; the ones around them are the same, byte by byte. */
export interface ChangedDocuments {
  /** How many documents stand before them. */
  offset: number;
  before: string;
  after: string;
}

/**
 * Takes from a file of many documents those that differ, so that the others need not be parsed. A line that begins with `---` ends a document wherever it
 * stands, also in texts (YAML 1.2, 9.1.2: c-forbidden). Where a file has directives or `...`, which reach beyond a document, it is taken whole.
 */
export function changedDocuments(before: string, after: string): ChangedDocuments {
  const whole = { offset: 0, before, after };
  if (/^(?:%|\.\.\.)/m.test(before) || /^(?:%|\.\.\.)/m.test(after)) return whole;
  const [old, now] = [chunks(before), chunks(after)];
  let first = 0;
  while (first < Math.min(old.length, now.length) - 1 && old[first] === now[first]) first++;
  let same = 0;
  while (same < Math.min(old.length, now.length) - first - 1 && old.at(-1 - same) === now.at(-1 - same)) same++;
  const middle = (all: readonly string[]) => all.slice(first, all.length - same).join("");
  return { offset: documentsIn(old.slice(0, first)), before: middle(old), after: middle(now) };
}

/** The text in pieces, each but the first beginning with its `---` line. */
function chunks(text: string): string[] {
  return text.split(/^(?=---(?:[ \t\r\n]|$))/m);
}

/** What stands before the first `---` is a document only if there is more than comments in it. */
function documentsIn(pieces: readonly string[]): number {
  return pieces.filter((piece, i) => i > 0 || piece.startsWith("---") || /^[\uFEFF \t]*[^\s#]/m.test(piece)).length;
}
