import { type DeliveryKey, formatKey } from "./cluster/delivery.ts";
import { describeRef, sameRef } from "./cluster/objects.ts";
import type { Rules } from "./config/rules.ts";
import { branchOf, type Incident } from "./incident/incident.ts";
import { QUIET } from "./pull-request/book.ts";
import type { Notice } from "./pull-request/notice.ts";
import { proposedBy } from "./pull-request/ours.ts";
import type { OurPull } from "./pull-request/pull.ts";
import { parseWaitingList, renderWaitingList, type Waiting } from "./pull-request/waiting-list.ts";
import type { Ending, Home, ReconcileParts } from "./reconcile.ts";
import { tell } from "./tell.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Merging and closing tell of themselves; this is for what does not. */
const LOOK_AGAIN = 5 * 60_000;

type RoomParts = Pick<ReconcileParts, "ours" | "notices" | "turns" | "memory" | "now">;
type Queued = Extract<Ending, { kind: "queued" }>;

/** One incident that wants a pull request. */
export interface Candidate {
  home: Home;
  rules: Rules;
  incident: Incident;
  /** Of the change, once it is known: joining a pull request that makes it already takes no room. */
  digest?: string;
}

/**
 * Opens a pull request where there is room for one, and says that it waits otherwise. How many there are is counted on GitHub; one incident of a repository
 * at a time, so that two cannot both take the last place.
 */
export function inItsTurn(parts: RoomParts, candidate: Candidate, open: () => Promise<Ending>): Promise<Ending> {
  return parts.turns.take(`room of ${candidate.home.repository}`, async () => (await whyFull(parts, candidate)) ?? open());
}

/** An incident that is in the list of those that wait has a fix, so while there is no room nobody has to look for it again. */
export async function stillWaits(parts: RoomParts, candidate: Candidate): Promise<Queued | undefined> {
  const list = await waitingList(parts, candidate.home);
  return rowsOf(list).some(({ fingerprint }) => fingerprint === candidate.incident.fingerprint) ? whyFull(parts, candidate) : undefined;
}

async function whyFull(parts: RoomParts, candidate: Candidate): Promise<Queued | undefined> {
  const { home, incident } = candidate;
  const full = fullness(candidate, (await parts.ours.of(home.repository)).pulls, parts.now());
  if (!full) return undefined;
  const { key, fingerprint, target, since } = incident;
  return { kind: "queued", ...full, waiting: { delivery: key, fingerprint, what: describeRef(target), since, seen: parts.now() } };
}

/** What is used up, if anything is. A pull request that this incident's own would take the place of does not count against it. */
function fullness({ rules: { caps }, incident, digest }: Candidate, pulls: readonly OurPull[], now: Date): { why: string; again: number } | undefined {
  if (pulls.some((pull) => pull.state === "open" && digest !== undefined && proposedBy(pull) === digest)) return undefined;
  const own = new Set(pulls.filter((pull) => pull.branch === branchOf(incident) || isSuperseded(pull, incident)).map(({ number }) => number));
  const others = new Map(pulls.flatMap((pull) => (own.has(pull.number) ? [] : [[pull.number, pull]])));
  const open = [...others.values()].filter(({ state }) => state === "open").length;
  if (open >= caps.open) return { why: `${open} of at most ${caps.open} pull requests are open.`, again: LOOK_AGAIN };
  const recent = [...others.values()].map(({ createdAt }) => createdAt.getTime() + HOUR - now.getTime()).filter((left) => left > 0);
  if (recent.length < caps.perHour) return undefined;
  return { why: `${recent.length} of at most ${caps.perHour} pull requests were opened within the last hour.`, again: Math.min(LOOK_AGAIN, ...recent) };
}

function isSuperseded({ state, delivery, target }: OurPull, incident: Incident): boolean {
  return state === "open" && formatKey(delivery) === formatKey(incident.key) && sameRef(target, incident.target);
}

/** How a look at one incident ended. */
export interface Settled {
  incident: Incident;
  ending: Ending;
}

/** Keeps the list of what waits in step with how a look at one delivery ended. Nothing is written where the list says so already. */
export async function tellOfWaiting(parts: RoomParts, home: Home, key: DeliveryKey, settled: readonly Settled[]): Promise<void> {
  const queued = settled.flatMap(({ ending }) => (ending.kind === "queued" ? [ending] : []));
  // A crash loop runs again now and then: what failed a moment ago and is only watched now keeps its place.
  const watched = new Set(settled.flatMap(({ incident, ending }) => (ending.kind === "waiting" ? [incident.fingerprint] : [])));
  const listed = rowsOf(await waitingList(parts, home)).filter(isOf(key));
  const due = listed.filter(({ fingerprint }) => !watched.has(fingerprint));
  if (isInStep(due, queued, parts.now())) return;
  await tell(parts, home, "waiting", async () => {
    const rows = inStep(rowsOf(await waitingList(parts, home)), (row) => isOf(key)(row) && !watched.has(row.fingerprint), queued, parts.now());
    return renderWaitingList(rows, queued[0]?.why ?? "");
  });
}

/** The deliveries that wait in a repository: worth a look when there is room again. */
export function waitingDeliveries(notices: readonly Notice[]): DeliveryKey[] {
  return rowsOf(notices.find(({ role }) => role === "waiting")).map(({ delivery }) => delivery);
}

async function waitingList(parts: Pick<ReconcileParts, "notices">, { repository }: Home): Promise<Notice | undefined> {
  return (await parts.notices.of(repository, QUIET)).find(({ role }) => role === "waiting");
}

function rowsOf(list: Notice | undefined): Waiting[] {
  return list?.isOn ? parseWaitingList(list.body) : [];
}

function isOf(key: DeliveryKey): (row: Waiting) => boolean {
  return ({ delivery }) => formatKey(delivery) === formatKey(key);
}

/** Rows are confirmed once a day, so that those of deliveries that are gone can be told from the others. */
function isInStep(listed: readonly Waiting[], queued: readonly Queued[], now: Date): boolean {
  const names = (rows: readonly { fingerprint: string }[]) => JSON.stringify(rows.map(({ fingerprint }) => fingerprint).sort());
  const isFresh = listed.every(({ seen }) => now.getTime() - seen.getTime() < DAY);
  return isFresh && names(listed) === names(queued.map(({ waiting }) => waiting));
}

/** Oldest first. What nobody has seen waiting for two days is gone. */
function inStep(rows: readonly Waiting[], isDue: (row: Waiting) => boolean, queued: readonly Queued[], now: Date): Waiting[] {
  const others = rows.filter((row) => !isDue(row) && now.getTime() - row.seen.getTime() < 2 * DAY);
  return [...others, ...queued.map(({ waiting }) => waiting)].sort((a, b) => a.since.getTime() - b.since.getTime());
}
