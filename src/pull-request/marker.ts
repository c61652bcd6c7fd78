import { z } from "zod";
import { type DeliveryKey, formatKey, parseKey } from "../cluster/delivery.ts";
import type { ObjectRef } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { FAILURE_CLASSES, type FailureClass } from "../incident/failure-class.ts";
import { clean, shorten } from "./escape.ts";
import type { Attempt } from "./pull.ts";

/** What a pull request or an issue of ours remembers, in an HTML comment at the end of its body. There is no other store. */
export interface Marker {
  delivery: DeliveryKey;
  fingerprint: string;
  target: ObjectRef;
  /** What the fix changes, where that is not the target: a delivery fails, and one of its objects is to blame. */
  blamed?: ObjectRef;
  container?: string;
  failureClass: FailureClass;
  attempts: Attempt[];
  /** Commit that the fix is based on; "" in an issue. */
  baseSha: string;
  /** Hash of what the body says; the body is only written again when it changes, so that a person's edit stays. */
  substance: string;
  verdict?: "healed" | "not-healed";
}

const START = "<!-- autofix:v1 ";
const MAX = 16_000;
const MAX_ATTEMPTS = 20;

const attempt = z.strictObject({
  number: z.number().int().min(0).max(10_000),
  digest: z.string().regex(/^[0-9a-f]{0,128}$/),
  outcome: z.enum(["proposed", "refused", "no-fix", "merged-not-healed"]),
  engine: z.string().max(200),
  hint: z.string().max(300),
  summary: z.string().max(400),
});

const name = z.string().max(253);
const ref = z.strictObject({ group: name, kind: name, namespace: name, name });

const schema = z.strictObject({
  delivery: z.string().max(600),
  fingerprint: z.string().regex(/^[0-9a-f]{8,64}$/),
  target: ref,
  blamed: ref.optional(),
  container: name.optional(),
  failureClass: z.enum(FAILURE_CLASSES),
  attempts: z.array(attempt).max(MAX_ATTEMPTS),
  baseSha: z.string().regex(/^([0-9a-f]{40})?$/),
  substance: z.string().regex(/^[0-9a-f]{0,64}$/),
  verdict: z.enum(["healed", "not-healed"]).optional(),
});

/** One line of at most 16,000 characters; the oldest attempts go where there are too many. `<` and `>` are written as JSON escapes, so that nothing inside can end the comment. */
export function renderMarker(marker: Marker): string {
  const attempts = marker.attempts.slice(-MAX_ATTEMPTS).map((one) => ({
    ...one,
    engine: shorten(clean(one.engine.slice(0, 1000)), 200),
    hint: shorten(clean(one.hint.slice(0, 1000)), 300),
    summary: shorten(clean(one.summary.slice(0, 1000)), 400),
  }));
  for (;;) {
    const text = `${START}${commentSafe({ ...marker, delivery: formatKey(marker.delivery), attempts })} -->`;
    if (text.length > MAX && attempts.length > 0) attempts.shift();
    else return readable(text);
  }
}

/** A marker that cannot be read back would make the bot forget what it opened, and open it again: better not to write it at all. */
function readable(text: string): string {
  if (!parseMarker(text)) throw new AutofixError("github/unexpected", "the marker of a pull request cannot be read back");
  return text;
}

function commentSafe(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

/**
 * The last marker of a body, or undefined where there is none that this version wrote. The caller has checked that the bot is the author;
 * people can still edit the body, so anything out of shape counts as no marker.
 */
export function parseMarker(body: string): Marker | undefined {
  const start = body.lastIndexOf(`\n${START}`) + 1;
  if (!body.startsWith(START, start)) return undefined;
  const end = body.indexOf(" -->", start);
  if (end < 0 || end - start > MAX) return undefined;
  const parsed = schema.safeParse(jsonOf(body.slice(start + START.length, end)));
  const delivery = parsed.success ? parseKey(parsed.data.delivery) : undefined;
  if (!parsed.success || !delivery) return undefined;
  const { verdict, blamed, container, ...rest } = parsed.data;
  return { ...rest, delivery, ...(verdict ? { verdict } : {}), ...(blamed ? { blamed } : {}), ...(container ? { container } : {}) };
}

/** The body with another marker in place of its own. */
export function replaceMarker(body: string, marker: Marker): string {
  const start = body.lastIndexOf(`\n${START}`) + 1;
  return body.startsWith(START, start) ? `${body.slice(0, start)}${renderMarker(marker)}` : `${body}\n\n${renderMarker(marker)}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
