/** How many columns an editor may show a tab as: nobody knows what the author's did. */
export const TAB_WIDTHS: readonly number[] = [2, 4, 8];

/** The white space in front of a line. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** How far a line is indented, with tabs as wide as this. */
export function columnOf(line: string, tab: number): number {
  return [...indentOf(line)].reduce((sum, character) => sum + (character === "\t" ? tab : 1), 0);
}

/** The line without its indentation, and without its end. */
export function contentOf(line: string): string {
  return line.trim();
}

/** The lines with the first at this column and the others as far from it as they are, in spaces; undefined where one would have to begin before the margin. */
export function moved(lines: readonly string[], to: number, tab: number): string[] | undefined {
  const by = to - columnOf(lines[0] ?? "", tab);
  if (lines.some((line) => contentOf(line) !== "" && columnOf(line, tab) + by < 0)) return undefined;
  return lines.map((line) => (contentOf(line) === "" ? line : `${" ".repeat(columnOf(line, tab) + by)}${line.slice(indentOf(line).length)}`));
}

/** The lines that a text's changes touched, by position, from 0. */
export function touchedLines(hunks: readonly { at: number; after: readonly string[] }[]): Set<number> {
  return new Set(hunks.flatMap(({ at, after }) => after.map((_, i) => at + i)));
}
