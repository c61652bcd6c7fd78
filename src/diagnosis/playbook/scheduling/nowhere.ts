import { type KubeObject, objectAt, textAt } from "../../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson, startsWith } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { type Past, pastOf } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, type Statement } from "../entry.ts";
import { neededPlacement } from "./needed-placement.ts";
import { misspeltKey, misspeltLabel, misspeltTopology } from "./node-labels.ts";
import { oldPodStays } from "./old-pod-first.ts";
import { blamedPlacement } from "./placement.ts";
import { misspeltPodLabel } from "./pod-labels.ts";

type Input = Parameters<PlaybookEntry["diagnose"]>[0];

/** A pod that no node may take: what the commit wants of its place is corrected where it is only misspelt, and goes back where nothing like it is there. */
export function nowhere(input: Input, now: KubeObject, message: string, quotes: Finding["quotes"]): Finding {
  const object = input.incident.target;
  const spec = podSpecPath(now.kind) ?? [];
  const selector = objectAt(getIn(now, spec), "nodeSelector");
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  const label = wanted.length > 0 ? ` (node label ${wanted.join(", ")})` : "";
  const apart = /anti-affinity/.test(message) ? ": its pods must not share one with others, or with each other" : "";
  const statement: Statement = {
    failureClass: "unschedulable-placement",
    rootCause: `No node is where ${place(object)} wants to run${label}${apart}.`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const past = pastOf(input, object);
  const blamed = blamedPlacement(past, now, spec, message);
  const slip = slipOfPen(input, now, message, statement);
  if (past && blamed.length > 0 && !(slip && isWanted(past, slip, blamed)))
    return restoring(statement, past, neededPlacement(blamed, now, spec, nodesOf(input)));
  // The old pod stays until the new one is ready, and neither may be beside the other.
  const stays = apart === "" ? [] : oldPodStays(input, past, now);
  if (past && stays.length > 0) return restoring(statement, past, stays);
  if (slip) return fix({ ...slip.statement, confidence: CONFIDENCE.suggested }, slip.changes, [slip.words]);
  return escalate(statement, "no node label is surely what was meant", "Label or add nodes, or change the node selector.");
}

export function nodesOf(input: Pick<DiagnosisInput, "observation">): KubeObject[] {
  return [...input.observation.surroundings, ...input.observation.objects].filter(({ kind }) => kind === "Node");
}

/** A place that is only misspelt. */
interface Slip {
  statement: Statement;
  changes: ObjectChange[];
  words: string;
}

/** What a commit asks for anew, or instead of something else, is wanted: it is spelt as it was meant. What it misspelt of what stood there before goes back. */
function isWanted(past: Past, { changes }: Slip, blamed: readonly { path: FieldPath }[]): boolean {
  const isBlamed = changes.every(({ path }) => blamed.some((one) => startsWith(path, one.path) || startsWith(one.path, path)));
  return isBlamed && !changes.every(({ path, after }) => sameJson(getIn(past.object, path), after));
}

function slipOfPen(input: Input, now: KubeObject, message: string, statement: Statement): Slip | undefined {
  const { object } = statement;
  const spec = podSpecPath(now.kind) ?? [];
  const podSpec = objectAt(getIn(now, spec));
  const nodes = nodesOf(input);
  const topology = /pod affinity|topology spread/.test(message) ? misspeltTopology(podSpec, nodes) : undefined;
  if (topology) {
    const { path, before, after } = topology;
    const words = `Ask for ${after} instead of ${before}: all nodes have a label of that name, which is nearly the same`;
    const rootCause = `No node is where ${place(object)} wants to run: its pods ask for a node label ${before}, and no node has one.`;
    return { statement: { ...statement, rootCause }, changes: [{ object, path: [...spec, ...path], before, after }], words };
  }
  const pods = /pod affinity/.test(message) ? misspeltPodLabel(podSpec, object.namespace, input.rendered) : undefined;
  if (pods) {
    const { key, path, before, after } = pods;
    const rootCause = `${place(object)} wants to run beside pods with ${key}=${before}, and no pods of this delivery have that label.`;
    const words = `Ask for pods with ${key}=${after} instead of ${before}: the only ones of this delivery with a label like it`;
    return { statement: { ...statement, rootCause }, changes: [{ object, path: [...spec, ...path], before, after }], words };
  }
  return nodeSlip(input, podSpec, spec, statement);
}

function nodeSlip(input: Input, podSpec: ReturnType<typeof objectAt>, spec: FieldPath, statement: Statement): Slip | undefined {
  const { object } = statement;
  const nodes = nodesOf(input);
  const meant = misspeltLabel(podSpec, nodes);
  // What found a node is no slip: then the nodes have other labels now.
  const isPlaced = (pod: KubeObject, path: FieldPath, value: unknown) => textAt(pod, "spec", "nodeName") !== "" && getIn(pod.spec, path) === value;
  const found = (path: FieldPath, value: unknown) =>
    input.observation.objects.some((one) => one.kind === "Pod" && one.metadata.namespace === object.namespace && isPlaced(one, path, value));
  if (meant && !found(meant.path, meant.before)) {
    const { key, path, before, after } = meant;
    const words = `Ask for nodes with ${key}=${after} instead of ${before}: the only value of this label like it that nodes have`;
    return { statement, changes: [{ object, path: [...spec, ...path], before, after }], words };
  }
  const renamed = meant ? undefined : misspeltKey(podSpec, nodes);
  if (!renamed || found(["nodeSelector", renamed.before], renamed.value)) return undefined;
  const { before, after, changes } = renamed;
  return {
    statement,
    changes: changes.map((change) => ({ object, ...change, path: [...spec, ...change.path] })),
    words: `Ask for node label ${after} instead of ${before}: the only one like it that nodes have, with that value`,
  };
}
