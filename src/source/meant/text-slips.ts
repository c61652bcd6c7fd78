// One character too few or too many in a file that a program cannot read, where its complaint and the file leave one place for it; or one line that changed, of
// which what it says is wanted.
import { hunksBetween, linesOf, withLineAt } from "../edit/hunks.ts";
import { parseYaml } from "../edit/yaml-documents.ts";

/**
 * The text with that character mended; undefined where there are several places, or none. @param name of the file; @param complaint what the program says;
 * @param then the text at the last good revision: what came since then in the line of the slip is wanted
 */
export function slipMended(text: string, name: string, complaint: string, then?: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  return (
    withSemicolon(text, name, complaint) ??
    withoutComma(text, name, complaint) ??
    (then === undefined ? undefined : changedLineMended(text, name, complaint, then))
  );
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

/** One line that changed in a file that could be read until then: one character at its end, its quotes, or its indentation. Everything that the line says stays. */
function changedLineMended(text: string, name: string, complaint: string, then: string): string | undefined {
  const format = FORMATS.find(({ ending }) => ending.test(name));
  if (!format || !(format.spoken.test(complaint) || complaint.includes(name)) || format.read(text) !== undefined || format.read(then) === undefined)
    return undefined;
  const lines = linesOf(text);
  const changed = hunksBetween(name, then, text).filter(({ after }) => after.length > 0);
  if (changed.length > MOST_CHANGES) return undefined;
  const texts = changed.flatMap((hunk) =>
    hunk.after.flatMap((line, i) => format.mended(line, hunk.before[i]).map((one) => withLineAt(lines, hunk.at + i, one))),
  );
  const read = new Map<string, string>();
  for (const one of texts) {
    const value = format.read(one);
    if (value !== undefined && !read.has(value)) read.set(value, one);
  }
  const [only, ...more] = read.values();
  return more.length === 0 ? only : undefined;
}

const MOST_CHANGES = 12;

interface Format {
  ending: RegExp;
  /** How programs speak of it. */
  spoken: RegExp;
  /** What the text says, in one form; undefined where it cannot be read. */
  read(text: string): string | undefined;
  /** What a line may have been meant as. */
  mended(line: string, before: string | undefined): string[];
}

const FORMATS: readonly Format[] = [
  { ending: /\.json$/, spoken: /json/i, read: (text) => (isJson(text) ? JSON.stringify(JSON.parse(text)) : undefined), mended: jsonLines },
  { ending: /\.ya?ml$/, spoken: /ya?ml/i, read: readYaml, mended: yamlLines },
];

function readYaml(text: string): string | undefined {
  const outcome = parseYaml(text);
  return outcome.kind === "parsed" ? JSON.stringify(outcome.documents.map(({ value }) => value)) : undefined;
}

/** With a comma, a bracket or a quotation mark at the line's end, or with the quotes that JSON knows. */
function jsonLines(line: string): string[] {
  const said = line.trimEnd();
  const rest = line.slice(said.length);
  const quoted = said.replaceAll(/'([^'"\\\n]{0,500})'/g, '"$1"');
  return [...[",", "}", "]", '"', '",'].map((end) => `${said}${end}${rest}`), ...(quoted === said ? [] : [`${quoted}${rest}`])];
}

/** As deep as the line was that it took the place of, where that set the same. */
function yamlLines(line: string, before: string | undefined): string[] {
  const [was, is] = [before, line].map((one) => /^([ \t]*)(?:- +)?([\w.-]{1,100}):/.exec(one ?? ""));
  return was && is && was[2] === is[2] && was[1] !== is[1] ? [`${was[1]}${line.slice(is[1]?.length)}`] : [];
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
