import { at, type KubeObject, textAt } from "../../cluster/objects.ts";
import { milli, moreThan } from "../../cluster/quantity.ts";
import { isUnseen } from "../../incident/other-scheduler.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, samePath } from "../../source/edit/field-path.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import { containersOf, podSpecOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { onlyTaintedFit } from "./scheduling/node-labels.ts";
import { nodesOf, nowhere } from "./scheduling/nowhere.ts";
import { oldPodStays } from "./scheduling/old-pod-first.ts";
import { otherScheduler } from "./scheduling/other-scheduler.ts";

/** Pods for which no node is found: requests that are too large, or a place that no node offers. */
export const scheduling: PlaybookEntry = {
  name: "scheduling",
  topic: "placement of pods",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "unschedulable");
    const now = renderedNow(input, input.incident.target);
    if (!symptom || !now) return [];
    const message = symptom.message.slice(0, 2000);
    if (isUnseen(message)) return [otherScheduler(input, now, message)];
    const quotes = quoteFirst(input.evidence, [message, message.split(". ")[0] ?? "", "nodes are available"]);
    // Taints and cordons come first: no manifest of this delivery is wrong when nodes are closed.
    const isClosed = /untolerated taint|were unschedulable/.test(message);
    if (isClosed && (!OTHER_NODES.test(message) || onlyTaintedFit(podSpecOf(now), nodesOf(input)))) return [closedNodes(input, message, quotes)];
    if (/Insufficient (cpu|memory|ephemeral-storage)/.test(message)) return [tooLarge(input, now, message, quotes)];
    if (/Insufficient \S+/.test(message)) return [extendedResource(input, message, quotes)];
    if (/didn't have free ports/.test(message)) return [portsTaken(input, now, quotes)];
    if (/node affinity\/selector|anti-affinity|pod affinity|topology spread/.test(message)) return [nowhere(input, now, message, quotes)];
    return FULL.test(message) ? [fullNodes(input, message, quotes)] : [];
  },
};

type Quotes = Finding["quotes"];

/** What keeps the pod from nodes that are open. */
const OTHER_NODES = /Insufficient|didn't match|didn't satisfy|free ports|Too many pods|max volume count/;
/** A node takes so many pods, and so many volumes, whatever their size. */
const FULL = /Too many pods|max volume count/;

function fullNodes({ incident }: DiagnosisInput, message: string, quotes: Quotes): Finding {
  const what = message.includes("Too many pods") ? "pods" : "volumes";
  const statement = {
    failureClass: "unschedulable-resources" as const,
    rootCause: `No node takes one of ${place(incident.target)} as well: they have as many ${what} as they may have.`,
    object: incident.target,
    quotes,
    confidence: CONFIDENCE.likely,
  };
  return escalate(statement, `how many ${what} a node may have is no matter of this delivery`, "Add nodes, or take something away from those that are there.");
}

function closedNodes({ incident }: DiagnosisInput, message: string, quotes: Quotes): Finding {
  const statement = {
    failureClass: "unschedulable-placement" as const,
    rootCause: `No node takes the pods of ${place(incident.target)}: ${shown(message.split(". ")[0] ?? message)}.`,
    object: incident.target,
    quotes,
    confidence: CONFIDENCE.likely,
  };
  return escalate(statement, "nodes are tainted or cordoned", "Look after the nodes; the bot adds no tolerations.");
}

/** Every node's port is somebody else's already: a port of the node that this commit asked for goes back. */
function portsTaken(input: DiagnosisInput, now: KubeObject, quotes: Quotes): Finding {
  const object = input.incident.target;
  const past = pastOf(input, object);
  const asking = containersOf(now)
    .map(({ name, path }) => ({ name, changed: changedBelow(past, now, [...path, "ports"]).filter(isHostPort) }))
    .filter(({ changed }) => changed.length > 0);
  const network = changedBelow(past, now, [...(podSpecPath(now.kind) ?? []), "hostNetwork"]).filter(({ after }) => after === true);
  const [only, ...others] = asking;
  const statement = {
    failureClass: "port-conflict" as const,
    rootCause: `No node has the host ports free that ${place(object, only?.name)} asks for.`,
    object,
    ...(only ? { container: only.name } : {}),
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  if (past && only && others.length === 0) return restoring(statement, past, only.changed);
  if (past && asking.length === 0 && network.length > 0) {
    const rootCause = `No node has the ports free that ${place(object)} opens in the node's own network, where its pods run now.`;
    return restoring({ ...statement, rootCause }, past, network);
  }
  const stays = asking.length === 0 ? oldPodStays(input, past, now) : [];
  if (past && stays.length > 0) {
    const rootCause = `New pods of ${place(object)} need host ports that the old ones hold until the new ones are ready: the old no longer go first.`;
    return restoring({ ...statement, rootCause }, past, stays);
  }
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "which of the two may have the port is for people",
    "Use another hostPort, fewer replicas, or a Service instead.",
  );
}

function isHostPort({ path, after }: FieldChange): boolean {
  return path.at(-1) === "hostPort" || (path.at(-2) === "ports" && at(after ?? null, "hostPort") !== undefined);
}

function extendedResource({ incident }: DiagnosisInput, message: string, quotes: Quotes): Finding {
  const resource = /Insufficient (\S+?)[.,]?(?:\s|$)/.exec(message)?.[1] ?? "an extended resource";
  const statement = {
    failureClass: "unschedulable-resources" as const,
    rootCause: `No node has ${resource} left for ${place(incident.target)}.`,
    object: incident.target,
    quotes,
    confidence: CONFIDENCE.likely,
  };
  return escalate(statement, "extended resources (GPUs and the like) are a human's decision", `Add nodes with ${resource}, or ask for less of it.`);
}

function tooLarge(input: DiagnosisInput, now: KubeObject, message: string, quotes: Quotes): Finding {
  const object = input.incident.target;
  const resources = [...new Set([...message.matchAll(/Insufficient (cpu|memory|ephemeral-storage)/g)].map(([, resource = ""]) => resource))];
  const requests = containersOf(now).flatMap(({ name, path }) => resources.map((resource) => requestOf(now, { name, path }, resource)));
  const past = pastOf(input, object);
  const raised = requests.flatMap((request) =>
    changedBelow(past, now, request.path)
      .filter(({ before, after }) => moreThan(after, before))
      .map((difference) => ({ request, difference })),
  );
  const alike = raised.flatMap(({ request, difference }) => changedBelow(past, now, request.limit).filter((limit) => isSameSlip(difference, limit)));
  const largest = requests.filter(({ value }) => milli(value) !== undefined).sort((a, b) => (moreThan(b.value, a.value) ? 1 : -1))[0];
  const { name, value, resource = resources[0] ?? "cpu" } = raised[0]?.request ?? largest ?? {};
  const statement = {
    failureClass: "unschedulable-resources" as const,
    rootCause: `No node has room for ${place(object, name)}, which requests ${shown(value)} ${resource}.`,
    object,
    container: raised.every(({ request }) => request.name === name) ? name : undefined,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  if (past && raised.length > 0) {
    return restoring(statement, past, [...raised.map(({ difference }) => difference), ...alike]);
  }
  const most = largestNode(input, resource);
  if (largest?.resource === "cpu" && most !== undefined && moreThan(largest.value, most)) return lostUnit(statement, largest.path, largest.value, most);
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "the requests did not change: the cluster is full",
    "Add nodes, or free resources; the request itself may be right.",
  );
}

interface Request {
  name: string;
  resource: string;
  path: FieldPath;
  limit: FieldPath;
  value: FieldChange["after"];
}

/** What a container asks a node for: where it says only a limit that is its request as well (core/v1 ResourceRequirements). */
function requestOf(now: KubeObject, { name, path }: { name: string; path: FieldPath }, resource: string): Request {
  const [own, limit]: FieldPath[] = ["requests", "limits"].map((list) => [...path, "resources", list, resource]);
  const field = getIn(now, own ?? []) === undefined && getIn(now, limit ?? []) !== undefined ? limit : own;
  return { name, resource, path: field ?? [], limit: limit ?? [], value: getIn(now, field ?? []) };
}

/** The limit rose to the very amount that is too much to ask for: who wrote the one wrote the other. */
function isSameSlip(request: FieldChange, limit: FieldChange): boolean {
  const isAlike = sameJson(request.after, limit.after) || (isUnitSlip(request) && isUnitSlip(limit));
  return !samePath(request.path, limit.path) && isAlike && moreThan(limit.after, limit.before);
}

/** `48Mi` became `64Gi`: the next unit, and much more than ever was needed. */
function isUnitSlip({ before, after }: FieldChange): boolean {
  const [then, now] = [before, after].map((quantity) => /^\d+(?:\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/.exec(String(quantity))?.[1]);
  const [was, is] = [milli(before), milli(after)];
  return then !== now && then?.length === now?.length && was !== undefined && is !== undefined && is >= was * LEAST_SLIP;
}

/** How many times as much a slip of a unit makes it at least: a factor of about a thousand, with another number beside it. */
const LEAST_SLIP = 100n;

/** `cpu: 20` where 20m was meant: only where no node could ever hold it, and a thousandth would fit. */
function lostUnit(statement: Parameters<typeof fix>[0], path: FieldPath, value: FieldChange["after"], most: string): Finding {
  const meant = `${String(value)}m`;
  if (!/^\d+$/.test(String(value)) || milli(meant) === undefined || Number(value) < 10) {
    return escalate(statement, `the largest node has ${most}`, "Request less, or add a larger node.");
  }
  const change: ObjectChange = { object: statement.object, path, before: value, after: meant };
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [change],
    [`Request ${meant} cpu instead of ${String(value)}: no node has more than ${most} cores, so the unit was lost`],
  );
}

function largestNode(input: DiagnosisInput, resource: string): string | undefined {
  const sizes = nodesOf(input).map((node) => textAt(node, "status", "allocatable", resource));
  return sizes.filter((size) => milli(size) !== undefined).sort((a, b) => (moreThan(b, a) ? 1 : -1))[0];
}
