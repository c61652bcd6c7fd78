// Resources move only in the direction that heals: memory up to N times on an OOM kill, requests down where nothing fits, everything down (or
// added) under a quota or limit range, up to what a limit range's minimum asks for. What rises or is added stays below the operator's bounds. Limits never
// vanish, never fall below requests, and never to nothing.

import { defaultMemoryLimit } from "../../cluster/limit-range.ts";
import { type Json, objectAt } from "../../cluster/objects.ts";
import { mebibytesMeant } from "../../cluster/quantity.ts";
import { type FieldChange, getIn } from "../../source/edit/field-path.ts";
import { baselineOf, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { inContainer } from "../pod-template.ts";
import { NANO, parseQuantity, withinFactor } from "../quantity.ts";

const LEAST: Readonly<Record<string, string>> = { cpu: "1m", memory: "4Mi", "ephemeral-storage": "1Mi" };
const MOST_ADDED: Readonly<Record<string, string>> = { cpu: "1", memory: "1Gi", "ephemeral-storage": "2Gi" };

export function resourceObjection(grounds: Grounds, change: FieldChange): Objection {
  const name = String(change.path.at(-1));
  if (grounds.input.proposal.failureClass === "volume-mount" && !isFromHistory(grounds, change))
    return objection("resource-unfounded", "How much disk a container may use only goes back to what the last good revision had.");
  if (grounds.input.proposal.failureClass.endsWith("-probe") && !isFromHistory(grounds, change))
    return objection("resource-unfounded", "How much CPU a container may use only goes back to what the last good revision had.");
  if (grounds.input.proposal.failureClass === "unschedulable-resources" && change.path.includes("limits") && !isFromHistory(grounds, change))
    if (hasRequest(grounds, change)) return objection("resource-unfounded", `A ${name} limit is not what a node lacks room for.`);
  if (change.after === undefined) return isFromHistory(grounds, change) ? undefined : objection("resource-removed", `${name} is removed instead of corrected.`);
  const after = parseQuantity(change.after);
  if (after === undefined) return objection("quantity", `${JSON.stringify(change.after).slice(0, 60)} is no resource quantity.`);
  if (after < (parseQuantity(LEAST[name]) ?? 1n)) return objection("resource-too-small", `${name} of ${String(change.after)} is too small for any program.`);
  return relation(grounds, change) ?? (isFromHistory(grounds, change) ? undefined : direction(grounds, change, name, after));
}

function direction(grounds: Grounds, change: FieldChange, name: string, after: bigint): Objection {
  const before = parseQuantity(baselineOf(grounds, change) ?? limitByDefault(grounds, change));
  const objection = before === undefined ? additionObjection(grounds, change, name, after) : moveObjection(grounds, change, name, { before, after });
  return objection ?? (before === undefined || after > before ? capObjection(grounds, change, name, after) : undefined);
}

/** What a container without a memory limit of its own gets from the delivery's LimitRange, where that is too little. */
function limitByDefault({ input: { proposal, rendered }, object }: Grounds, { path }: FieldChange): string | undefined {
  const isLimit = path.at(-2) === "limits" && path.at(-1) === "memory";
  return proposal.failureClass === "out-of-memory" && isLimit ? defaultMemoryLimit(rendered, object.namespace) : undefined;
}

/** Something that was not set: a request beside the limit that an out-of-memory fix raises, or what a quota or limit range asks for. */
function additionObjection({ input: { proposal } }: Grounds, change: FieldChange, name: string, after: bigint): Objection {
  const besideLimit = proposal.failureClass === "out-of-memory" && change.path.includes("requests");
  if (besideLimit) return undefined;
  if (proposal.failureClass === "out-of-memory" || proposal.failureClass === "unschedulable-resources")
    return objection("resource-added", `${name} was not set, so it cannot be what is too low or too high.`);
  return after <= (parseQuantity(MOST_ADDED[name]) ?? 0n)
    ? undefined
    : objection("resource-too-large", `${name} of ${String(change.after)} is more than may be added (${MOST_ADDED[name] ?? 0}).`);
}

function moveObjection(grounds: Grounds, change: FieldChange, name: string, { before, after }: { before: bigint; after: bigint }): Objection {
  const { proposal, bounds } = grounds.input;
  const factor = name === "cpu" ? bounds.cpuFactor : bounds.memoryFactor;
  const tooFar = () =>
    withinFactor(after, before, factor)
      ? undefined
      : objection(`${name === "cpu" ? "cpu" : "memory"}-factor`, `${String(change.after)} is more than ${factor} times the current value.`);
  if (proposal.failureClass === "out-of-memory") {
    // Thousandths of a byte: what rises is only the unit, up to the operator's bound.
    if (name === "memory" && mebibytesMeant(baselineOf(grounds, change)) === change.after) return undefined;
    if (change.path.includes("limits") && after < before)
      return objection("resource-direction", "The memory limit falls although the container ran out of memory.");
    return tooFar();
  }
  if (after <= before) return undefined;
  return proposal.failureClass === "limit-range" && asksForMore(grounds)
    ? tooFar()
    : objection("resource-direction", `${name} rises although this failure needs it lower.`);
}

/** Whether the container says what it asks a node for; without it, its limit is that (core/v1 ResourceRequirements). */
function hasRequest({ input: { rendered }, object }: Grounds, { path }: FieldChange): boolean {
  const now = rendered.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.name);
  const request = path.map((segment) => (segment === "limits" ? "requests" : segment));
  return now === undefined || getIn(now, request) !== undefined;
}

/** A limit range also has minimums, and a ratio of limit to request that only a larger request keeps (LimitRange `min`, `maxLimitRequestRatio`). */
function asksForMore({ input }: Grounds): boolean {
  return input.evidence.items.some(
    ({ kind, text }) => kind !== "log" && /minimum (?:cpu|memory|ephemeral-storage) usage|ratio per (?:Container|Pod)/.test(text),
  );
}

function capObjection({ input: { bounds } }: Grounds, change: FieldChange, name: string, after: bigint): Objection {
  const cap =
    name === "memory"
      ? BigInt(Math.floor(bounds.maxMemoryGi * 2 ** 30)) * NANO
      : name === "cpu"
        ? BigInt(Math.floor(bounds.maxCpu * 1000)) * (NANO / 1000n)
        : undefined;
  const words = name === "memory" ? `${bounds.maxMemoryGi} GiB` : `${bounds.maxCpu} cores`;
  return cap === undefined || after <= cap ? undefined : objection("resource-too-large", `${name} of ${String(change.after)} is above the bound of ${words}.`);
}

/** Requests ≤ limits in the container as it would be, as far as both are set there. */
function relation({ object, after, before, input }: Grounds, { path }: FieldChange): Objection {
  const place = inContainer(object.kind, path);
  if (!place) return undefined;
  const name = String(path.at(-1));
  const container = getIn(after, place.container) ?? null;
  const renderedNow = input.rendered.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.name);
  const fallback = renderedNow && getIn(renderedNow, place.container);
  const value = (part: string): bigint | undefined => {
    const own = objectAt(container, "resources", part)[name];
    const wasOwn = objectAt(getIn(before, place.container), "resources", part)[name];
    return parseQuantity(own ?? (wasOwn === undefined ? objectAt(fallback, "resources", part)[name] : (undefined satisfies Json | undefined)));
  };
  const [request, limit] = [value("requests"), value("limits")];
  return request !== undefined && limit !== undefined && request > limit
    ? objection("request-above-limit", `The ${name} request would be above the limit.`)
    : undefined;
}
