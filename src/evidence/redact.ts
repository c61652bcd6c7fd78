import { blockScanner } from "./secret-blocks.ts";
import { scanLine } from "./secret-rules.ts";
import { type Found, scanWithSecretlint } from "./secretlint-scan.ts";

export interface Redacted {
  text: string;
  /** Rule → how often it hid something. */
  redactions: Record<string, number>;
}

/** Longer lines are cut: nobody reads them, and no rule may cost more than linear time. */
const LINE_CHARACTERS = 2000;
/** Pieces of a longer line overlap by this much, so that no secret is cut in two. */
const OVERLAP = 300;

/** Hides everything that looks like a secret behind `[redacted: rule]`, and cuts lines of more than 2,000 characters. */
export function redact(text: string): Redacted {
  const cut = text
    .split("\n")
    .map((line) => (line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)} […]` : line))
    .join("\n");
  const redactions: Record<string, number> = {};
  let out = "";
  let done = 0;
  for (const { rule, start, end } of separate(findSecrets(cut))) {
    out += `${cut.slice(done, start)}[redacted: ${rule}]`;
    redactions[rule] = (redactions[rule] ?? 0) + 1;
    done = end;
  }
  return { text: out + cut.slice(done), redactions };
}

/** Whether anything in a text looks like a secret; long lines are read to their end. */
export function containsSecret(text: string): boolean {
  return findSecrets(text).length > 0;
}

/** How often a text may be written inside a string of another text: a manifest in an annotation in a manifest. */
const NESTED = 3;

function findSecrets(text: string, nested = NESTED): Found[] {
  const found = findIn(text);
  if (nested === 0 || !/\\["n]/.test(text)) return found;
  const inside = unquoted(text);
  const position = (index: number) => inside.positions[index] ?? text.length;
  return [...found, ...findSecrets(inside.text, nested - 1).map(({ rule, start, end }) => ({ rule, start: position(start), end: position(end) }))];
}

/** The strings in a text (JSON, YAML in double quotes) as lines of their own, without escapes, and where each character was. */
function unquoted(text: string): { text: string; positions: number[] } {
  const out: string[] = [];
  const positions: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    positions.push(i);
    if (character === '"') out.push("\n");
    else if (character === "\\" && (next === '"' || next === "\\" || next === "n")) {
      out.push(next === "n" ? "\n" : next);
      i++;
    } else out.push(character);
  }
  return { text: out.join(""), positions };
}

function findIn(text: string): Found[] {
  const scanBlock = blockScanner();
  const found: Found[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const pieces = line.length <= LINE_CHARACTERS ? [0] : startsOfPieces(line.length);
    const inLine = pieces.flatMap((from) => moved(scanLine(line.slice(from, from + LINE_CHARACTERS)), from));
    const here = offset;
    found.push(...moved([...scanBlock(line.slice(0, LINE_CHARACTERS)), ...inLine], here));
    offset += line.length + 1;
  }
  const all = [...found, ...scanWithSecretlint(text).filter((other) => !isWholeUrl(other, found))];
  return all.filter(({ start, end }) => end > start && !text.startsWith("[redacted: ", start));
}

/** secretlint hides a connection string as a whole; of one whose password we hide, the host is what a reader needs. */
function isWholeUrl({ rule, start, end }: Found, ours: readonly Found[]): boolean {
  return /connection-string|basicauth/.test(rule) && ours.some((own) => own.rule === "url-password" && own.start >= start && own.end <= end);
}

function startsOfPieces(length: number): number[] {
  const starts: number[] = [];
  for (let from = 0; from < length; from += LINE_CHARACTERS - OVERLAP) starts.push(from);
  return starts;
}

function moved(found: readonly Found[], by: number): Found[] {
  return found.map(({ rule, start, end }) => ({ rule, start: start + by, end: end + by }));
}

/** In order, overlapping ones made one; the name of the widest is kept. */
function separate(found: readonly Found[]): Found[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Found[] = [];
  for (const next of sorted) {
    const last = apart.at(-1);
    if (last && next.start < last.end) last.end = Math.max(last.end, next.end);
    else apart.push({ ...next });
  }
  return apart;
}
