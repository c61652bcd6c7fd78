import type { Octokit } from "@octokit/rest";
import { type DeliveryKey, formatKey } from "./cluster/delivery.ts";
import { describeRef } from "./cluster/objects.ts";
import type { Cluster, Observation } from "./cluster/observation.ts";
import type { Quiet } from "./config/quiet-hours.ts";
import type { Engine, OperatorLimits, Rules } from "./config/rules.ts";
import { followUp } from "./follow-up.ts";
import { govern } from "./govern.ts";
import { handOver, propose } from "./hand-over.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { identify } from "./incident/identify.ts";
import { branchOf, type Incident, isDoubtful } from "./incident/incident.ts";
import { decideWindow } from "./incident/window.ts";
import type { Memory } from "./memory.ts";
import { switchedOff, whyIncidentIsOff, whyRepairIsOff } from "./permission.ts";
import type { Book } from "./pull-request/book.ts";
import type { OurIssue } from "./pull-request/escalate.ts";
import type { Notice } from "./pull-request/notice.ts";
import type { OurPull } from "./pull-request/pull.ts";
import type { Waiting } from "./pull-request/waiting-list.ts";
import type { OneAtATime } from "./queue/one-at-a-time.ts";
import { quietEnding } from "./quiet.ts";
import { findRepair, type RepairParts } from "./repair.ts";
import type { FoundSettings } from "./settings.ts";
import { rendersAlike } from "./source/compare.ts";
import { readHistory } from "./source/history.ts";
import { type OpenedSource, type Opener, openSource } from "./source/open.ts";
import type { SourceRefusal } from "./source/workspace.ts";
import { QUIET, supersede, takeBack } from "./take-back.ts";
import { type Settled, stillWaits, takeTurn, tellOfWaiting } from "./turns.ts";

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
  pulls: Book<OurPull[]>;
  escalations: Book<OurIssue[]>;
  notices: Book<Notice[]>;
  /** What `.github/autofix.yml` says on the default branch. */
  settings: Book<FoundSettings>;
  operator: OperatorLimits;
  /** Who diagnoses, by the engine that a repository's settings leave. */
  engines: Record<Engine, RepairParts["diagnose"]>;
  oneAtATime: OneAtATime;
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
  | { kind: "proposed"; how: "opened" | "updated" | "unchanged" | "taken-over" | "declined" | "merged"; url: string; again: number }
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
  const pulls = home
    ? (await parts.pulls.of(home.repository, incidents.length > 0 ? undefined : QUIET)).filter((pull) => formatKey(pull.delivery) === formatKey(key))
    : [];
  const standing = home && { home, observation, incidents, rules, ...(quiet ? { quiet } : {}) };
  const endings = standing ? [...(await followUp(parts, standing, pulls)), ...(await takeBack(parts, standing))] : [];
  const settled: Settled[] = [];
  for (const incident of incidents) settled.push({ incident, ending: await settle(parts, { incident, observation, home, pulls, rules, quiet }) });
  if (home && !quiet) await tellOfWaiting(parts, home, key, settled);
  endings.push(...settled.map(({ ending }) => ending));
  return endings.length > 0 ? endings : [{ kind: "quiet", why: observation.state.kind }];
}

interface Case {
  incident: Incident;
  observation: Observation;
  home: Home | undefined;
  pulls: readonly OurPull[];
  rules: Rules;
  quiet: Quiet | undefined;
}

/** The story of one incident. */
async function settle(parts: ReconcileParts, { incident, observation, home, pulls, rules, quiet }: Case): Promise<Ending> {
  const off = whyIncidentIsOff(rules, incident);
  if (off) return switchedOff(off);
  const window = decideWindow(incident, observation, parts.now(), { scale: parts.windowScale });
  if (window.kind === "wait") return { kind: "waiting", why: window.why, again: window.milliseconds };

  const earlier = pulls.find((pull) => pull.branch === branchOf(incident));
  const withdrawn = earlier?.state === "closed" && earlier.verdict === "healed";
  if (earlier && !withdrawn) return { kind: "standing", pull: earlier.number, state: earlier.state, again: MISSED };
  if (quiet) return quietEnding(quiet);

  const source = await openSource(observation.source, parts.opener);
  if ((source.kind === "refused" || !home) && isDoubtful(incident)) return { kind: "quiet", why: DOUBTFUL };
  if (source.kind === "refused" || !home) {
    const known = parts.memory.ending(incident, "");
    return known ?? parts.memory.remember(incident, "", await handOver(parts, { home, rules, incident }, source.kind === "refused" ? source : NO_HOME));
  }
  const { repository, head, open } = source;
  const concluded = parts.memory.ending(incident, head.tree.commit);
  if (concluded) return concluded;
  if (await movedOn(source, observation, incident)) {
    return { kind: "waiting", why: `${source.branch} says something else about ${describeRef(incident.target)} than what is deployed`, again: SOON };
  }

  const candidate = { home, rules, incident };
  const waits = await stillWaits(parts, candidate);
  if (waits) return waits;

  const history = await readHistory({ repository, head, ...pastOf(observation, incident.target, incident.since), open });
  const tried = pulls.filter((pull) => pull.verdict === "not-healed").flatMap((pull) => pull.attempts.map((attempt) => attempt.digest));
  const repair = await findRepair(parts, { incident, observation, workspace: head, history, tried });
  if (repair.kind !== "approved" && isDoubtful(incident)) return parts.memory.remember(incident, head.tree.commit, { kind: "quiet", why: DOUBTFUL });
  if (repair.kind !== "approved") return parts.memory.remember(incident, head.tree.commit, await handOver(parts, candidate, repair));
  const unwanted = whyRepairIsOff(rules, repair);
  if (unwanted) return parts.memory.remember(incident, head.tree.commit, switchedOff(unwanted));

  return takeTurn(parts, candidate, async () => {
    const twin = await twinOf(parts, home, incident, repair.change.digest);
    if (twin) return { kind: "standing", pull: twin.number, state: twin.state, again: MISSED };
    const proposing = { incident, observation, source, history, repair, attempts: earlier?.attempts ?? [], ...(earlier ? { existing: earlier } : {}) };
    const published = await propose(home, proposing, rules.pullRequests);
    await supersede(parts, { home }, pulls, { number: published.number, target: incident.target });
    return { kind: "proposed", how: published.kind, url: published.url, again: MISSED };
  });
}

/** The open pull request that makes the very same change for another delivery: what several share is fixed once. */
async function twinOf({ pulls }: ReconcileParts, { repository }: Home, incident: Incident, digest: string): Promise<OurPull | undefined> {
  const open = (await pulls.of(repository)).filter((pull) => pull.state === "open" && pull.branch !== branchOf(incident));
  return open.find((pull) => pull.attempts.at(-1)?.digest === digest);
}

/** Whether the branch has moved on since what is deployed, in a way that matters to the failing object: then its delivery comes first. */
async function movedOn(source: OpenedSource, observation: Observation, incident: Incident): Promise<boolean> {
  const deployed = observation.revisions.attempted;
  if (!deployed || deployed === source.head.tree.commit) return false;
  const commit = await source.repository.resolve(deployed);
  if (!commit || commit === source.head.tree.commit) return false;
  return !(await rendersAlike(source.open(await source.repository.tree(commit)), source.head, incident.target));
}
