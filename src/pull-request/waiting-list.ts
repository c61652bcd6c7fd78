import { z } from "zod";
import { type DeliveryKey, formatKey, parseKey } from "../cluster/delivery.ts";
import { codeCell, prose, shorten } from "./escape.ts";
import type { NoticeText } from "./notice.ts";
import { deliveryWords, timeWords } from "./sections.ts";

/** A fix that waits until there is room for its pull request. */
export interface Waiting {
  delivery: DeliveryKey;
  fingerprint: string;
  /** What fails, for people: `Deployment shop/checkout`. */
  what: string;
  since: Date;
  /** When it was last seen to wait. */
  seen: Date;
}

const START = "<!-- autofix:waiting ";
const END = " -->";
const MOST = 100;
/** Characters of the rows as JSON; a body has 65,536. */
const MAX = 20_000;

const schema = z
  .array(
    z.strictObject({
      delivery: z.string().max(600),
      fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
      what: z.string().max(600),
      since: z.iso.datetime(),
      seen: z.iso.datetime(),
    }),
  )
  .max(MOST);

/** The list as an issue; the rows are kept in it as JSON too, since there is no other store. `why` says what is full. At most 100 rows. */
export function renderWaitingList(all: readonly Waiting[], why: string): NoticeText {
  const rows = fitting(all);
  if (rows.length === 0) {
    return { isOn: false, title: "Kube AutoFix: no fix waits", body: "Every fix that waited has its pull request, or is not needed any more." };
  }
  const table = rows.map(({ delivery, what, since }) => `| ${codeCell(what, 300)} | ${deliveryWords(delivery)} | ${timeWords(since)} |`);
  return {
    isOn: true,
    title: `Kube AutoFix: ${rows.length} ${rows.length === 1 ? "fix waits" : "fixes wait"} for room`,
    body: [
      `${prose(why, 500)} These failures have a fix that waits for its turn. Nothing has to be done: each gets its pull request by itself as soon as there is room. Merging or closing one of the open pull requests makes room.`,
      ["| Failing | Delivered by | Failing since |", "|---|---|---|", ...table].join("\n"),
      "This issue is kept up to date, and closed when nothing waits any more.",
      `${START}${jsonOf(rows)}${END}`,
    ].join("\n\n"),
  };
}

/** The rows of a list; none where somebody edited them out of shape, which costs their place in the list and nothing else. */
export function parseWaitingList(body: string): Waiting[] {
  const start = body.lastIndexOf(`\n${START}`) + 1;
  const end = body.indexOf(END, start);
  if (!body.startsWith(START, start) || end < 0 || end - start > MAX + START.length) return [];
  const parsed = schema.safeParse(parsedJson(body.slice(start + START.length, end)));
  return (parsed.data ?? []).flatMap(({ delivery, fingerprint, what, since, seen }): Waiting[] => {
    const key = parseKey(delivery);
    return key ? [{ delivery: key, fingerprint, what, since: new Date(since), seen: new Date(seen) }] : [];
  });
}

/** What does not fit is not in the list until rows above it are gone; it waits all the same. */
function fitting(all: readonly Waiting[]): Waiting[] {
  const rows = all.slice(0, MOST).map((row) => ({ ...row, what: shorten(row.what, 300) }));
  while (jsonOf(rows).length > MAX) rows.pop();
  return rows;
}

/** `<` and `>` as JSON escapes, so that nothing inside can end the comment. */
function jsonOf(rows: readonly Waiting[]): string {
  const plain = rows.map((row) => ({ ...row, delivery: formatKey(row.delivery) }));
  return JSON.stringify(plain).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
