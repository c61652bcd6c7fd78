import type { Octokit } from "@octokit/rest";
import { type DeliveryKey, formatKey } from "./cluster/delivery.ts";
import { describeRef } from "./cluster/objects.ts";
import type { Cluster, Observation } from "./cluster/observation.ts";
import type { Quiet } from "./config/quiet-hours.ts";
import type { Engine, OperatorLimits, Rules } from "./config/rules.ts";
import { followUp } from "./follow-up.ts";
import { govern } from "./govern.ts";
import { digestOf } from "./guards/gate.ts";
import { handOver, type Proposed, propose } from "./hand-over.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { identify } from "./incident/identify.ts";
import { type Incident, isDoubtful } from "./incident/incident.ts";
import { decideWindow } from "./incident/window.ts";
import type { Memory } from "./memory.ts";
import { movedOn } from "./moved-on.ts";
import { switchedOff, whyIncidentIsOff, whyRepairIsOff } from "./permission.ts";
import { type Book, QUIET } from "./pull-request/book.ts";
import type { Notice } from "./pull-request/notice.ts";
import { type Ours, pullsFor, triedIn, VERDICT_WITHIN } from "./pull-request/ours.ts";
import type { OurPull } from "./pull-request/pull.ts";
import type { Waiting } from "./pull-request/waiting-list.ts";
import type { Turns } from "./queue/turns.ts";
import { quietEnding } from "./quiet.ts";
import { findRepair, type RepairParts } from "./repair.ts";
import { inItsTurn, type Settled, stillWaits, tellOfWaiting } from "./room.ts";
import type { FoundSettings } from "./settings.ts";
import { readHistory } from "./source/history.ts";
import { type OpenedSource, type Opener, openSource } from "./source/open.ts";
import type { SourceRefusal } from "./source/workspace.ts";
import { supersede, takeBack } from "./take-back.ts";
import { uphold } from "./uphold.ts";

/** Where a delivery's repository is on GitHub, and as whom we write there. */
export interface Home {
  octokit: Octokit;
  /** `owner/name`. */
  repository: string;
  botLogin: string;
}

export interface ReconcileParts extends RepairParts {
  cluster: Cluster;
  opener: Opener;
  /** The delivery's repository on GitHub; undefined where its source is refused or the App is not installed there. */
  home(observation: Observation): Promise<Home | undefined>;
  /** The bot's own pull requests and issues by repository. */
  ours: Book<Ours>;
  notices: Book<Notice[]>;
  /** What `.github/autofix.yml` says on the default branch. */
  settings: Book<FoundSettings>;
  operator: OperatorLimits;
  /** Who diagnoses, by the engine that a repository's settings leave. */
  engines: Record<Engine, RepairParts["diagnose"]>;
  /** By repository, by `room of owner/name` and by `owner/name#number`: what several deliveries might write to at once. */
  turns: Turns;
  memory: Memory;
  /** Waiting windows are multiplied by this; 1 in production. */
  windowScale: number;
  /** Milliseconds that a deployment must stay ready after a merge before it counts as healed. */
  soak: number;
}

/** How a look at one delivery, or at one of its incidents, ended. `again`: milliseconds until it should be looked at without any event. */
export type Ending =
  | { kind: "deleted" }
  | { kind: "quiet"; why: string }
  | { kind: "waiting"; why: string; again: number }
  | { kind: "standing"; pull: number; state: OurPull["state"]; again: number }
  | { kind: "proposed"; how: Proposed["kind"]; url: string; again: number }
  | { kind: "handed-over"; why: string; url?: string; again: number }
  | { kind: "queued"; why: string; waiting: Waiting; again: number }
  | { kind: "switched-off"; why: string; again: number }
  | { kind: "settings-invalid"; why: string; url?: string; again: number }
  | { kind: "verdict"; pull: number; verdict: "healed" | "not-healed" };

const SOON = 30_000;
/** Webhooks tell of commands and pushes; this is for those that never arrived. */
const MISSED = 5 * 60_000;

const DOUBTFUL = "what looks odd in the cluster may be as intended, and git shows no fix";

const NO_HOME: SourceRefusal = {
  kind: "refused",
  code: "repository-not-installed",
  message: "The GitHub App is not installed on the repository.",
  candidates: [],
};

/** Looks at one delivery afresh and does what is due. Level-triggered: calling it twice does no more than calling it once. */
export async function reconcile(key: DeliveryKey, given: ReconcileParts): Promise<Ending[]> {
  const observation = await given.cluster.observe(key);
  if (!observation) return [{ kind: "deleted" }];
  const incidents = identify(observation);
  const home = await given.home(observation);
  const governed = await govern(given, home, { observation, incidents });
  if (governed.kind === "left-alone") return [governed.ending];
  const { parts, rules, quiet } = governed;
  const own = async () => (home ? ownOf(await parts.ours.of(home.repository, incidents.length > 0 ? undefined : QUIET), key) : NOTHING);
  const standing = home && { home, observation, incidents, rules, quiet };
  const endings = standing ? await followUp(parts, standing, await own()) : [];
  // Each step may have changed what is there, and then it is read anew.
  if (standing) endings.push(...(await takeBack(parts, standing, await own())));
  const settled: Settled[] = [];
  for (const incident of incidents) {
    settled.push({ incident, ending: await settle(parts, { incident, observation, home, own: await own(), rules, quiet }) });
  }
  if (home && !quiet) await tellOfWaiting(parts, home, key, settled);
  endings.push(...settled.map(({ ending }) => ending));
  return endings.length > 0 ? endings : [{ kind: "quiet", why: observation.state.kind }];
}

const NOTHING: Ours = { pulls: [], issues: [] };

/** What is for this delivery, as its incidents see it. */
function ownOf({ pulls, issues }: Ours, key: DeliveryKey): Ours {
  return { pulls: pullsFor(pulls, key), issues: issues.filter(({ delivery }) => formatKey(delivery) === formatKey(key)) };
}

export interface Case {
  incident: Incident;
  observation: Observation;
  home: Home | undefined;
  /** What the delivery has on GitHub. */
  own: Ours;
  rules: Rules;
  quiet: Quiet | undefined;
}

/** The story of one incident: what stands in the way of a search for its cause, if anything does. */
async function settle(parts: ReconcileParts, standing: Case): Promise<Ending> {
  const { incident, observation, home, own, rules, quiet } = standing;
  const off = whyIncidentIsOff(rules, incident);
  if (off) return switchedOff(off);
  const window = decideWindow(incident, observation, parts.now(), { scale: parts.windowScale });
  if (window.kind === "wait") return { kind: "waiting", why: window.why, again: window.milliseconds };

  const earlier = earlierPull(incident, own.pulls);
  if (earlier && isAnswered(earlier, parts.now())) {
    const stands: Ending = { kind: "standing", pull: earlier.number, state: earlier.state, again: MISSED };
    return earlier.state === "open" && !quiet ? uphold(parts, standing, earlier) : stands;
  }
  if (quiet) return quietEnding(quiet);

  const source = await openSource(observation.source, parts.opener);
  if (home && source.kind === "open") return search(parts, { ...standing, home }, source, earlier);
  if (isDoubtful(incident)) return { kind: "quiet", why: DOUBTFUL };
  const known = parts.memory.ending(incident, "");
  return known ?? parts.memory.remember(incident, "", await handOver(parts, standing, source.kind === "refused" ? source : NO_HOME));
}

/** From the source to a pull request, or to people. What came of the same search lately is not done again. */
async function search(parts: ReconcileParts, standing: Case & { home: Home }, source: OpenedSource, earlier: OurPull | undefined): Promise<Ending> {
  const { incident, observation, home, own, rules } = standing;
  const { repository, head, open } = source;
  const concluded = parts.memory.hasNews(incident) ? undefined : parts.memory.ending(incident, head.tree.commit);
  if (concluded) return concluded;
  if (await movedOn(source, observation, incident)) {
    return { kind: "waiting", why: `${source.branch} says something else about ${describeRef(incident.target)} than what is deployed`, again: SOON };
  }
  const candidate = { home, rules, incident };
  const waits = await stillWaits(parts, candidate);
  if (waits) return waits;

  const history = await readHistory({ repository, head, ...pastOf(observation, incident.target, incident.since), open });
  const repair = await findRepair(parts, { incident, observation, workspace: head, history, tried: triedIn(own) });
  const conclude = (ending: Ending) => parts.memory.remember(incident, head.tree.commit, ending);
  if (repair.kind !== "approved") return conclude(isDoubtful(incident) ? { kind: "quiet", why: DOUBTFUL } : await handOver(parts, standing, repair));
  const unwanted = whyRepairIsOff(rules, repair);
  if (unwanted) return conclude(switchedOff(unwanted));

  // Open, and not answered: it was withdrawn for this incident and stayed for another, so that this one joins it again.
  const existing = earlier?.state === "open" ? undefined : earlier;
  const attempts = existing?.attempts ?? [];
  const proposing = { incident, observation, source, history, repair, attempts, ...(existing ? { existing } : {}) };
  return inItsTurn(parts, { ...candidate, digest: digestOf(repair.change.files) }, async () => {
    const proposed = await propose(parts, home, proposing, rules.pullRequests);
    await supersede(parts, home, own, incident, proposed);
    return { kind: "proposed", how: proposed.kind, url: proposed.url, again: MISSED };
  });
}

/** The incident's pull request: the open one, or else the newest. */
function earlierPull({ fingerprint }: Incident, pulls: readonly OurPull[]): OurPull | undefined {
  const own = pulls.filter((pull) => pull.fingerprint === fingerprint).sort((a, b) => b.number - a.number);
  return own.find(({ state }) => state === "open") ?? own[0];
}

/** Whether there is nothing to propose: it is open, its merge is being watched, or a person said no. A verdict, or the bot's own withdrawal, ends that. */
function isAnswered({ state, verdict, mergedAt }: OurPull, now: Date): boolean {
  if (verdict !== undefined) return false;
  return state !== "merged" || (mergedAt !== undefined && now.getTime() - mergedAt.getTime() < VERDICT_WITHIN);
}
