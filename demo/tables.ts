import { wrap } from "./text.ts";

/** Lays a Markdown table out for a terminal: columns one below the other, wide cells over several lines. */
export function layTable(rows: readonly string[], width: number): string[] {
  const cells = rows.filter((row) => !/^\|[-|: ]+\|$/.test(row)).map(cellsOf);
  const widths = columnWidths(cells, width);
  return cells.flatMap((row) => {
    const columns = widths.map((room, i) => wrap(row[i] ?? "", room));
    const height = Math.max(...columns.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      widths
        .map((room, i) => (columns[i]?.[line] ?? "").padEnd(room))
        .join("  ")
        .trimEnd(),
    );
  });
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll(/\\(.)/g, "$1").replaceAll("`", ""));
}

/** Every column as wide as its widest cell; what is too much is taken from the widest one. */
function columnWidths(cells: readonly string[][], width: number): number[] {
  const widths = (cells[0] ?? []).map((_, i) => Math.max(1, ...cells.map((row) => row[i]?.length ?? 0)));
  const gaps = 2 * (widths.length - 1);
  for (;;) {
    const excess = widths.reduce((sum, one) => sum + one, gaps) - width;
    const widest = widths.indexOf(Math.max(...widths));
    const room = widths[widest];
    if (excess <= 0 || room === undefined || room <= 8) return widths;
    widths[widest] = room - 1;
  }
}
