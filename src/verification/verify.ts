import { describeRef, type ObjectRef, sameRef } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { identify } from "../incident/identify.ts";
import type { Incident, Symptom } from "../incident/incident.ts";
import type { OurPull } from "../pull-request/pull.ts";
import type { Budget } from "./budget.ts";
import { type Contains, type Delivered, delivered } from "./delivered.ts";
import { readiness } from "./ready.ts";

/** What became of a deployment after the merge. `again`: milliseconds until looking again is worth it. */
export type Verdict =
  | { kind: "healed"; since: Date; words: string }
  | { kind: "not-healed"; why: string; symptoms: Symptom[] }
  | { kind: "not-yet"; why: string; again: number };

export interface Question {
  pull: OurPull;
  observation: Observation;
  /** Whether a revision is the merge commit or comes after it; undefined where that cannot be told. */
  isDescendant: Contains;
  now: Date;
  budget: Budget;
}

const SOON = 15_000;
const LATER = 5 * 60_000;

/**
 * Whether a merged fix healed its target. Healed: the tool delivered the merge and is content, every container is ready, Services have endpoints, and all of that
 * has lasted for the soak time. Not healed: delivered, and still failing when the budget is used up, or failing anew in a way that waiting cannot mend.
 * A fix that was not delivered was not tried, so it is never called not healed.
 */
export function verify({ pull, observation, isDescendant, now, budget }: Question): Verdict {
  if (pull.state !== "merged" || !pull.mergedAt) return { kind: "not-yet", why: "it is not merged", again: LATER };
  const spent = now.getTime() - pull.mergedAt.getTime();
  const patience = spent < budget.overall ? SOON : LATER;
  const tool = delivered(observation, isDescendant);
  if (tool.kind === "not-yet") return { kind: "not-yet", why: tool.why, again: patience };

  const { own, others } = sorted(identify(observation), pull, observation);
  // The same fingerprint is the same broken spec: the tool knows the merge but has not applied it yet, and its old failure may show a new symptom meanwhile.
  const anew = own.filter(({ fingerprint }) => fingerprint !== pull.fingerprint);
  const hopeless = anew.flatMap((incident) => incident.symptoms).filter((symptom) => symptom.decided && symptom.since > (pull.mergedAt ?? now));
  const lasting = hopeless.filter((symptom) => now.getTime() - symptom.since.getTime() >= budget.soak);
  if (lasting.length > 0) return { kind: "not-healed", why: wordsOf(lasting), symptoms: lasting };

  const ready = readiness(observation, others.length > 0 ? pull.target : undefined);
  const why = reasonAgainst(own, tool, others, ready);
  if (why !== undefined) {
    if (spent < budget.overall) return { kind: "not-yet", why, again: SOON };
    return { kind: "not-healed", why, symptoms: own.flatMap((incident) => incident.symptoms) };
  }
  const readySince = ready.kind === "ready" ? ready.since : undefined;
  const since = readySince && readySince > pull.mergedAt ? readySince : pull.mergedAt;
  const left = since.getTime() + budget.soak - now.getTime();
  if (left > 0) return { kind: "not-yet", why: "ready, and watched whether it stays so", again: left };
  return { kind: "healed", since, words: healedWords(pull.target, others) };
}

/** Incidents of the pull request's target or of the delivery as a whole, and those of other objects: a fix is not to blame for them. */
function sorted(incidents: readonly Incident[], pull: OurPull, observation: Observation): { own: Incident[]; others: Incident[] } {
  const { kind, name } = observation.key;
  const isDelivery = (ref: ObjectRef) => ref.kind === kind && ref.name === name;
  const own = incidents.filter(({ target }) => sameRef(target, pull.target) || isDelivery(target));
  return { own, others: incidents.filter((incident) => !own.includes(incident)) };
}

/** The first thing that speaks against calling it healed. While something else fails too, the tool as a whole cannot be content. */
function reasonAgainst(own: readonly Incident[], tool: Delivered, others: readonly Incident[], ready: ReturnType<typeof readiness>): string | undefined {
  if (ready.kind === "not-ready") return ready.why;
  if (own.length > 0) return wordsOf(own.flatMap((incident) => incident.symptoms));
  return tool.kind === "discontent" && (others.length === 0 || !tool.proven) ? tool.why : undefined;
}

function wordsOf(symptoms: readonly Symptom[]): string {
  const first = symptoms[0];
  return first ? `${describeRef(first.object)}: ${first.message || first.reason}` : "it still fails";
}

function healedWords(target: ObjectRef, others: readonly Incident[]): string {
  const other = others[0];
  const rest = other ? ` The delivery still fails for another reason: ${describeRef(other.target)}.` : "";
  return `${describeRef(target)} is healthy again.${rest}`;
}
