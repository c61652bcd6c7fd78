import { at, type JsonObject, type KubeObject, type ObjectRef, objectAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, sameJson } from "../../source/edit/field-path.ts";
import { followedSelector, lostKeys, servedBefore } from "../../source/meant/followed-selector.ts";
import { isLabelledAlike } from "../../source/meant/own-label.ts";
import { unlabelledKeys } from "../../source/meant/unlabelled-keys.ts";
import { workloadBeside } from "../../source/meant/workload-beside.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, renderedNow } from "../history.ts";
import { isAlmost, onlyAlike } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { isWorkload, podLabelsOf } from "../workload.ts";
import { CONFIDENCE, escalate, fix, orElse, type PlaybookEntry, place, restoring, restoringAll, type Statement } from "./entry.ts";
import { wrongPorts } from "./service-port.ts";

/** Services that lead nowhere: a selector that no pod's labels match, or a target port that no container has. */
export const service: PlaybookEntry = {
  name: "service",
  topic: "Services, ports and endpoints",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason, object }) => reason === "no-endpoints" && object.kind === "Service");
    const now = renderedNow(input, input.incident.target);
    if (!symptom || now?.kind !== "Service") return [];
    if (isOldGap(input, now)) return [];
    const workloads = workloadsIn(input.rendered, input.incident.target.namespace);
    const selected = workloads.filter((workload) => matches(objectAt(now, "spec", "selector"), podLabelsOf(workload)));
    return selected.length === 0 ? [unselected(input, now, workloads, symptom.message)] : wrongPorts(input, now, selected, symptom.message);
  },
};

/** A Service that selected nothing when all was well, as it does today, is not why a delivery cannot be applied. */
function isOldGap({ observation: { state }, lastGood }: DiagnosisInput, now: KubeObject): boolean {
  const then = lastGood?.objects ?? [];
  const past = then.find((object) => sameRef(refOf(object), refOf(now)));
  if (state.kind !== "failing" || state.phase === "health" || !past) return false;
  const selector = objectAt(past, "spec", "selector");
  const isServed = workloadsIn(then, textAt(now, "metadata", "namespace")).some((workload) => matches(selector, podLabelsOf(workload)));
  return sameJson(selector, objectAt(now, "spec", "selector")) && !isServed;
}

function workloadsIn(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  return objects.filter((object) => isWorkload(object.kind) && textAt(object, "metadata", "namespace") === namespace);
}

/** Whether pods with these labels have all that a selector asks for. */
export function matches(selector: JsonObject, labels: JsonObject): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function unselected(input: DiagnosisInput, now: KubeObject, workloads: readonly KubeObject[], message: string): Finding {
  const object = input.incident.target;
  const selector = objectAt(now, "spec", "selector");
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  const statement = {
    failureClass: "service-no-endpoints" as const,
    rootCause: `${place(object)} selects pods with ${wanted.join(", ")}, and no pod of this delivery has these labels.`,
    object,
    quotes: quoteFirst(input.evidence, [message, ...wanted, ...Object.values(selector).map(String)]),
    confidence: CONFIDENCE.confirmed,
  };
  const past = pastOf(input, object);
  const path: FieldPath = ["spec", "selector"];
  const changed = changedBelow(past, now, path);
  const good = objectAt(past?.object, "spec", "selector");
  const fitting = workloads.filter((workload) => matches(good, podLabelsOf(workload)));
  const scheme = past ? newLabels(input, object.namespace, { good, selector, isTooWide: fitting.length > 1 }) : undefined;
  if (scheme) return selecting({ ...statement, confidence: CONFIDENCE.suggested }, scheme);
  if (past && changed.length > 0 && fitting.length > 0) return restoring(statement, past, changed);
  const lost = past && changed.length === 0 ? lostKeys(input.lastGood?.objects ?? [], input.rendered, { namespace: object.namespace, selector }) : undefined;
  if (past && lost) return orElse(...unaskedOrBack(input, past, { ...statement, confidence: CONFIDENCE.likely }, selector, lost));
  const followed = past && changed.length === 0 ? relabelled(input, object, selector) : undefined;
  const meant =
    followed ?? misspelt(selector, workloads) ?? namesake(object.name, selector, workloads) ?? besides(input, selector) ?? labelledAlike(now, workloads);
  const unlabelled = meant || past ? undefined : unlabelledKeys(now, input.rendered);
  if (unlabelled) return unasked({ ...statement, confidence: CONFIDENCE.suggested }, selector, unlabelled);
  if (!meant) return escalate(statement, "no workload's labels are surely what was meant", "Set the selector to the labels of the pods that should serve it.");
  const confidence = followed ? CONFIDENCE.likely : CONFIDENCE.suggested;
  return selecting({ ...statement, confidence }, meant);
}

/** A label that the pods lost is not asked for any more, or comes back to them where the Service's selector is not a value of its own in git. */
function unaskedOrBack(
  input: DiagnosisInput,
  past: Past,
  statement: Statement,
  selector: JsonObject,
  lost: readonly string[],
): [narrow: Finding, wide: Finding] {
  const narrow = unasked(statement, selector, lost);
  const own = servedBefore(input.lastGood?.objects ?? [], input.rendered, { namespace: statement.object.namespace, selector });
  const path = ["spec", "template", "metadata", "labels"];
  if (!own || at(own.today, ...path) === undefined) return [narrow, narrow];
  const changes = lost.map((key) => ({ object: refOf(own.today), path: [...path, key], before: undefined, after: String(selector[key]) }));
  return [narrow, restoringAll(statement, past, changes)];
}

function unasked(statement: Statement, selector: JsonObject, lost: readonly string[]): Finding {
  return fix(
    statement,
    lost.map((key) => ({ object: statement.object, path: ["spec", "selector", key], before: selector[key], after: undefined })),
    lost.map((key) => `Do not ask for ${key}=${String(selector[key])} any more: no pod has that label, and without it the Service selects them and no others`),
  );
}

function selecting(statement: Statement, meant: readonly Relabel[]): Finding {
  return fix(
    statement,
    meant.flatMap((one) => selectorChanges(statement.object, ["spec", "selector"], one)),
    meant.map(({ key, to, before, after }) => `Select ${to}=${after} instead of ${key}=${before}, as the pods are labelled`),
  );
}

/**
 * Labels that the selector asks for newly, where it has another value than the pods that it selected before: they are wanted where they came to the pods at once,
 * and where the old selector is too wide by now, since it fits other workloads too.
 */
function newLabels(
  { lastGood, rendered }: DiagnosisInput,
  namespace: string,
  { good, selector, isTooWide }: { good: JsonObject; selector: JsonObject; isTooWide: boolean },
): Relabel[] | undefined {
  const then = lastGood?.objects ?? [];
  const own = servedBefore(then, rendered, { namespace, selector: good });
  const changes = own ? towards(selector, podLabelsOf(own.today)) : undefined;
  const isWanted = ({ key, to }: Relabel) =>
    key === to && !Object.hasOwn(good, key) && own !== undefined && (isTooWide || !Object.hasOwn(podLabelsOf(own.served), key));
  return changes && changes.length > 0 && changes.every(isWanted) ? changes : undefined;
}

/** One key for another where the label has another key. */
function selectorChanges(object: ObjectRef, path: FieldPath, { key, to, before, after }: Relabel): ObjectChange[] {
  if (key === to) return [{ object, path: [...path, key], before, after }];
  return [
    { object, path: [...path, key], before, after: undefined },
    { object, path: [...path, to], before: undefined, after },
  ];
}

/** A pair of the selector that fits no more, and the label that is meant. */
interface Relabel {
  key: string;
  to: string;
  before: string;
  after: string;
}

/** What the labels of the one workload that the selector matched at the last good revision are called today, or hold. */
function relabelled(input: DiagnosisInput, { namespace }: ObjectRef, selector: JsonObject): Relabel[] | undefined {
  const followed = followedSelector(input.lastGood?.objects ?? [], input.rendered, { namespace, selector });
  return followed?.map(({ from: [key, before], to: [to, after] }) => ({ key, to, before, after }));
}

/** The only workload whose labels differ from the selector in one pair, and there only by the value's spelling or by the key. */
function misspelt(selector: JsonObject, workloads: readonly KubeObject[]): Relabel[] | undefined {
  const near = workloads.flatMap((workload) => {
    const labels = podLabelsOf(workload);
    const change = towards(selector, labels);
    return change?.length === 1 && change.every(({ before, after }) => before === after || isAlmost(before, after)) ? [change] : [];
  });
  return near.length === 1 ? near[0] : undefined;
}

/** The workload that is called like the Service, or the only one there is, whose labels differ from the selector in one value. */
function namesake(service: string, selector: JsonObject, workloads: readonly KubeObject[]): Relabel[] | undefined {
  const own = workloads.filter((workload) => textAt(workload, "metadata", "name") === service);
  const [only, ...more] = own.length > 0 ? own : workloads;
  const changes = only && more.length === 0 ? towards(selector, podLabelsOf(only)) : undefined;
  const [change] = changes ?? [];
  return changes?.length === 1 && change && (own.length > 0 || change.before === change.after || onlyAlike(change.before, [change.after]))
    ? changes
    : undefined;
}

/** The workload beside the Service in git, whose labels differ from the selector in one value of several. */
function besides({ incident, documents, rendered }: DiagnosisInput, selector: JsonObject): Relabel[] | undefined {
  const beside = workloadBeside(documents, rendered, incident.target);
  const changes = beside && towards(selector, podLabelsOf(beside));
  return changes?.length === 1 && Object.keys(selector).length > 1 ? changes : undefined;
}

/** The only workload whose labels differ from the selector in one value of several, where that one is the Service's own label (source/meant/own-label.ts). */
function labelledAlike(service: KubeObject, workloads: readonly KubeObject[]): Relabel[] | undefined {
  const [only, ...more] = workloads.filter((workload) => isLabelledAlike(service, podLabelsOf(workload)));
  return only && more.length === 0 ? towards(objectAt(service, "spec", "selector"), podLabelsOf(only)) : undefined;
}

/**
 * What of the selector must change to match; undefined where the labels have neither a key nor its value under another one, since leaving one out would select
 * more.
 */
function towards(selector: JsonObject, labels: JsonObject): Relabel[] | undefined {
  const wrong = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
  const changes = wrong.flatMap(([key, value]): Relabel[] => {
    const label = labels[key];
    if (typeof value !== "string") return [];
    if (typeof label === "string") return [{ key, to: key, before: value, after: label }];
    const [to, ...others] = Object.keys(labels).filter((other) => labels[other] === value && !Object.hasOwn(selector, other));
    return to !== undefined && others.length === 0 ? [{ key, to, before: value, after: value }] : [];
  });
  return changes.length === wrong.length ? changes : undefined;
}
