import { redact } from "../evidence/redact.ts";

/**
 * Everything that came from outside (logs, events, names, commit subjects, a model's words) passes through here before GitHub renders it:
 * a log line must not be able to ping a team, close an issue, load a picture or look like our own text.
 */

const ESC = String.fromCharCode(27);
const ANSI = new RegExp(`${ESC}\\[[\\d;?]*[A-Za-z]`, "g");
/** Zero width space: GitHub looks for mentions and references in the rendered text, where a backslash is long gone; only another character breaks them. */
const BREAK = "\u200b";

/** More than a body can hold. */
const LONGEST = 200_000;

/**
 * Control characters (terminal colours, NUL …) and invisible ones (bidi overrides, zero width, tags) go; newlines and tabs stay. Secrets go as well: evidence
 * is redacted when it is collected, but symptoms, commit subjects and the lines around a change come another way.
 */
export function clean(text: string): string {
  const visible = text
    .toWellFormed()
    .replace(ANSI, "")
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\n" || character === "\t" ? character : ""));
  return redact(visible).text;
}

/** At most `max` characters, never half a character, with an ellipsis where something is missing. */
export function shorten(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, Math.max(0, max - 1))
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`;
}

/** One line of plain text for titles and commit messages: no reference, mention, link or CI directive of it works. */
export function plainLine(text: string, max: number): string {
  return inert(oneLine(text, max)).replaceAll("[", "(").replaceAll("]", ")");
}

/** Text for a Markdown paragraph or a table cell: reads as it was written, and is nothing but text. */
export function prose(text: string, max: number): string {
  return inert(oneLine(text, max))
    .replace(/^([-+=]|\d+[.)])/, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`)
    .replace(/[\\`*_[\]|~#<>&$]/g, (character) => ENTITIES[character] ?? `\\${character}`);
}

const ENTITIES: Record<string, string | undefined> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", $: "&dollar;" };

/** A code span; "—" where there is nothing to show. Not for table cells: see {@link codeCell}. */
export function code(text: string, max: number): string {
  const content = withoutMarks(oneLine(text, max));
  if (content === "") return "—";
  const ticks = "`".repeat(longestRun(content) + 1);
  const pad = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${ticks}${pad}${content}${pad}${ticks}`;
}

/** A code span inside a table, where GitHub splits cells at bars before it looks for code (GFM, "Tables"). */
export function codeCell(text: string, max: number): string {
  return code(text, max).replaceAll("|", "\\|");
}

/** A fenced block that nothing inside can close, and that no later reader of the body can mistake for our own marker. */
export function fence(text: string, options: { max: number; lines?: number; language?: string }): string {
  const content = withoutMarks(shortenLines(clean(text.slice(0, LONGEST)).trimEnd(), options.max, options.lines ?? 400));
  const ticks = "`".repeat(Math.max(3, longestRun(content) + 1));
  return `${ticks}${options.language ?? "text"}\n${content}\n${ticks}`;
}

function shortenLines(text: string, max: number, maxLines: number): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.slice(0, maxLines)) {
    const short = shorten(line, 1000);
    if (length + short.length > max) break;
    kept.push(short);
    length += short.length + 1;
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept.join("\n") : [...kept, `… ${left} more line${left === 1 ? "" : "s"}`].join("\n");
}

/**
 * Code is shown as it is, but two things in it must not work: our own hidden marks (marker.ts, comment.ts), and what a commit message may say. A squash merge can
 * make the whole body one, and there nothing is code any more: closing keywords, mentions, and directives that keep CI from running.
 */
function withoutMarks(text: string): string {
  return text
    .replaceAll("<!-- autofix", "<!- - autofix")
    .replace(/(?<![\w`/.-])@(?=[a-z\d])/gi, `@${BREAK}`)
    .replace(CLOSING, (found) => found.replace(/#(?=\d)|:(?=\/\/)|-(?=\d+$)/, (sign) => `${sign}${BREAK}`))
    .replace(/\[(?=[^\]\n]{0,40}\b(?:skip|no ci)\b[^\]\n]{0,40}\])/gi, `[${BREAK}`)
    .replace(/\*\*\*(?=NO_CI)/g, `***${BREAK}`)
    .replace(/^([ \t]*(?:skip|request)-checks)(?=:)/gim, `$1${BREAK}`);
}

/** docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:(?:[\w.-]+\/[\w.-]+)?#\d|GH-\d+|https?:\/\/\S+\/(?:issues|pull)\/\d)/gi;

/** What is far beyond the cap is not even looked at: logs can be long, and most of this runs for each of them. */
function oneLine(text: string, max: number): string {
  const line = clean(text.slice(0, max * 4))
    .replace(/\s+/g, " ")
    .trim();
  return shorten(text.length > max * 4 ? `${line} …` : line, max);
}

/** Breaks what GitHub turns into links by itself: mentions, issue references, addresses, commit SHAs. */
function inert(text: string): string {
  return text
    .replaceAll("@", `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${BREAK}`)
    .replaceAll("://", `:${BREAK}//`)
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}${BREAK}.`)
    .replace(/(?<![\w-])[0-9a-f]{7,40}(?![\w-])/gi, (sha) => `${sha.slice(0, 3)}${BREAK}${sha.slice(3)}`);
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
}
