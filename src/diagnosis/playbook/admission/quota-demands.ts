import { type Json, type JsonObject, type KubeObject, objectAt, textAt } from "../../../cluster/objects.ts";
import { milli, moreThan } from "../../../cluster/quantity.ts";
import { diffFields, type FieldChange, type FieldPath, getIn, sameJson } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { type ContainerAt, containerOf, containersOf } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring, type Statement, shown } from "../entry.ts";
import type { CreateRefusal } from "./create-refused.ts";

type List = "limits" | "requests";

interface Demand {
  list: List;
  resource: string;
  container: string;
}

/** A quota demands resources to be set at all: what the commit dropped comes back; what a container never had is taken from the one beside it. */
export function demanded({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const [, name, said] = /failed quota: ([\w.-]{1,253}): must specify ([^\n]{1,2000})/.exec(message) ?? [];
  if (!name || !said) return undefined;
  const object = input.incident.target;
  const asked = askedIn(said);
  const what = asked.map(({ kind, resource }) => `${resource} ${kind}`).join(", ") || shown(said);
  const statement = {
    failureClass: "quota" as const,
    rootCause: `ResourceQuota ${name} demands that every container sets ${what}, which ${place(object)} does not.`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const past = pastOf(input, object);
  const found = containersOf(now).map((container) => ({
    container,
    changed: asked.flatMap(({ kind, resource }) => dropped(past, now, container.path, kind, resource)),
  }));
  const [only, ...others] = found.filter(({ changed }) => changed.length > 0);
  if (past && only && others.length === 0) return restoring({ ...statement, container: only.container.name }, past, only.changed);
  return (
    (only ? undefined : asBeside(statement, now, demandsIn(said), input.rendered)) ??
    escalate(
      { ...statement, confidence: CONFIDENCE.likely },
      "the right amount is not known",
      `Set ${what} for its containers, or give the namespace a LimitRange with defaults.`,
    )
  );
}

/** `limits.cpu,memory`, each with its containers or without (older clusters); without a list it means the requests. */
function askedIn(said: string): { kind: List; resource: string }[] {
  const words = said.split("; ").flatMap((part) => (part.split(" for: ")[0] ?? "").split(","));
  return words.flatMap((word) => {
    const [, kind, resource] = /^(?:(limits|requests)\.)?(cpu|memory|ephemeral-storage)\b/.exec(word.trim()) ?? [];
    return resource === undefined ? [] : [{ kind: kind === "limits" ? ("limits" as const) : ("requests" as const), resource }];
  });
}

/** A resource that is no longer set: itself, or the whole list that held nothing else that is asked for. */
function dropped(past: ReturnType<typeof pastOf>, now: KubeObject, container: FieldPath, list: string, resource: string): FieldChange[] {
  const path: FieldPath = [...container, "resources", list];
  const own = changedBelow(past, now, [...path, resource]).filter(({ before, after }) => before !== undefined && after === undefined);
  if (own.length === 0 || getIn(now, path) !== undefined) return own;
  const whole = getIn(now, [...container, "resources"]) === undefined ? [...container, "resources"] : path;
  return changedBelow(past, now, whole).filter(({ before, after }) => before !== undefined && after === undefined);
}

/** `limits.memory for: a,b; cpu for: b` (Kubernetes' quota evaluator for pods). Empty where any part of it says something else. */
function demandsIn(said: string): Demand[] {
  const parts = said.split("; ").map((part) => /^(?:(limits|requests)\.)?(cpu|memory|ephemeral-storage) for: ([a-z0-9,-]{1,1000})$/.exec(part.trim()));
  if (parts.some((part) => part === null)) return [];
  return parts.flatMap((part) => {
    const [, list, resource = "", names = ""] = part ?? [];
    return names.split(",").map((container): Demand => ({ list: list === "limits" ? "limits" : "requests", resource, container }));
  });
}

interface Addition extends Demand {
  amount: Json;
  words: string;
}

/** Everything that is asked for, each with the amount of a container beside it, or of another workload's; undefined where one amount is not known. */
function asBeside(statement: Statement, now: KubeObject, demands: readonly Demand[], rendered: readonly KubeObject[]): Finding | undefined {
  const additions = demands.flatMap((demand) => addition(now, demand, rendered) ?? []);
  if (additions.length === 0 || additions.length < demands.length) return undefined;
  const meant = containersOf(now).filter(({ name }) => additions.some(({ container }) => container === name));
  const changes = meant.flatMap(({ name, path, value }) => {
    const own = additions.filter(({ container }) => container === name);
    // The difference is at the first part of the path that is not there yet.
    return diffFields(value, { ...value, resources: withAll(objectAt(value, "resources"), own) }, path);
  });
  return fix(
    { ...statement, container: meant.length === 1 ? meant[0]?.name : undefined, confidence: CONFIDENCE.suggested },
    changes.map((change) => ({ ...change, object: statement.object })),
    additions.map(({ words }) => words),
  );
}

function withAll(resources: JsonObject, additions: readonly Addition[]): JsonObject {
  const lists = [...new Set(additions.map(({ list }) => list))].map((list) => {
    const added = additions.filter((one) => one.list === list).map(({ resource, amount }) => [resource, amount]);
    return [list, { ...objectAt(resources, list), ...Object.fromEntries(added) }];
  });
  return { ...resources, ...Object.fromEntries(lists) };
}

function addition(now: KubeObject, demand: Demand, rendered: readonly KubeObject[]): Addition | undefined {
  const { list, resource } = demand;
  const container = containerOf(now, demand.container);
  const beside = least(containersOf(now), demand) ?? (container && elsewhere(container, demand, rendered, now));
  if (!container || !beside || amountIn(container, list, resource) !== undefined) return undefined;
  const counterpart = list === "limits" ? "requests" : "limits";
  const own = amountIn(container, counterpart, resource);
  const contradicts = list === "limits" ? moreThan(own, beside.amount) : moreThan(beside.amount, own);
  const amount = contradicts && own !== undefined ? own : beside.amount;
  const ground = contradicts ? `as much as its ${counterpart.slice(0, -1)}` : `as container ${beside.name} has it`;
  return { ...demand, amount, words: `Set the ${resource} ${list.slice(0, -1)} of container ${container.name} to ${shown(amount)}, ${ground}` };
}

interface Known {
  name: string;
  amount: Json;
}

/** What a container of another workload has: of those that ask for as much of the other list, else of all that have it, where they agree. */
function elsewhere(container: ContainerAt, { list, resource }: Demand, rendered: readonly KubeObject[], now: KubeObject): Known | undefined {
  const counterpart = list === "limits" ? "requests" : "limits";
  const own = amountIn(container, counterpart, resource);
  const others = rendered
    .filter((object) => object !== now && object.metadata.namespace === now.metadata.namespace)
    .flatMap((object) => containersOf(object).map((one) => ({ ...one, name: `${one.name} of ${object.kind} ${textAt(object, "metadata", "name")}` })))
    .filter((one) => !one.init && amountIn(one, list, resource) !== undefined);
  const alike = others.filter((one) => own !== undefined && sameJson(amountIn(one, counterpart, resource), own));
  const [first, ...more] = (alike.length > 0 ? alike : others).map((one): Known => ({ name: one.name, amount: amountIn(one, list, resource) ?? null }));
  return first && more.every(({ amount }) => sameJson(amount, first.amount)) ? first : undefined;
}

function amountIn({ value }: ContainerAt, list: List, resource: string): Json | undefined {
  return getIn(value, ["resources", list, resource]);
}

/** The smallest amount among the containers that run all the time. An init container's says little about what another one needs. */
function least(containers: readonly ContainerAt[], { list, resource }: Demand) {
  const amounts = containers.flatMap((container) => {
    // Kubernetes takes the limit where no request is set.
    const amount = amountIn(container, list, resource) ?? (list === "requests" ? amountIn(container, "limits", resource) : undefined);
    const size = milli(amount) ?? 0n;
    return container.init || amount === undefined || size === 0n ? [] : [{ name: container.name, amount, size }];
  });
  return amounts.reduce<(typeof amounts)[number] | undefined>((smallest, one) => (smallest && smallest.size <= one.size ? smallest : one), undefined);
}
