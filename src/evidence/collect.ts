import { type KubeObject, listAt, sameRef, textAt } from "../cluster/objects.ts";
import type { Cluster, Observation } from "../cluster/observation.ts";
import { deliveryRef } from "../incident/delivery-state.ts";
import { type EventView, eventsOf, isAbout } from "../incident/events.ts";
import type { Incident } from "../incident/incident.ts";
import { eventsAbout, type WorkloadView, workloadsOf } from "../incident/workload-view.ts";
import { type Budget, DEFAULT_BUDGET, withinBudget } from "./budget.ts";
import { containerItems, podItems, representatives } from "./container-items.ts";
import { deliveryItem } from "./delivery-items.ts";
import { type Draft, RANK } from "./draft.ts";
import { eventItems } from "./event-items.ts";
import type { Evidence } from "./evidence.ts";
import { type GitEvidence, gitItems } from "./git-items.ts";
import { logItems } from "./log-items.ts";
import { movedTagItems, movedTags } from "./moved-tag.ts";
import { objectItems } from "./object-items.ts";
import { redact } from "./redact.ts";
import { serviceItems } from "./service-items.ts";
import { HIDDEN_VALUE } from "./structure.ts";
import { surroundingsItems } from "./surroundings-items.ts";
import { workloadItems } from "./workload-items.ts";

export interface EvidenceQuestion {
  incident: Incident;
  observation: Observation;
  cluster: Pick<Cluster, "logs">;
  git: GitEvidence;
  budget?: Budget;
  now: Date;
}

/**
 * Everything that speaks about an incident: ranked, each thing once, redacted, within the budget. Asks the cluster for at most eight logs and nothing else.
 * Never throws for what cannot be read.
 */
export async function collectEvidence({ incident, observation, cluster, git, budget = DEFAULT_BUDGET, now }: EvidenceQuestion): Promise<Evidence> {
  const workloads = workloadsOf(observation);
  const view = workloads.find((workload) => sameRef(workload.ref, incident.target));
  const containers = representatives(incident, view?.pods ?? []);
  const gaps = [...(view ? gapsOf(view) : []), ...unseenCluster(observation)];
  const redactions: Record<string, number> = {};
  const hide = (text: string) => redactInto(text, redactions);
  const logs = await logItems(cluster, containers, budget, hide, observation.on);
  const drafts: Draft[] = [
    ...containerItems(containers, observation.remembered),
    ...podItems(incident, view?.pods ?? [], observation.remembered),
    ...movedTagItems(incident.target, movedTags(observation, incident.target, isIn(incident))),
    ...gaps.map((text): Draft => ({ rank: RANK.log + 1, kind: "workload", source: "what is not known any more", object: incident.target, text })),
    ...eventItems(eventsOfIncident(incident, observation, view).filter((event) => event.first <= now)),
    ...logs.drafts,
    ...(view ? workloadItems(incident, observation, view) : []),
    ...serviceItems(incident, observation, workloads),
    ...objectItems(incident, observation),
    ...surroundingsItems(incident, observation),
    ...gitItems(git),
    deliveryItem(incident, observation, view?.rolledBack === true && view.pods.length === 0),
  ];
  const safe = distinct(drafts).map((draft) => ({ ...draft, source: hide(draft.source), text: hide(draft.text) }));
  countHiddenValues(drafts, redactions);
  const { items, omitted } = withinBudget(safe, budget);
  return { items, omitted: omitted + logs.unread, redactions, ...(gaps.length > 0 ? { gaps } : {}) };
}

function isIn({ symptoms }: Incident): (pod: string, container: string) => boolean {
  return (pod, container) => symptoms.some((symptom) => symptom.pod === pod && symptom.container === container);
}

/** Pods that were taken away before this process saw them. */
function gapsOf({ rolledBack, maker, pods }: WorkloadView): string[] {
  const isFailedJob =
    maker?.kind === "Job" && listAt(maker, "status", "conditions").some((c) => textAt(c, "type") === "Failed" && textAt(c, "status") === "True");
  if (pods.length > 0 || !(rolledBack || isFailedJob)) return [];
  return ["The failing pods are gone and were not seen while they failed: their states and logs are not known."];
}

function unseenCluster({ unseen }: Observation): string[] {
  return unseen === undefined
    ? []
    : [
        `It deploys to another cluster (${unseen}), which may not be read: nothing is known but what the delivery itself says. AUTOFIX_CLUSTERS names clusters.`,
      ];
}

/** Of a workload the events of its current revision, and of the claims that its pods wait for; of anything else those about it. */
function eventsOfIncident(incident: Incident, observation: Observation, view: WorkloadView | undefined): EventView[] {
  const events = eventsOf(observation);
  if (view) {
    const claims = [...observation.objects, ...observation.surroundings].filter(
      (object) => object.kind === "PersistentVolumeClaim" && waitsForVolume(incident),
    );
    return [...eventsAbout(view, events), ...events.filter((event) => claims.some((claim) => isAbout(event, claim)))];
  }
  if (sameRef(incident.target, deliveryRef(observation))) return ofDelivery(incident, events, observation.delivery);
  return events.filter(({ regarding }) => regarding.kind === incident.target.kind && regarding.name === incident.target.name);
}

function waitsForVolume(incident: Incident): boolean {
  return incident.symptoms.some(({ reason }) => reason === "volume");
}

/** A delivery lives long: of its events only those since this incident began count. */
function ofDelivery(incident: Incident, events: readonly EventView[], delivery: KubeObject): EventView[] {
  return events.filter((event) => isAbout(event, delivery) && event.last >= incident.since);
}

/** The same text of the same kind is told once: the first time it is ranked. */
function distinct(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft, i) => draft.text.trim() !== "" && drafts.findIndex((other) => other.kind === draft.kind && other.text === draft.text) === i);
}

/** Values that were hidden before there was a text; logs and events cannot add to the count. */
function countHiddenValues(drafts: readonly Draft[], redactions: Record<string, number>): void {
  const own = drafts.filter(({ kind }) => kind === "workload" || kind === "replica-set");
  const count = own.reduce((sum, { text }) => sum + text.split(HIDDEN_VALUE).length - 1, 0);
  if (count > 0) redactions["env-value"] = (redactions["env-value"] ?? 0) + count;
}

/** Nobody reads more of one thing; the budget cuts further, after what must be hidden is hidden. */
const TEXT_CHARACTERS = 300_000;

function redactInto(text: string, redactions: Record<string, number>): string {
  const redacted = redact(text.slice(0, TEXT_CHARACTERS));
  for (const [rule, count] of Object.entries(redacted.redactions)) redactions[rule] = (redactions[rule] ?? 0) + count;
  return redacted.text;
}
