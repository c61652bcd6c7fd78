import { milli, moreThan } from "../../../cluster/quantity.ts";
import { type FieldChange, type FieldPath, getIn, samePath } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { type ContainerAt, containersOf } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring, type Statement, shown } from "../entry.ts";
import { type CreateRefusal, resourcesBack } from "./create-refused.ts";

const RANGE = /(maximum|minimum) (cpu|memory|ephemeral-storage) usage per (Container|Pod) is ([\w.]{1,40}), but (limit|request) is ([\w.]{1,40})/g;
const RATIO = /(cpu|memory) max limit to request ratio per (?:Container|Pod) is ([\w.]{1,20}), but provided ratio is ([\w.]{1,20})/;

/** Resources that the namespace's LimitRange does not take. It names every resource that is outside of its bounds, but not the containers. */
export function limitRange(refusal: CreateRefusal): Finding | undefined {
  return ratio(refusal) ?? ofPod(refusal) ?? ofContainers(refusal);
}

/** One resource of one container that is outside of a bound. */
interface Violation {
  bound: string;
  resource: string;
  allowed: string;
  list: "limits" | "requests";
  container: ContainerAt;
}

function ofContainers(refusal: CreateRefusal): Finding | undefined {
  const { input, now, message } = refusal;
  const bounds = boundsIn(message);
  const [first] = bounds;
  if (!first) return undefined;
  const violations = bounds.flatMap((bound) =>
    containersOf(now).flatMap((container) => (isOutside(bound, setBy(container, bound)) ? [{ ...bound, container }] : [])),
  );
  const names = new Set(violations.map(({ container }) => container.name));
  const container = names.size === 1 ? violations[0]?.container.name : undefined;
  const said = violations[0] ? setBy(violations[0].container, violations[0]) : first.is;
  const statement = statementOf(refusal, first, said, container);
  if (violations.length === 0) return escalate(statement, "git does not set this value", "Set the container's resources within the LimitRange.");
  const past = pastOf(input, input.incident.target);
  const back = violations.map((violation) => putBack(refusal, violation));
  if (past && back.every((changes) => changes.length > 0)) return restoring(statement, past, distinct(back.flat()));
  const nearest = violations.flatMap((violation) => toTheBound(refusal, violation));
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    nearest.map(({ change }) => change),
    nearest.map(({ words }) => words),
  );
}

/** The bound is on the sum of all containers: only history knows which of them is meant. */
function ofPod(refusal: CreateRefusal): Finding | undefined {
  const [first] = [...refusal.message.matchAll(RANGE)].filter(([, , , scope]) => scope === "Pod").map(boundOf);
  if (!first) return undefined;
  const statement = statementOf(refusal, first, first.is, undefined, "pod");
  return (
    resourcesBack(refusal, statement, [first.resource]) ??
    escalate(statement, "no resources are known with which this worked", "Lower the resources of its containers within the LimitRange.")
  );
}

type Bound = Omit<Violation, "container"> & { is: string };

function boundsIn(message: string): Bound[] {
  const all = [...message.matchAll(RANGE)].map(boundOf);
  // Said once for each container: which of them are meant, their values tell.
  return all.filter((one, i) => all.findIndex((other) => other.bound === one.bound && other.resource === one.resource && other.list === one.list) === i);
}

function boundOf([, bound = "", resource = "", , allowed = "", kind, is = ""]: RegExpExecArray): Bound {
  return { bound, resource, allowed, list: kind === "request" ? "requests" : "limits", is };
}

function statementOf(
  { input, quotes }: CreateRefusal,
  { bound, allowed, resource }: Bound,
  is: unknown,
  container: string | undefined,
  scope = "container",
): Statement {
  const object = input.incident.target;
  return {
    failureClass: "limit-range",
    rootCause: `The namespace's LimitRange allows a ${bound} of ${allowed} ${resource} per ${scope}, and ${place(object, container)} sets ${shown(String(is))}.`,
    object,
    container,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
}

function setBy({ value }: ContainerAt, { list, resource }: Pick<Violation, "list" | "resource">) {
  return getIn(value, ["resources", list, resource]);
}

function isOutside({ bound, allowed }: Pick<Violation, "bound" | "allowed">, value: unknown): boolean {
  return bound === "maximum" ? moreThan(value, allowed) : moreThan(allowed, value);
}

function pathOf({ path }: ContainerAt, list: string, resource: string): FieldPath {
  return [...path, "resources", list, resource];
}

/** As it was within the bound; and its counterpart with it where a request would be above its limit otherwise. */
function putBack({ input, now }: CreateRefusal, violation: Violation): FieldChange[] {
  const { container, list, resource } = violation;
  const past = pastOf(input, input.incident.target);
  const own = changedBelow(past, now, pathOf(container, list, resource)).filter(({ before }) => before !== undefined && !isOutside(violation, before));
  const [back] = own;
  if (!back) return [];
  const counterpart = changedBelow(past, now, pathOf(container, list === "limits" ? "requests" : "limits", resource));
  const contradicts = ({ after }: FieldChange) => (list === "limits" ? moreThan(after, back.before) : moreThan(back.before, after));
  return [...own, ...counterpart.filter(contradicts)];
}

/** The nearest value that is allowed, for a request above a lowered limit too. */
function toTheBound({ input, now }: CreateRefusal, { bound, allowed, container, list, resource }: Violation): { change: ObjectChange; words: string }[] {
  const object = input.incident.target;
  const lists = bound === "maximum" && list === "limits" ? ["limits", "requests"] : [list];
  return lists.flatMap((each) => {
    const path = pathOf(container, each, resource);
    const before = getIn(now, path);
    if (each !== list && !moreThan(before, allowed)) return [];
    const words = `Set the ${resource} ${each.slice(0, -1)} of container ${container.name} to ${allowed}, the LimitRange's ${bound}`;
    return [{ change: { object, path, before, after: allowed }, words }];
  });
}

function distinct(changes: readonly FieldChange[]): FieldChange[] {
  return changes.filter((one, i) => changes.findIndex((other) => samePath(other.path, one.path)) === i);
}

/** Limit and request stand too far apart: history knows which of the two was meant; where neither changed the request follows, with which it runs as it was meant to. */
function ratio(refusal: CreateRefusal): Finding | undefined {
  const [, resource, most, is] = RATIO.exec(refusal.message) ?? [];
  if (!resource || !most || !is) return undefined;
  const object = refusal.input.incident.target;
  const statement = {
    failureClass: "limit-range" as const,
    rootCause: `The namespace's LimitRange allows a ${resource} limit of at most ${Number(most)} times the request, and ${place(object)} asks for ${Number(is)} times.`,
    object,
    quotes: refusal.quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const back = resourcesBack(refusal, statement, [resource]);
  const raised = back ? [] : requestsWithin(refusal, resource, Number(most));
  if (raised.length > 0) {
    const words = raised.map(({ after }) => `Request ${shown(after)} ${resource}, so that the limit is no more than ${Number(most)} times as much`);
    return fix({ ...statement, confidence: CONFIDENCE.suggested }, raised, words);
  }
  return (
    back ??
    escalate(
      statement,
      "whether the limit or the request is wrong is not known",
      `Bring the ${resource} limit and request of its containers nearer to each other.`,
    )
  );
}

/** The least requests, in whole mebibytes or thousandths of a core, that keep the ratio to the limits that git sets. */
function requestsWithin({ input, now }: CreateRefusal, resource: string, most: number): ObjectChange[] {
  const [unit, size] = resource === "cpu" ? ["m", 1] : ["Mi", 1000 * 2 ** 20];
  return containersOf(now).flatMap((container): ObjectChange[] => {
    const path = pathOf(container, "requests", resource);
    const [request = 0, limit = 0] = [getIn(now, path), getIn(now, pathOf(container, "limits", resource))].map((quantity) => Number(milli(quantity) ?? 0));
    if (request === 0 || limit <= request * most) return [];
    return [{ object: input.incident.target, path, before: getIn(now, path), after: `${Math.ceil(limit / most / size)}${unit}` }];
  });
}
