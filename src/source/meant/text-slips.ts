// One character too few or too many in a file that a program cannot read, where its complaint and the file leave one place for it.

/** The text with that character mended; undefined where there are several places, or none. @param name of the file; @param complaint what the program says */
export function slipMended(text: string, name: string, complaint: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  return withSemicolon(text, name, complaint) ?? withoutComma(text, name, complaint);
}

const LONGEST = 200_000;

/** nginx: a directive runs on into the next line, which it notices there, at a bracket, or at the end. */
const UNTERMINATED =
  /(?:directive "(\w{2,60})" is not terminated by ";"|invalid number of arguments in "(\w{2,60})" directive|invalid parameter "\w{2,60}"|unexpected (?:"[{}]"|end of file)(?:, expecting ";" or "}")?) in \S{1,300}/;

function withSemicolon(text: string, name: string, complaint: string): string | undefined {
  const [said, open, many] = UNTERMINATED.exec(complaint) ?? [];
  if (!said?.includes(`/${name}:`)) return undefined;
  const lines = text.split("\n");
  const [at, ...more] = lines.flatMap((_, i) => (runsOn(lines, i) ? [i] : []));
  if (at === undefined || more.length > 0) return undefined;
  const directive = open ?? many;
  return directive !== undefined && lines[at]?.trim().split(/\s/)[0] !== directive ? undefined : lines.with(at, `${lines[at]?.trimEnd()};`).join("\n");
}

/** A whole directive on a line, not a part of one over several lines, that has no end: the next line begins another one, or ends the block. */
function runsOn(lines: readonly string[], at: number): boolean {
  const content = (line: string) => line.replace(/(?:^|\s)#.*$/, "").trim();
  const [own, before] = [
    content(lines[at] ?? ""),
    lines
      .slice(0, at)
      .map(content)
      .findLast((line) => line !== ""),
  ];
  const next = lines
    .slice(at + 1)
    .map(content)
    .find((line) => line !== "");
  const begins = before === undefined || /[;{}]$/.test(before);
  return begins && /^[a-z_]{2,60}\s+[^;{}]+$/.test(own) && !/["']/.test(own) && (next === undefined || /^(?:\}|[a-z_]{3,60}\s+[^=\s])/.test(next));
}

/** JSON has no comma behind the last of a list or map. */
function withoutComma(text: string, name: string, complaint: string): string | undefined {
  if (!/\.json$/.test(name) || !(/json/i.test(complaint) || complaint.includes(name)) || isJson(text)) return undefined;
  const [place, ...more] = [...text.matchAll(/,(?=\s*[}\]])/g)].map(({ index }) => index);
  const after = place === undefined ? undefined : text.slice(0, place) + text.slice(place + 1);
  return after !== undefined && more.length === 0 && isJson(after) ? after : undefined;
}

/** Whether a text can be read as JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
