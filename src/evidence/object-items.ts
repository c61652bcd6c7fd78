import { describeRef, type Json, listAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import type { Incident } from "../incident/incident.ts";
import { type Draft, RANK } from "./draft.ts";
import { outline } from "./outline.ts";
import { safeSpec } from "./structure.ts";

/** Kinds that have items of their own. */
const TOLD = new Set(["Service", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod", "Rollout", "Secret"]);

/** A failing object that is neither a workload nor a Service (an Ingress, an autoscaler): what is wrong with it, and what it says. */
export function objectItems(incident: Incident, observation: Observation): Draft[] {
  const object = observation.objects.find((candidate) => sameRef(refOf(candidate), incident.target));
  if (!object || TOLD.has(object.kind)) return [];
  const said = incident.symptoms.map(({ message }) => message);
  const conditions = listAt(object, "status", "conditions").filter(isTold).map(conditionLine);
  const text = [...new Set([...said, ...conditions]), "spec:", outline(safeSpec(object), "  ")].join("\n");
  return [{ rank: RANK.target, kind: "service", source: describeRef(incident.target), object: incident.target, text }];
}

function isTold(condition: Json): boolean {
  return textAt(condition, "message") !== "" && textAt(condition, "status") === "False";
}

function conditionLine(condition: Json): string {
  return `${textAt(condition, "type")} is False, ${textAt(condition, "reason")}: ${textAt(condition, "message")}`;
}
