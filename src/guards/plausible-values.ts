// Every value of a fix has a ground: it was seen working, the evidence names it, or it moves an old value a bounded way in the direction that
// heals. History first: the last good revision's value is always a ground (within what is never allowed).
import { inFullForm } from "../cluster/field-shapes.ts";
import { isKubeObject } from "../cluster/objects.ts";
import { BUILT_IN } from "../cluster/schema-errors.ts";
import { type FieldChange, type FieldPath, formatPath, getIn, sameJson, samePath } from "../source/field-path.ts";
import { setIn } from "../source/set-in.ts";
import { baselineOf, evidenceNames, type Grounds, isFromHistory, type Objection, objection } from "./grounds.ts";
import { isMisplacedMove } from "./misplaced.ts";
import { isNearName } from "./nearness.ts";
import { isOtherKind } from "./other-kind.ts";
import { commandObjection } from "./plausible-command.ts";
import { declaredPortObjection } from "./plausible-declared-port.ts";
import { environmentObjection, settingObjection } from "./plausible-environment.ts";
import { imageObjection } from "./plausible-image.ts";
import { backendObjection, scaleTargetObjection, selectorObjection, targetPortObjection } from "./plausible-network.ts";
import {
  dnsObjection,
  mountObjection,
  placementObjection,
  schedulerObjection,
  securityObjection,
  sidecarObjection,
  userObjection,
  volumeObjection,
} from "./plausible-pod.ts";
import { probeObjection } from "./plausible-probe.ts";
import {
  claimObjection,
  configMapKeyObjection,
  configMapObjection,
  followsPriorityClass,
  historyObjection,
  secretKeyObjection,
  secretObjection,
  serviceAccountObjection,
  shownObjection,
} from "./plausible-reference.ts";
import { resourceObjection } from "./plausible-resources.ts";
import { scheduleObjection } from "./plausible-schedule.ts";
import { isTwinRemoved } from "./plausible-twins.ts";
import { inContainer, podSpecPath } from "./pod-template.ts";
import { type GuardFinding, refused } from "./report.ts";
import { findTarget } from "./target-match.ts";
import { isTold } from "./told-values.ts";

/** Judges the values of every change of one object (rendered, manifest or patch). */
export function plausibleValues(grounds: Grounds): GuardFinding[] {
  return grounds.changes.flatMap((change) => {
    const found = objectionTo(grounds, change);
    if (!found) return [];
    const detail = { path: formatPath(change.path), before: change.before ?? null, proposed: change.after ?? null, final: change.before ?? null };
    return [refused("plausible", found.rule, `${found.message} (${formatPath(change.path)})`, detail)];
  });
}

function objectionTo(grounds: Grounds, change: FieldChange): Objection {
  if (grounds.input.proposal.failureClass === "invalid-manifest") return correctionObjection(grounds, change);
  if (isOtherKind(grounds.input, grounds.object, change) || isMisplacedMove(grounds.input, grounds.object, change, grounds.changes)) return undefined;
  if (grounds.input.proposal.failureClass === "config-key-missing" && grounds.object.kind === "ConfigMap") return droppedKeyObjection(grounds, change);
  if (grounds.object.kind === "ConfigMap" && isProbeClass(grounds)) return historyObjection(grounds, change);
  if (grounds.object.kind === "ConfigMap") return settingObjection(grounds, change, String(change.path.at(-1)));
  const place = inContainer(grounds.object.kind, change.path);
  if (place) return containerObjection(grounds, change, place.container, place.rest);
  const pod = podSpecPath(grounds.object.kind)?.split(".") ?? [];
  if (pod.length > 0 && pod.every((key, i) => change.path[i] === key)) return podObjection(grounds, change, change.path.slice(pod.length));
  return objectObjection(grounds, change);
}

/** What a program is told goes back for a probe's sake; nothing else is written there. */
function isProbeClass({ input }: Grounds): boolean {
  return input.proposal.failureClass.endsWith("-probe");
}

function containerObjection(grounds: Grounds, change: FieldChange, container: FieldPath, rest: FieldPath): Objection {
  const field = String(rest[0]);
  const isProbe = isProbeClass(grounds);
  if (isProbe && (field === "env" || field === "args")) return historyObjection(grounds, change);
  if (field === "image") return imageObjection(grounds, change);
  if (field === "resources") return resourceObjection(grounds, change);
  if (field === "restartPolicy") return sidecarObjection(grounds, change, container);
  if (field.endsWith("Probe")) return probeObjection(grounds, change, container, rest);
  if (["command", "args", "workingDir"].includes(field)) return commandObjection(grounds, change);
  // What a missing map was to give a variable is not guessed.
  const isOfMap = rest.includes("configMapKeyRef") && change.after !== undefined;
  if (field === "env" && grounds.input.proposal.failureClass === "config-missing" && !isOfMap) return historyObjection(grounds, change);
  if (field === "env") return variableObjection(grounds, change, rest.slice(1));
  if (field === "envFrom" && rest.at(-1) === "prefix")
    return isFromHistory(grounds, change) ? undefined : objection("variable-reference", "No earlier revision gave these variables that prefix.");
  if (field === "envFrom") return rest.includes("secretRef") ? secretObjection(grounds, change) : configMapObjection(grounds, change);
  if (field === "volumeMounts") return mountObjection(grounds, change);
  if (field === "securityContext")
    return grounds.input.proposal.failureClass === "run-as-root-image" ? userObjection(grounds, change) : securityObjection(grounds, change, rest);
  if (isProbe && field === "ports") return declaredPortObjection(grounds, change, container);
  if (field === "ports")
    return grounds.input.proposal.failureClass === "pod-security" ? securityObjection(grounds, change, rest) : portObjection(grounds, change);
  return historyObjection(grounds, change);
}

/** A key that is missed comes back as it was; the bot invents no value, and changes none that is there. */
function droppedKeyObjection(grounds: Grounds, change: FieldChange): Objection {
  if (change.before === undefined && isFromHistory(grounds, change)) return undefined;
  return objection("key-unfounded", "A missing key only comes back with the value that it had at the last good revision.");
}

/** A Secret reference of a variable belongs to a class of its own. */
function variableObjection(grounds: Grounds, change: FieldChange, rest: FieldPath): Objection {
  const secret = grounds.input.proposal.failureClass === "secret-missing" && rest.includes("secretKeyRef");
  if (!secret) return environmentObjection(grounds, change, rest);
  return change.path.at(-1) === "name" ? secretObjection(grounds, change) : secretKeyObjection(grounds, change);
}

function portObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change)) return undefined;
  const { after } = change;
  const isPort = typeof after === "number" && Number.isInteger(after) && after >= 1024 && after <= 65535;
  return isPort && evidenceNames(grounds, String(after)) ? undefined : objection("port-unfounded", "Nothing shows that the program can use this port.");
}

function podObjection(grounds: Grounds, change: FieldChange, rest: FieldPath): Objection {
  const field = String(rest[0]);
  if (["nodeSelector", "affinity", "topologySpreadConstraints"].includes(field)) return placementObjection(grounds, change);
  if (field === "schedulerName") return schedulerObjection(grounds, change);
  if (field === "serviceAccountName" || field === "serviceAccount") return serviceAccountObjection(grounds, change);
  if (field === "dnsPolicy" || field === "dnsConfig") return dnsObjection(grounds, change);
  if (field === "securityContext")
    return grounds.input.proposal.failureClass === "run-as-root-image" ? userObjection(grounds, change) : securityObjection(grounds, change, rest);
  if (field.startsWith("host"))
    return change.after === undefined || change.after === false ? undefined : objection("host-namespace", "A namespace of the host is shared.");
  if (field !== "volumes") return historyObjection(grounds, change);
  const last = change.path.at(-1);
  if (last === "claimName") return claimObjection(grounds, change);
  if (last === "secretName") return secretObjection(grounds, change);
  if (rest.includes("configMap"))
    return last === "key" ? configMapKeyObjection(grounds, change) : last === "name" ? configMapObjection(grounds, change) : historyObjection(grounds, change);
  if (rest.includes("secret"))
    return last === "key" ? secretKeyObjection(grounds, change) : last === "name" ? secretObjection(grounds, change) : historyObjection(grounds, change);
  return volumeObjection(grounds, change);
}

function objectObjection(grounds: Grounds, change: FieldChange): Objection {
  const { kind } = grounds.object;
  if (kind === "Service") return change.path.includes("selector") ? selectorObjection(grounds, change) : targetPortObjection(grounds, change);
  if (kind === "Ingress") return change.path.at(-1) === "ingressClassName" ? shownObjection(grounds, change) : backendObjection(grounds, change);
  if (kind === "HorizontalPodAutoscaler") return scaleTargetObjection(grounds, change);
  if (kind === "CronJob" || kind === "Job") return scheduleObjection(grounds, change);
  if (change.path.includes("storageClassName") || change.path.includes("accessModes")) return shownObjection(grounds, change);
  return historyObjection(grounds, change);
}

/**
 * What the API server refused: the field that it names may take another type, or another name, with a value that was already there, and a field
 * that it does not know may go, or be spelt right. Everything else, and every selector and label, only as the last good revision had it.
 */
function correctionObjection(grounds: Grounds, change: FieldChange): Objection {
  if (change.after === undefined && losesMeaning(grounds, change))
    return objection("field-misspelt", "This field is only misspelt: what stands in it was meant.");
  if (
    isFromHistory(grounds, change) ||
    isRespelt(grounds, change) ||
    isSameAsText(grounds, change) ||
    isTwinRemoved(grounds, change) ||
    isTold(grounds, change)
  )
    return undefined;
  if (isMisplacedMove(grounds.input, grounds.object, change, grounds.changes)) return undefined;
  if (isMatchedToItself(grounds, change) || followsPriorityClass(grounds, change) || isInFullForm(grounds, change)) return undefined;
  if (change.path.includes("selector") || change.path.includes("labels"))
    return objection("not-from-history", "Selectors and labels only go back to what the last good revision had.");
  const siblings = grounds.changes.filter(({ path }) => samePath(path.slice(0, -1), change.path.slice(0, -1)));
  const isNamed = ({ path }: FieldChange) => evidenceNames(grounds, fieldOf(path), "delivery", "event", "workload", "render-error");
  if (!siblings.some(isNamed)) return objection("field-not-named", "The API server does not complain about this field.");
  if (change.after === undefined) {
    const renamed = siblings.some(({ before, after }) => before === undefined && sameJson(after, change.before));
    return renamed || isUnknownField(grounds, change) ? undefined : objection("field-removed", "The API server does not say that this field is too much.");
  }
  const was = [baselineOf(grounds, change), ...siblings.map(({ before }) => before)].filter((value) => value !== undefined && typeof value !== "object");
  return was.some((value) => String(value) === String(change.after))
    ? undefined
    : objection("value-unfounded", "The corrected field has a value that was not there before.");
}

/** What a shorthand stands for that the API does not take (cluster/field-shapes.ts): of the field itself, or of a part of the full form. */
function isInFullForm({ input, object }: Grounds, { path, after }: FieldChange): boolean {
  const rendered = findTarget(input.rendered, object);
  return [path.length, path.length - 1, path.length - 2].some((depth) => {
    const whole = path.slice(0, depth);
    const value = rendered && getIn(rendered, whole);
    const full = value === undefined || value === null ? undefined : inFullForm(whole, value);
    return full !== undefined && sameJson(getIn(full, path.slice(depth)) ?? null, after ?? null);
  });
}

/**
 * A number or a boolean where Kubernetes' own schema wants text, as text. Of the fields of a map the API server's words name none: `"" is invalid: patch: Invalid
 * value: "": unrecognized type: string`.
 */
function isSameAsText({ input, object }: Grounds, { path, before, after }: FieldChange): boolean {
  const rendered = findTarget(input.rendered, object);
  if (!rendered || typeof after !== "string" || (typeof before !== "number" && typeof before !== "boolean")) return false;
  const mended = setIn(rendered, path, after);
  return after === String(before) && isKubeObject(mended) && BUILT_IN.errors(mended).length < BUILT_IN.errors(rendered).length;
}

/** A workload's selector and the labels of its pods, which the API server says do not match: the one gets the value that the other has for the same label. */
function isMatchedToItself({ object, input }: Grounds, { path, after }: FieldChange): boolean {
  const [key, owner] = [path.at(-1), path.slice(0, -1).join(".")];
  const other = { "spec.selector.matchLabels": LABELS, "spec.template.metadata.labels": SELECTOR }[owner];
  const isSaid = input.evidence.items.some(({ kind, text }) => kind !== "log" && text.includes("does not match template"));
  const rendered = findTarget(input.rendered, object);
  if (!isSaid || other === undefined || typeof key !== "string" || typeof after !== "string" || rendered === undefined) return false;
  const isThere = getIn(rendered, path) !== undefined || owner === LABELS.join(".");
  return isThere && getIn(rendered, [...other, key]) === after;
}

const SELECTOR = ["spec", "selector", "matchLabels"];
const LABELS = ["spec", "template", "metadata", "labels"];

/** A part of what stood below a field that the API server does not know: all of that, and nothing else, stands below one with almost that name now. */
function isRespelt(grounds: Grounds, { path, before }: FieldChange): boolean {
  return grounds.changes.some((gone) => {
    const depth = gone.path.length - 1;
    const [wrong, right] = [gone.path[depth], path[depth]];
    if (gone.after !== undefined || before !== undefined || typeof wrong !== "string" || typeof right !== "string") return false;
    const isBeside = samePath(gone.path.slice(0, depth), path.slice(0, depth)) && isNearName(wrong, right);
    const all = getIn(grounds.after, path.slice(0, depth + 1));
    return isBeside && isUnknownField(grounds, gone) && all !== undefined && sameJson(all, gone.before);
  });
}

/**
 * The schema has a field of almost that name there: what was meant would be lost, not only its misspelling, unless it is what the last good revision did
 * without.
 */
function losesMeaning({ input, object, after, lastGood }: Grounds, { path, before }: FieldChange): boolean {
  const wrong = String(path.at(-1));
  const target = findTarget(input.rendered, object);
  const known = (target ? BUILT_IN.errors(target).find(({ unknown }) => unknown === wrong)?.known : undefined) ?? [];
  return known.some((name) => {
    const [then, now] = [lastGood, after].map((value) => getIn(value, [...path.slice(0, -1), name]));
    if (!isNearName(name, wrong) || (lastGood && then === undefined)) return false;
    return now === undefined || (!sameJson(now, before) && !sameJson(now, then));
  });
}

function fieldOf(path: FieldPath): string {
  return path.findLast((segment) => typeof segment === "string") ?? "";
}

/** Whether the API server calls exactly this field unknown: of the path that it names, the last part counts, and an item of a list is no field. */
function isUnknownField({ input }: Grounds, { path }: FieldChange): boolean {
  const field = path.at(-1);
  if (typeof field !== "string") return false;
  const texts = input.evidence.items.filter(({ kind }) => kind !== "log").map(({ text }) => text);
  return texts.some((text) => UNKNOWN.some((pattern) => [...text.matchAll(pattern)].some(([, named = ""]) => named.split(".").at(-1) === field)));
}

/** Strict decoding, and the server-side apply (structured-merge-diff). */
const UNKNOWN = [/unknown field \\?"([^"\\\s]{1,300})/g, /(\.[\w.[\]=-]{1,300}): field not declared in schema/g];
