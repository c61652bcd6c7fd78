// Every value of a fix has a ground: it was seen working, the evidence names it, or it moves an old value a bounded way in the direction that
// heals. History first: the last good revision's value is always a ground (within what is never allowed).

import { listAt } from "../../cluster/objects.ts";
import { servicesIn } from "../../cluster/selecting.ts";
import { type FieldChange, type FieldPath, formatPath, getIn, sameJson } from "../../source/edit/field-path.ts";
import { prefixGiven, prefixTooMuch } from "../../source/meant/given-prefix.ts";
import { linkTaken } from "../../source/meant/service-links.ts";
import { takenFromMap } from "../../source/meant/taken-from-map.ts";
import { evidenceNames, type Grounds, isFromHistory, loggedLines, loggedVariables, type Objection, objection } from "../grounds.ts";
import { isMisplacedMove } from "../misplaced.ts";
import { isOtherKind } from "../other-kind.ts";
import { containersOf, inContainer, podSpecPath } from "../pod-template.ts";
import { type GuardFinding, refused } from "../report.ts";
import { findTarget } from "../target-match.ts";
import { commandObjection } from "./command.ts";
import { correctionObjection } from "./correction.ts";
import { declaredPortObjection } from "./declared-port.ts";
import { environmentObjection, settingObjection } from "./environment.ts";
import { imageObjection } from "./image.ts";
import { backendObjection, scaleTargetObjection, selectorObjection, targetPortObjection } from "./network.ts";
import {
  dnsObjection,
  isToRun,
  mountObjection,
  placementObjection,
  schedulerObjection,
  securityObjection,
  sidecarObjection,
  userObjection,
  volumeObjection,
} from "./pod.ts";
import { probeObjection } from "./probe.ts";
import {
  claimObjection,
  configMapKeyObjection,
  configMapObjection,
  filePathObjection,
  historyObjection,
  listedFileObjection,
  secretKeyObjection,
  secretObjection,
  serviceAccountObjection,
  shownObjection,
  storageClassObjection,
} from "./reference.ts";
import { resourceObjection } from "./resources.ts";
import { scheduleObjection } from "./schedule.ts";
import { sourcesObjection } from "./sources.ts";
import { followsMovedPort, isArgumentBack } from "./told-port.ts";

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
  if (grounds.object.kind === "ConfigMap" && isProbeClass(grounds)) return toldObjection(grounds, change, String(change.path.at(-1)));
  if (grounds.object.kind === "ConfigMap") return settingObjection(grounds, change, String(change.path.at(-1)));
  const place = inContainer(grounds.object.kind, change.path);
  if (place) return containerObjection(grounds, change, place.container, place.rest);
  const pod = podSpecPath(grounds.object.kind)?.split(".") ?? [];
  if (pod.length > 0 && pod.every((key, i) => change.path[i] === key)) return podObjection(grounds, change, change.path.slice(pod.length));
  return objectObjection(grounds, change);
}

/** What a program is told goes back for a probe's sake, or follows the port that it declares; nothing else is written there. */
function toldObjection(grounds: Grounds, change: FieldChange, name: string): Objection {
  return followsMovedPort(grounds, name, change) || isArgumentBack(grounds, change) ? undefined : historyObjection(grounds, change);
}

function isProbeClass({ input }: Grounds): boolean {
  return input.proposal.failureClass.endsWith("-probe");
}

function containerObjection(grounds: Grounds, change: FieldChange, container: FieldPath, rest: FieldPath): Objection {
  const field = String(rest[0]);
  const isProbe = isProbeClass(grounds);
  if (isProbe && (field === "env" || field === "args")) return toldObjection(grounds, change, typeof rest[1] === "object" ? rest[1].value : "");
  if (field === "image") return imageObjection(grounds, change);
  if (field === "resources") return resourceObjection(grounds, change);
  if (field === "restartPolicy") return sidecarObjection(grounds, change, container);
  if (field.endsWith("Probe")) return probeObjection(grounds, change, container, rest);
  if (field === "workingDir" && grounds.input.proposal.failureClass !== "command-not-found") return historyObjection(grounds, change);
  if (["command", "args", "workingDir"].includes(field)) return commandObjection(grounds, change);
  // What a missing map was to give a variable is not guessed.
  const isOfMap = rest.includes("configMapKeyRef") && change.after !== undefined;
  if (field === "env" && grounds.input.proposal.failureClass === "config-missing" && !isOfMap) return historyObjection(grounds, change);
  if (field === "env") return variableObjection(grounds, change, rest.slice(1));
  if (field === "envFrom" && rest.at(-1) === "prefix")
    return isFromHistory(grounds, change) || isGivenByOthers(grounds, change, container)
      ? undefined
      : objection("variable-reference", "No earlier revision gave these variables that prefix.");
  if (field === "envFrom" && rest.length === 1) return isTakenFromMap(grounds, change, container) ? undefined : sourcesObjection(grounds, change, container);
  if (field === "envFrom") return rest.includes("secretRef") ? secretObjection(grounds, change) : configMapObjection(grounds, change);
  if (field === "volumeMounts") return mountObjection(grounds, change);
  if (field === "securityContext")
    return grounds.input.proposal.failureClass === "run-as-root-image" ? userObjection(grounds, change) : securityObjection(grounds, change, rest);
  if (isProbe && field === "ports") return declaredPortObjection(grounds, change, container);
  if (field === "ports")
    return grounds.input.proposal.failureClass === "pod-security" ? securityObjection(grounds, change, rest) : portObjection(grounds, change);
  return historyObjection(grounds, change);
}

/** All variables that came from one map are written out again, as they were at the last good revision (source/meant/taken-from-map.ts). */
function isTakenFromMap({ input, object, lastGood, after: document }: Grounds, { after }: FieldChange, container: FieldPath): boolean {
  const target = findTarget(input.rendered, object);
  const [then, now] = [lastGood && getIn(lastGood, container), target && getIn(target, container)];
  if (after !== undefined || then === undefined || now === undefined) return false;
  const written = input.rendered.filter(({ kind }) => kind === "ConfigMap").flatMap((map) => takenFromMap(then, now, map) ?? []);
  const env = listAt(getIn(document, container) ?? null, "env");
  return written.length > 0 && written.every((item) => env.some((one) => sameJson(one, item)));
}

/** The prefix that others give the same ConfigMap's variables, or one that nobody reads, where a log names one of these variables (source/meant/given-prefix.ts). */
function isGivenByOthers({ input, object }: Grounds, { path, before, after }: FieldChange, container: FieldPath): boolean {
  const workload = findTarget(input.rendered, object);
  const others = input.rendered.flatMap(containersOf).map((one) => one.container);
  return loggedVariables(input).some((name) => {
    const now = (workload && getIn(workload, container)) ?? null;
    const meant = before === undefined ? prefixGiven(now, others, input.rendered, name) : prefixTooMuch(now, input.rendered, name);
    const isOnly = before === undefined || after === undefined;
    return isOnly && meant !== undefined && meant.prefix === (before ?? after) && meant.index === path.at(-2);
  });
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
  const { after, path } = change;
  if (path.at(-1) === "hostPort") return objection("port-unfounded", "No earlier revision had this port of the node.");
  const isPort = typeof after === "number" && Number.isInteger(after) && after >= 1024 && after <= 65535;
  return isPort && evidenceNames(grounds, String(after)) ? undefined : objection("port-unfounded", "Nothing shows that the program can use this port.");
}

/** A log shows the link of a Service of the delivery where the program means something else, and no container uses the links (source/meant/service-links.ts). */
function isLinkTaken(grounds: Grounds, { after }: FieldChange): boolean {
  const { input, object } = grounds;
  const workload = findTarget(input.rendered, object);
  const containers = workload ? containersOf(workload).map(({ container }) => container) : [];
  const services = servicesIn(input.rendered, object.namespace);
  return after === false && loggedLines(grounds).some((line) => linkTaken(services, containers, line) !== undefined);
}

function podObjection(grounds: Grounds, change: FieldChange, rest: FieldPath): Objection {
  const field = String(rest[0]);
  if (["nodeSelector", "affinity", "topologySpreadConstraints"].includes(field)) return placementObjection(grounds, change);
  if (field === "schedulerName") return schedulerObjection(grounds, change);
  if (field === "enableServiceLinks") return isLinkTaken(grounds, change) ? undefined : historyObjection(grounds, change);
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
  if (last === "storageClassName") return storageClassObjection(grounds, change);
  if (rest.includes("configMap") && last === "items") return listedFileObjection(grounds, change);
  if (rest.includes("configMap") && last === "path") return filePathObjection(grounds, change);
  if (rest.includes("configMap") && last === "defaultMode" && isToRun(grounds, change)) return undefined;
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
