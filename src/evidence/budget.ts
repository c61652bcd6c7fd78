import type { Draft } from "./draft.ts";
import type { EvidenceItem } from "./evidence.ts";

/** Bounds of one incident's evidence. Bytes are UTF-8; the default is about 6,000 tokens. */
export interface Budget {
  bytes: number;
  itemBytes: number;
  items: number;
  /** How long reading logs may take. */
  milliseconds: number;
}

export const DEFAULT_BUDGET: Budget = { bytes: 24_000, itemBytes: 3_500, items: 40, milliseconds: 15_000 };

/** A rest of the budget smaller than this is not worth a piece of an item. */
const SMALLEST_BYTES = 300;

/** The drafts in order of rank as far as they fit, each at most `itemBytes` long, numbered E1, E2 … */
export function withinBudget(drafts: readonly Draft[], budget: Budget): { items: EvidenceItem[]; omitted: number } {
  const items: EvidenceItem[] = [];
  let left = budget.bytes;
  let omitted = 0;
  for (const { rank: _, ...draft } of [...drafts].sort((a, b) => a.rank - b.rank)) {
    const room = Math.min(budget.itemBytes, left);
    const fits = Buffer.byteLength(draft.text) <= room;
    if (items.length >= budget.items || (!fits && room < SMALLEST_BYTES)) {
      omitted++;
      continue;
    }
    const text = fits ? draft.text : keepHeadAndTail(draft.text, room);
    left -= Buffer.byteLength(text);
    items.push({ id: `E${items.length + 1}`, ...draft, text });
  }
  return { items, omitted };
}

/** At most `bytes` of a text: its beginning and its end, whole lines where lines are short, with a note in between. */
export function keepHeadAndTail(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const room = Math.max(0, bytes - 40);
  const headBytes = Math.ceil(room * 0.6);
  const head = Buffer.from(text).subarray(0, headBytes).toString("utf8").replace(/�+$/, "");
  const tail = Buffer.from(text)
    .subarray(-Math.max(1, room - headBytes))
    .toString("utf8")
    .replace(/^�+/, "");
  const wholeHead = head.slice(0, lineEnd(head));
  const wholeTail = tail.slice(lineStart(tail));
  const cut = Buffer.byteLength(text) - Buffer.byteLength(wholeHead) - Buffer.byteLength(wholeTail);
  return `${wholeHead}\n[… ${cut} bytes left out …]\n${wholeTail}`;
}

/** The last line end, unless that would lose more than half. */
function lineEnd(text: string): number {
  const at = text.lastIndexOf("\n");
  return at > text.length / 2 ? at : text.length;
}

function lineStart(text: string): number {
  const at = text.indexOf("\n");
  return at >= 0 && at < text.length / 2 ? at + 1 : 0;
}

/** Whether something of a text was left out, so that what it does not say proves nothing. */
export function isCut(text: string): boolean {
  return /\[… \d+ bytes left out …\]/.test(text);
}
