import { formatKey } from "../cluster/delivery.ts";
import { type Json, listAt, objectAt, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { deliveryError, deliveryRef } from "../incident/delivery-state.ts";
import type { Incident } from "../incident/incident.ts";
import { type Draft, RANK } from "./draft.ts";

/** What the delivery says of itself; `matters` where that explains more than its objects do (Helm has taken them back). */
export function deliveryItem(incident: Incident, observation: Observation, matters: boolean): Draft {
  const { key, state, delivery, revisions } = observation;
  const isTarget = sameRef(incident.target, deliveryRef(observation));
  const head = state.kind === "failing" ? `failing (${state.phase}), ${state.reason}: ${deliveryError(observation)}` : state.kind;
  const conditions = listAt(delivery, "status", "conditions").filter(isTold).map(conditionLine);
  const results = listAt(delivery, "status", "operationState", "syncResult", "resources").filter((r) => textAt(r, "status") === "SyncFailed");
  const earlier = (observation.remembered?.said ?? []).map(({ at, text }) => `said earlier, ${at.toISOString().slice(11, 19)} UTC: ${text}`);
  const lines = [
    head,
    ...conditions.filter((line) => state.kind !== "failing" || !line.endsWith(state.message) || state.message === ""),
    ...results.map((r) => `${textAt(r, "kind")}/${textAt(r, "name")} SyncFailed: ${textAt(r, "message")}`),
    ...argoLines(delivery),
    ...earlier,
    ...(revisions.attempted ? [`attempted revision: ${revisions.attempted}`] : []),
    ...(revisions.lastGood ? [`last good revision: ${revisions.lastGood}`] : []),
  ];
  return {
    rank: isTarget || matters ? RANK.target : RANK.delivery,
    kind: "delivery",
    source: `status of ${formatKey(key)}`,
    object: deliveryRef(observation),
    text: [...new Set(lines)].join("\n"),
  };
}

/** Argo CD's conditions have no status; of Flux's the true ones are good news, except Stalled. */
function isTold(condition: Json): boolean {
  const status = textAt(condition, "status");
  return textAt(condition, "message") !== "" && (status === "" || status === "False" || textAt(condition, "type") === "Stalled");
}

function conditionLine(condition: Json): string {
  const [status, reason] = [textAt(condition, "status"), textAt(condition, "reason")];
  return `${textAt(condition, "type")}${status === "" ? "" : ` is ${status}`}${reason === "" ? "" : `, ${reason}`}: ${textAt(condition, "message")}`;
}

function argoLines(delivery: Observation["delivery"]): string[] {
  const health = textAt(delivery, "status", "health", "status");
  const operation = objectAt(delivery, "status", "operationState");
  return [
    ...(health === "" ? [] : [`health: ${health}, sync: ${textAt(delivery, "status", "sync", "status")}`]),
    ...(textAt(operation, "phase") === "" ? [] : [`last operation ${textAt(operation, "phase")}: ${textAt(operation, "message")}`]),
  ];
}
