import { PROBE_DEFAULTS } from "../../../cluster/probe-defaults.ts";
import { type FieldChange, sameJson } from "../../../source/edit/field-path.ts";
import type { LogLine } from "../../pods.ts";
import { UNREACHED } from "../addresses/unreached.ts";
import { CONFIDENCE } from "../entry.ts";
import { isRun } from "../settings/named-by-log.ts";

export const KINDS = { liveness: "livenessProbe", startup: "startupProbe", "not-ready": "readinessProbe" } as const;
export type ProbeField = (typeof KINDS)[keyof typeof KINDS];
const TIMINGS = new Set(["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"]);

/**
 * What the probe asks is blamed before when it asks, and of that first what the answer speaks against: nothing listens on a wrong port, a wrong path is not found.
 * A status code never speaks against the timings, and where nothing listens no path would have been answered.
 */
export function blame(changed: readonly FieldChange[], note: string): FieldChange[] {
  const asked = changed.filter((change) => !isTiming(change) && !(NOBODY.test(note) && isRequest(change)));
  const named = asked.filter((change) => speaksAgainst(note, change));
  // The path that came with another port is that server's: at the old port nobody knows it.
  if (named.length > 0) return named.some(isPort) && NOBODY.test(note) ? [...named, ...changed.filter(isMovedPath)] : named;
  if (asked.length > 0 || note.includes("statuscode")) return asked;
  const stricter = changed.filter(isStricter);
  const late = stricter.filter(({ path }) => path.at(-1) === "timeoutSeconds" && /deadline exceeded|Client\.Timeout|timed out/i.test(note));
  return late.length > 0 ? late : stricter;
}

function isPort({ path }: FieldChange): boolean {
  return path.at(-1) === "port";
}

function isMovedPath({ path, before, after }: FieldChange): boolean {
  return path.at(-1) === "path" && path.includes("httpGet") && before !== undefined && after !== undefined;
}

const DEFAULTS: Readonly<Record<string, number>> = PROBE_DEFAULTS;

/** A probe that asks later, or is more patient, than when all was well is not what fails. */
function isStricter({ path, before, after }: FieldChange): boolean {
  const field = String(path.at(-1));
  const [was, is] = [before ?? DEFAULTS[field], after ?? DEFAULTS[field]];
  if (!TIMINGS.has(field) || typeof was !== "number" || typeof is !== "number") return TIMINGS.has(field);
  return field === "successThreshold" ? is > was : is < was;
}

/**
 * How sure it is that what changed of the probe is to blame. Where the answer speaks against no field of it (a status of 5xx, silence), the program may as well be
 * unwell, if it changed in the same commit; not at all sure where its log says that it does not reach something, whatever changed.
 */
export function sureness(blamed: readonly FieldChange[], note: string, program: { changed: readonly FieldChange[]; log: readonly LogLine[] }): number {
  const isClear = blamed.every(isTiming) || blamed.some((change) => speaksAgainst(note, change)) || !UNWELL.test(note);
  if (isClear) return CONFIDENCE.confirmed;
  if (program.log.some(({ text }) => UNREACHED.test(text.slice(0, 2000)))) return CONFIDENCE.guess;
  return program.changed.some(({ path }) => isRun(path) || path.includes("envFrom")) ? CONFIDENCE.circumstantial : CONFIDENCE.confirmed;
}

/** What the other probes ask otherwise and as wrongly: where they fail as well, or where they were given the very same value. */
export function brokenAlike(
  blamed: readonly FieldChange[],
  field: ProbeField,
  probeOf: (field: ProbeField) => { changed: readonly FieldChange[]; note: string | undefined },
): FieldChange[] {
  return Object.values(KINDS).flatMap((other) => {
    if (other === field) return [];
    const { changed, note } = probeOf(other);
    const asked = note === undefined ? [] : blame(changed, note);
    const isSame = (change: FieldChange) =>
      blamed.some((one) => one.path.at(-1) === change.path.at(-1) && sameJson(one.after, change.after) && sameJson(one.before, change.before));
    return changed.filter((change) => !isTiming(change) && (asked.includes(change) || isSame(change)));
  });
}

export function isTiming({ path }: FieldChange): boolean {
  return TIMINGS.has(String(path.at(-1)));
}

function speaksAgainst(note: string, { path, after }: FieldChange): boolean {
  return ANSWERS.some(([answer, field]) => answer.test(note) && path.at(-1) === field && after !== undefined);
}

/** What is asked of a program that listens, which decides nothing where none does. */
function isRequest({ path }: FieldChange): boolean {
  return (path.includes("httpGet") && (path.at(-1) === "path" || path.includes("httpHeaders"))) || path.at(-1) === "service";
}

const NOBODY = /connection refused|no route to host/i;
const UNWELL = /statuscode: 5\d\d|deadline exceeded|Client\.Timeout|timed out|i\/o timeout/i;
/** Which field an answer speaks against. */
const ANSWERS: readonly (readonly [answer: RegExp, field: string])[] = [
  [NOBODY, "port"],
  [/statuscode: 404/, "path"],
  [/HTTP response to HTTPS client|malformed HTTP|tls: |record header|statuscode: 400/i, "scheme"],
];
