// A probe keeps asking the program the same question: the handler's kind stays, its port is one that the container has, its path one that
// is known, its timings stay bounded. A new startup probe asks what another probe of the container already asks.
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { isOwnHost } from "../../cluster/own-host.ts";
import type { FailureClass } from "../../incident/failure-class.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, startsWith } from "../../source/edit/field-path.ts";
import { baselineOf, evidenceNames, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { podSpecOf } from "../pod-template.ts";
import { findTarget } from "../target-match.ts";
import { commandObjection } from "./command.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
/** The probes that a class is about: a slow start is what both of a container's probes of life tell of. */
const OWN: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  "liveness-probe": ["livenessProbe", "startupProbe"],
  "startup-probe": ["livenessProbe", "startupProbe"],
  "readiness-probe": ["readinessProbe"],
};
const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"];

/** @param container path of the container; `rest` below it, beginning with the probe's name */
export function probeObjection(grounds: Grounds, change: FieldChange, container: FieldPath, rest: FieldPath): Objection {
  const probe = String(rest[0]);
  const own = OWN[grounds.input.proposal.failureClass] ?? PROBES;
  if (!own.includes(probe) && !isFromHistory(grounds, change) && !goesWith(grounds, change, { container, own }))
    return objection("probe-other", `The failure is not about the ${probe}, which only goes back to what it was.`);
  const after = getIn(grounds.after, [...container, probe]);
  return handlerObjection(grounds, container, probe, after) ?? totalObjection(grounds, after) ?? fieldObjection(grounds, change, container, rest);
}

/** Another probe goes to the same port, from the same name, as one that the failure is about: the container calls it otherwise now. */
function goesWith({ changes }: Grounds, { path, before, after }: FieldChange, { container, own }: { container: FieldPath; own: readonly string[] }): boolean {
  const isOwn = (other: FieldPath) => own.some((probe) => startsWith(other, [...container, probe])) && other.at(-1) === "port";
  const isSame = (other: FieldChange) => isOwn(other.path) && sameJson(other.before ?? null, before ?? null) && sameJson(other.after ?? null, after ?? null);
  if (path.at(-1) === "host") return after === undefined && isOwnHost(before) && changes.some(({ path: other }) => isHostOf(other, container, own));
  return path.at(-1) === "port" && typeof before === "string" && changes.some(isSame);
}

function isHostOf(path: FieldPath, container: FieldPath, probes: readonly string[]): boolean {
  return path.at(-1) === "host" && probes.some((probe) => startsWith(path, [...container, probe]));
}

function fieldObjection(grounds: Grounds, change: FieldChange, container: FieldPath, rest: FieldPath): Objection {
  const field = String(rest.find((segment, i) => i > 0 && segment !== "httpGet" && segment !== "tcpSocket" && segment !== "grpc"));
  if (field === "exec") return isFromHistory(grounds, change) || isPortFollowed(grounds, container, change) ? undefined : commandObjection(grounds, change);
  if (field.endsWith("Seconds") || field.endsWith("Threshold")) return timingObjection(grounds, change, field);
  if (isFromHistory(grounds, change) || isInOtherProbe(grounds, container, rest, change.after)) return undefined;
  if (field === "host" && change.after === undefined && isOwnHost(baselineOf(grounds, change)) && !sharesNetwork(grounds)) return undefined;
  if (change.after === undefined) return objection("probe-neutered", "A part of the probe is removed.");
  if (field === "scheme")
    return change.after === "HTTP" || change.after === "HTTPS" ? undefined : objection("probe-scheme", "The scheme is neither HTTP nor HTTPS.");
  if (field === "port")
    return isPort(grounds, container, change.after) ? undefined : objection("probe-port", `The container has no port ${String(change.after).slice(0, 40)}.`);
  if (field === "path") {
    const path = typeof change.after === "string" ? change.after : "";
    return path.length > 1 && path.length < 200 && path.startsWith("/") && (evidenceNames(grounds, path) || isTold(grounds, container, path))
      ? undefined
      : objection("probe-path", "Nothing shows that the program answers at this path.");
  }
  return objection("probe-field", `No fix changes ${field} of a probe.`);
}

/** The pod is in the node's network: there the node's own address is the pod's. */
function sharesNetwork({ input, object }: Grounds): boolean {
  const rendered = findTarget(input.rendered, object);
  return rendered !== undefined && podSpecOf(rendered).hostNetwork === true;
}

/** The container as rendered now, so that a patch's partial container does not hide ports and probes. */
function wholeContainer({ input, object, before }: Grounds, container: FieldPath): JsonObject[] {
  const rendered = findTarget(input.rendered, object);
  return [rendered && getIn(rendered, container), getIn(before, container)].filter(isObject);
}

/** A ConfigMap of the delivery of which the container takes variables has this very path as one of them: the program is told to answer there. */
function isTold(grounds: Grounds, container: FieldPath, path: string): boolean {
  const settings = wholeContainer(grounds, container).flatMap((whole) => [
    ...listAt(whole, "envFrom").flatMap((from) => Object.values(dataOf(grounds, textAt(from, "configMapRef", "name")))),
    ...listAt(whole, "env").map((item) => {
      const { name, key } = objectAt(item, "valueFrom", "configMapKeyRef");
      return dataOf(grounds, textAt(name ?? ""))[textAt(key ?? "")];
    }),
  ]);
  return settings.includes(path);
}

function dataOf({ input, object }: Grounds, map: string): JsonObject {
  return objectAt(findTarget(input.rendered, { group: "", kind: "ConfigMap", namespace: object.namespace, name: map }), "data");
}

function isInOtherProbe(grounds: Grounds, container: FieldPath, rest: FieldPath, value: Json | undefined): boolean {
  return wholeContainer(grounds, container).some((whole) =>
    PROBES.some((probe) => probe !== rest[0] && value !== undefined && sameJson(getIn(whole, [probe, ...rest.slice(1)]), value)),
  );
}

function isPort(grounds: Grounds, container: FieldPath, port: Json): boolean {
  return wholeContainer(grounds, container).some((whole) =>
    listAt(whole, "ports").some((declared) => objectAt(declared).containerPort === port || (typeof port === "string" && textAt(declared, "name") === port)),
  );
}

/** All that changes in one word of the probe's command is one number: that of a port that the container had at the last good revision, to that of the same one today. */
function isPortFollowed(grounds: Grounds, container: FieldPath, { before, after }: FieldChange): boolean {
  const [now] = wholeContainer(grounds, container);
  const portsOf = (value: Json | undefined) =>
    listAt(value ?? null, "ports").map((port) => ({ name: textAt(port, "name"), number: objectAt(port).containerPort }));
  const [then, today] = [portsOf(grounds.lastGood && getIn(grounds.lastGood, container)), portsOf(now)];
  if (typeof before !== "string" || typeof after !== "string") return false;
  return then.some((old) => {
    const parts = before.split(new RegExp(`\\b${String(old.number)}\\b`));
    if (parts.length !== 2 || today.some(({ number }) => number === old.number)) return false;
    const same = then.length === 1 && today.length === 1 ? today : today.filter(({ name }) => name !== "" && name === old.name);
    return same.length === 1 && parts.join(String(same[0]?.number)) === after;
  });
}

function timingObjection({ input: { bounds } }: Grounds, { after }: FieldChange, field: string): Objection {
  if (after === undefined) return undefined;
  const least = field === "initialDelaySeconds" ? 0 : 1;
  const most = field === "timeoutSeconds" ? Math.min(60, bounds.probeSeconds) : field === "successThreshold" ? 5 : bounds.probeSeconds;
  if (typeof after === "number" && Number.isInteger(after) && after >= least && after <= most) return undefined;
  return objection("probe-timing", `${field} must be from ${least} to ${most}.`);
}

/** A probe that takes longer than the bound to notice anything is no probe (Kubernetes' defaults: period 10 s, threshold 3). */
function totalObjection({ input: { bounds } }: Grounds, probe: Json | undefined): Objection {
  if (!isObject(probe)) return undefined;
  const number = (key: string, fallback: number) => (typeof probe[key] === "number" ? probe[key] : fallback);
  const total = number("initialDelaySeconds", 0) + number("periodSeconds", 10) * number("failureThreshold", 3);
  return total <= bounds.probeSeconds
    ? undefined
    : objection("probe-neutered", `The probe would notice nothing for ${total} seconds; the bound is ${bounds.probeSeconds}.`);
}

function handlerObjection(grounds: Grounds, container: FieldPath, probe: string, after: Json | undefined): Objection {
  const kinds = (value: Json | undefined) => (isObject(value) ? HANDLERS.filter((kind) => isObject(value[kind])) : []);
  const containers = wholeContainer(grounds, container);
  const before = containers.map((whole) => whole[probe]).find(isObject);
  const past = grounds.lastGood && getIn(grounds.lastGood, [...container, probe]);
  const asks = (value: Json | undefined) => (isObject(value) ? kinds(value).map((kind) => value[kind] ?? null) : []);
  if (past !== undefined && sameJson(asks(past), asks(after)) && isObject(past) === isObject(after)) return undefined;
  if (before) {
    const changed =
      kinds(after).some((kind) => !kinds(before).includes(kind)) ||
      (kinds(getIn(grounds.before, [...container, probe])).length > 0 && kinds(after).length === 0);
    return changed ? objection("probe-neutered", "The probe would ask in another way than before.") : undefined;
  }
  if (probe !== "startupProbe") return objection("probe-new", "A fix adds no liveness or readiness probe.");
  const known = containers.flatMap((whole) => PROBES.map((name) => asks(whole[name])));
  return known.some((one) => one.length > 0 && sameJson(one, asks(after)))
    ? undefined
    : objection("probe-new", "The new startup probe asks something that no other probe of the container asks.");
}
