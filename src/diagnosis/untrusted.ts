import { redact } from "../evidence/redact.ts";

// Texts that anybody may have written (logs, events, commit subjects, hints), made safe to stand in a prompt as data.

/** All of Unicode's "other" characters (control, format, bidirectional, tag, unassigned) but line feed and tab; line and paragraph separators. */
const INVISIBLE = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu;

/** What looks like one of the prompt's own boundaries: rows of equals signs, fences, chat template markers. */
const BOUNDARIES: readonly [RegExp, string][] = [
  [/={5,}/g, "===="],
  [/`{3,}/g, "''"],
  [/~{3,}/g, "~~"],
  [/<\|/g, "< |"],
  [/\|>/g, "| >"],
  [/\[(\/?)INST\]/g, "($1INST)"],
];

/** The same text without invisible characters and without anything that looks like a boundary. What is left out cannot be quoted, and need not be. */
export function neutralise(text: string): string {
  return BOUNDARIES.reduce((safe, [pattern, replacement]) => safe.replaceAll(pattern, replacement), text.replaceAll(INVISIBLE, ""));
}

/** One line of untrusted text, for places outside of the evidence, which is redacted already: secrets are taken out here. */
export function oneLine(text: string, longest: number): string {
  const line = neutralise(redact(text.slice(0, 20_000)).text)
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 3)}...`;
}

/** A block of data between boundaries that nobody could have written before, since the marker is random for each request. */
export function delimited(marker: string, title: string, text: string): string {
  return `===== ${marker} BEGIN ${title} =====\n${text.replace(/\n+$/, "")}\n===== ${marker} END =====`;
}
