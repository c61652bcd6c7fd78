import { z } from "zod";
import { type DeliveryKey, formatKey, parseKey } from "../cluster/delivery.ts";
import type { ObjectRef } from "../cluster/objects.ts";
import { AutofixError } from "../errors.ts";
import { FAILURE_CLASSES, type FailureClass } from "../incident/failure-class.ts";
import { clean, shorten } from "./escape.ts";
import type { Attempt, Verdict } from "./pull.ts";

/** One incident that a pull request or an issue is for. */
export interface MarkedIncident {
  delivery: DeliveryKey;
  fingerprint: string;
  target: ObjectRef;
  /** What the fix changes, where that is not the target: a delivery fails, and one of its objects is to blame. */
  blamed?: ObjectRef;
  container?: string;
  verdict?: Verdict;
}

/** What a pull request or an issue of ours remembers, in an HTML comment at the end of its body. There is no other store. */
export interface Marker extends MarkedIncident {
  /** Further incidents with the same cause in the same file. The first one has given the branch its name. */
  also?: MarkedIncident[];
  failureClass: FailureClass;
  attempts: Attempt[];
  /** Branch and commit that the fix is based on; "" in an issue. */
  base: string;
  baseSha: string;
  /** The commit that the bot put at the branch's head; another one is somebody else's. "" in an issue. */
  head: string;
  /** Hash of what the body says; the body is only written again when it changes, so that a person's edit stays. */
  substance: string;
  /** Of an issue: how often it was opened, if more than once. */
  round?: number;
}

const START = "<!-- autofix:v1 ";
const MAX = 16_000;
const MAX_ATTEMPTS = 20;
/** Nobody reads the names of more deliveries than this; what fails beyond it has its own pull request. */
export const MAX_ALSO = 12;

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

const incident = z.strictObject({
  delivery: z.string().max(600),
  fingerprint: z.string().regex(/^[0-9a-f]{8,64}$/),
  target: ref,
  blamed: ref.optional(),
  container: name.optional(),
  verdict: z.enum(["healed", "not-healed", "withdrawn"]).optional(),
});

const schema = incident.extend({
  also: z.array(incident).max(MAX_ALSO).optional(),
  failureClass: z.enum(FAILURE_CLASSES),
  attempts: z.array(attempt).max(MAX_ATTEMPTS),
  base: z.string().max(255),
  baseSha: z.string().regex(/^([0-9a-f]{40})?$/),
  head: z.string().regex(/^([0-9a-f]{40})?$/),
  substance: z.string().regex(/^[0-9a-f]{0,64}$/),
  round: z.number().int().min(1).max(10_000).optional(),
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
    const also = marker.also?.map((one) => ({ ...one, delivery: formatKey(one.delivery) }));
    const text = `${START}${commentSafe({ ...marker, delivery: formatKey(marker.delivery), attempts, ...(also ? { also } : {}) })} -->`;
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
  if (!parsed.success) return undefined;
  const { failureClass, attempts, base, baseSha, head, substance, round, also = [], ...first } = parsed.data;
  const incidents = [first, ...also].flatMap((one) => incidentOf(one) ?? []);
  const [own, ...others] = incidents;
  if (!own || incidents.length <= also.length) return undefined;
  const optional = { ...(others.length > 0 ? { also: others } : {}), ...(round ? { round } : {}) };
  return { ...own, failureClass, attempts, base, baseSha, head, substance, ...optional };
}

function incidentOf({ delivery: text, fingerprint, target, blamed, container, verdict }: z.infer<typeof incident>): MarkedIncident | undefined {
  const delivery = parseKey(text);
  const optional = { ...(blamed ? { blamed } : {}), ...(container ? { container } : {}), ...(verdict ? { verdict } : {}) };
  return delivery && { delivery, fingerprint, target, ...optional };
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
