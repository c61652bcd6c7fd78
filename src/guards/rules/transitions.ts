// What only shows in comparison: a limit that grows beyond its bound, a probe that asks less or later, a Secret's reference that gives way to something else,
// a finalizer that goes.
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { mebibytesMeant } from "../../cluster/quantity.ts";
import type { Bounds } from "../../config/bounds.ts";
import { containersOf } from "../pod-template.ts";
import { parseQuantity, withinFactor } from "../quantity.ts";
import { type Fact, fact } from "./fact.ts";

/** What `after` does to `before` that no fix may do. */
export function transitions(before: KubeObject, after: KubeObject, bounds: Bounds): Fact[] {
  const now = containersOf(after);
  const pairs = containersOf(before).flatMap(({ list, name, container }) => {
    const is = now.find((one) => one.list === list && one.name === name);
    return is ? [{ where: `${list}/${name}`, was: container, is: is.container }] : [];
  });
  return [
    ...finalizers(before, after),
    ...pairs.flatMap(({ where, was, is }) => [...limits(where, was, is, bounds), ...probes(where, was, is, bounds), ...secretReferences(where, was, is)]),
  ];
}

function finalizers(before: KubeObject, after: KubeObject): Fact[] {
  const kept = listAt(after, "metadata", "finalizers");
  return listAt(before, "metadata", "finalizers").flatMap((one) =>
    kept.includes(one) ? [] : [fact("finalizer-lost", String(one), `the finalizer ${String(one)} goes`)],
  );
}

function limits(where: string, was: JsonObject, is: JsonObject, bounds: Bounds): Fact[] {
  const old = objectAt(was, "resources", "limits");
  return Object.entries(objectAt(is, "resources", "limits")).flatMap(([name, value]) => {
    const [before, after] = [parseQuantity(old[name]), parseQuantity(value)];
    const factor = name === "cpu" ? bounds.cpuFactor : bounds.memoryFactor;
    const isLostUnit = name === "memory" && mebibytesMeant(old[name]) === value;
    if (before === undefined || after === undefined || isLostUnit || withinFactor(after, before, factor)) return [];
    return [fact("limit-beyond-factor", `${where} ${name}`, `the ${name} limit of ${where} grows more than ${factor} times`)];
  });
}

const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"];

function probes(where: string, was: JsonObject, is: JsonObject, bounds: Bounds): Fact[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const [before, after] = [was[name], is[name]];
    if (!isObject(before) || !isObject(after)) return [];
    // Of two handlers, which the API refuses, one goes.
    const isKept = HANDLERS.some((handler) => isObject(before[handler]) && isObject(after[handler]));
    const lost = isKept ? [] : HANDLERS.filter((handler) => isObject(before[handler]) && !isObject(after[handler]));
    const blind = blindSeconds(after);
    return [
      ...lost.map((handler) => fact("probe-handler", `${where} ${name}`, `the ${name} of ${where} asks no longer by ${handler}`)),
      ...(blind > bounds.probeSeconds && blind > blindSeconds(before)
        ? [fact("probe-blind", `${where} ${name}`, `the ${name} of ${where} notices nothing for ${blind} seconds`)]
        : []),
    ];
  });
}

/** How long a probe may fail before anybody acts (Kubernetes' defaults: period 10 s, threshold 3). */
function blindSeconds(probe: JsonObject): number {
  const number = (key: string, fallback: number) => (typeof probe[key] === "number" ? probe[key] : fallback);
  return number("initialDelaySeconds", 0) + number("periodSeconds", 10) * number("failureThreshold", 3);
}

function secretReferences(where: string, was: JsonObject, is: JsonObject): Fact[] {
  const now = new Map(listAt(is, "env").map((env) => [textAt(env, "name"), env]));
  return listAt(was, "env").flatMap((env) => {
    const name = textAt(env, "name");
    const after = now.get(name);
    if (!readsSecret(env) || (after !== undefined && readsSecret(after))) return [];
    return [fact("secret-reference-lost", `${where} ${name}`, `${name} of ${where} is no longer read from a Secret`)];
  });
}

function readsSecret(env: Json): boolean {
  return isObject(env) && Object.keys(objectAt(env, "valueFrom", "secretKeyRef")).length > 0;
}
