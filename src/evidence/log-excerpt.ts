/** Words with which programs say that something went wrong. */
const ERROR =
  /\b(?:error|err|fatal|panic|exception|traceback|fail(?:ed|ure)?|cannot|can't|unable|denied|refused|not found|no such|unknown|invalid|missing|required|undefined|unexpected|usage|timed? ?out|killed)\b|level=(?:error|fatal)|^[EF]\d{4} /i;
const AROUND = 3;
const TAIL = 30;
const LINE_CHARACTERS = 500;

/** What a reader needs of a log: the last lines, and those around the first one that reads like an error. Equal lines in a row are told once with a count. */
export function logExcerpt(log: string, tail = TAIL): string {
  const lines = squeeze(
    log
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "")
      .map((line) => (line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)} […]` : line)),
  );
  const start = Math.max(0, lines.length - tail);
  const first = lines.slice(0, start).findIndex((line) => ERROR.test(line));
  if (first < 0) return lines.slice(start).join("\n");
  const from = Math.max(0, first - AROUND);
  const to = Math.min(start, first + AROUND + 1);
  return [...lines.slice(from, to), ...(to < start ? [`[… ${start - to} lines left out …]`] : []), ...lines.slice(start)].join("\n");
}

/** The time of the last line, as the container runtime wrote it. */
export function lastTimestamp(log: string): Date | undefined {
  const stamps = log.slice(-4096).match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/gm);
  const last = stamps?.at(-1);
  return last === undefined ? undefined : new Date(`${last}Z`);
}

/** A log without the times that the container runtime puts before each line (`kubectl logs --timestamps`). */
export function withoutTimestamps(log: string): string {
  return log.replaceAll(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?/gm, "");
}

function squeeze(lines: readonly string[]): string[] {
  const squeezed: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = squeezed.at(-1);
    if (last?.line === line) last.times++;
    else squeezed.push({ line, times: 1 });
  }
  return squeezed.flatMap(({ line, times }) => (times === 1 ? [line] : [line, `[… the same line ${times - 1} more times …]`]));
}
