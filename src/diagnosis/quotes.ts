import type { Evidence, EvidenceItem, EvidenceKind, Quote } from "../evidence/evidence.ts";

const LONGEST_QUOTE = 300;
/** Shorter pieces say nothing about which message they come from. */
const SHORTEST_PIECE = 12;

/** Which items a quote may come from; anything not given does not matter. */
export interface Where {
  kinds?: readonly EvidenceKind[];
  container?: string;
  pods?: ReadonlySet<string>;
}

/** Items that may speak of the given container and pods: those that name another one are left out. */
function itemsOf(evidence: Evidence, where: Where = {}): EvidenceItem[] {
  return evidence.items.filter(
    (item) =>
      (where.kinds?.includes(item.kind) ?? true) &&
      (where.container === undefined || item.container === undefined || item.container === where.container) &&
      (where.pods === undefined || item.object?.kind !== "Pod" || where.pods.has(item.object.name)),
  );
}

/**
 * Quotes the first of these messages that the evidence holds: whole where it can, else its longest piece between quotation marks and line ends
 * (items may be cut, redacted or written as JSON). Always an exact substring of the item. Empty where nothing is found.
 */
export function quoteFirst(evidence: Evidence, messages: readonly string[], where: Where = {}): Quote[] {
  const items = itemsOf(evidence, where);
  for (const message of messages) {
    for (const needle of needles(message)) {
      const item = items.find(({ text }) => text.includes(needle));
      if (item) return [{ evidenceId: item.id, quote: aroundLine(item.text, item.text.indexOf(needle), needle.length) }];
    }
  }
  return [];
}

/** Several quotes, one for each list of messages, without repetition. */
export function quoteEach(evidence: Evidence, lists: readonly (readonly string[])[], where: Where = {}): Quote[] {
  const quotes = lists.flatMap((messages) => quoteFirst(evidence, messages, where));
  return quotes.filter((quote, i) => quotes.findIndex((other) => other.evidenceId === quote.evidenceId && other.quote === quote.quote) === i);
}

function needles(message: string): string[] {
  const whole = message.trim().slice(0, LONGEST_QUOTE);
  if (whole === "") return [];
  const pieces = whole.split(/["'\\\n]/).map((piece) => piece.trim());
  return [whole, ...pieces.filter((piece) => piece.length >= SHORTEST_PIECE && piece !== whole).sort((a, b) => b.length - a.length)];
}

/** The line that holds the needle, or as much of it as fits. */
function aroundLine(text: string, at: number, length: number): string {
  const start = text.lastIndexOf("\n", at) + 1;
  const newline = text.indexOf("\n", at + length);
  const line = text.slice(start, newline < 0 ? undefined : newline);
  return (line.length <= LONGEST_QUOTE ? line : text.slice(at, at + Math.max(length, 1))).trim();
}
