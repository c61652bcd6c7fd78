import type { Json, KubeObject } from "../../../cluster/objects.ts";
import { diffFields, type FieldChange, type FieldPath, getIn, sameJson, startsWith } from "../../../source/edit/field-path.ts";
import { setIn } from "../../../source/edit/set-in.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import { type ContainerAt, containersOf, podSpecPath } from "../../workload.ts";
import { type Statement, shown } from "../entry.ts";
import { lentUser, ownUser } from "./lent-user.ts";
import { answers, containersNamed, type Demand, demandsOf } from "./pod-security-demands.ts";

/** A workload whose pods a Pod Security level refuses. */
export interface Refused {
  object: Statement["object"];
  now: KubeObject;
  /** What goes back to its good state anyway. */
  back: readonly FieldChange[];
  /** Whether the container, or the pod, is not known to have run without what is demanded. */
  isNew(path: FieldPath): boolean;
}

export interface Tightened {
  changes: ObjectChange[];
  words: string[];
}

/** Just what the refusal demands and what does not go back anyway; undefined where a part of it is for people. */
export function tightened(refused: Refused, refusal: string): Tightened | undefined {
  const made: Tightened = { changes: [], words: [] };
  const named = containersNamed(refusal);
  for (const demand of demandsOf(refusal) ?? []) {
    const places = placesOf(refused, demand).filter((place) => !refused.back.some((change) => isAnswered(demand, place, change)));
    for (const place of places) {
      const change = changeAt(refused, demand, place);
      if (!change) return undefined;
      const lent = lentBeside(refused, demand, place, named);
      if (!lent) return undefined;
      made.changes.push(change, ...lent);
      made.words.push(inWords(change, place, demand), ...lent.map((one) => lentInWords(one, place)));
    }
  }
  return made.changes.length > 0 ? { ...made, changes: asWholes(refused, made.changes) } : undefined;
}

/** Where a context is not there yet it comes as one, not as fields of something that is missing. */
function asWholes({ object, now }: Refused, changes: readonly ObjectChange[]): ObjectChange[] {
  const wanted = changes.reduce<Json | undefined>((made, { path, after }) => setIn(made, path, after), now);
  return diffFields(now, wanted).map((change) => ({ object, ...change }));
}

/** The pod, or one of its containers: who has the securityContext. */
interface Place {
  path: FieldPath;
  container?: ContainerAt;
}

/** Where the pod or its containers may say it, the pod does for all of them, and a container for itself where others said it for themselves. */
function placesOf({ now }: Refused, { containers, pod }: Demand): Place[] {
  const all = containersOf(now);
  const named = all.filter(({ name }) => containers.includes(name));
  const each = named.map((container): Place => ({ path: container.path, container }));
  const whole: Place = { path: podSpecPath(now.kind) ?? [] };
  if (pod === "also") return [whole, ...each];
  return pod === "either" && named.length === all.length ? [whole] : each;
}

/** What goes back in the pod answers for its containers only where the demand leaves it to either of them. */
function isAnswered(demand: Demand, place: Place, { path, before }: FieldChange): boolean {
  const isHere = startsWith(path, place.path) && path[place.path.length] === "securityContext";
  const isOfPod = demand.pod === "either" && !path.some((segment) => typeof segment === "object");
  return (isHere || isOfPod) && answers(demand, path, before);
}

function changeAt(refused: Refused, demand: Demand, place: Place): ObjectChange | undefined {
  const { object, now } = refused;
  const concerned = place.container ? [place.container] : containersOf(now);
  // To give up the node is never more than what a container can do without, in a namespace where it is not to be had.
  const mayChange = demand.path[0] === "privileged" || (demand.pod === "also" ? refused.isNew([]) : concerned.every(({ path }) => refused.isNew(path)));
  if (!mayChange) return undefined;
  const path = [...place.path, "securityContext", ...demand.path];
  const before = getIn(now, path);
  const after = demand.tightened(before);
  return sameJson(before, after) ? undefined : { object, path, before, after };
}

/**
 * Without a number that is set here the image decides who the program is, and that may be root: to demand that it is not needs a user. What has none takes that of
 * the containers beside it, with which the level lets them pass. Undefined where nobody says who it can be.
 */
function lentBeside({ object, now }: Refused, { path: [field] }: Demand, { path, container }: Place, named: readonly string[]): ObjectChange[] | undefined {
  if (field !== "runAsNonRoot") return [];
  const users = (container ? [container] : containersOf(now)).map((one) => ownUser(now, one));
  if (users.every((user) => user !== undefined && user > 0)) return [];
  const lent = container && users.every((user) => user === undefined) ? lentUser(now, named) : undefined;
  return lent && Object.entries(lent).map(([key, after]) => ({ object, path: [...path, "securityContext", key], before: undefined, after }));
}

function lentInWords({ path, after }: ObjectChange, { container }: Place): string {
  return `Set securityContext.${String(path.at(-1))} of container ${container?.name ?? ""} to ${shown(after)}, as beside it in the pod`;
}

function inWords({ after }: ObjectChange, { container }: Place, { path }: Demand): string {
  const field = `securityContext.${path.join(".")} of ${container ? `container ${container.name}` : "the pod"}`;
  return after === undefined ? `Remove ${field}, which the namespace does not allow` : `Set ${field} to ${shown(after)}, which the namespace demands`;
}
