import { type Json, type KubeObject, numberAt } from "../../cluster/objects.ts";
import { diffFields, type FieldChange, type FieldPath, getIn, sameJson, startsWith } from "../../source/field-path.ts";
import { setIn } from "../../source/set-in.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import { type ContainerAt, containersOf, podSpecOf, podSpecPath } from "../workload.ts";
import { type Statement, shown } from "./entry.ts";
import { answers, type Demand, demandsOf } from "./pod-security-demands.ts";

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
  for (const demand of demandsOf(refusal) ?? []) {
    const places = placesOf(refused, demand).filter((place) => !refused.back.some((change) => isAnswered(demand, place, change)));
    for (const place of places) {
      const change = changeAt(refused, demand, place);
      if (!change) return undefined;
      made.changes.push(change);
      made.words.push(inWords(change, place, demand));
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
  if (!mayChange || (demand.path[0] === "runAsNonRoot" && !concerned.every((container) => hasOwnUser(now, container)))) return undefined;
  const path = [...place.path, "securityContext", ...demand.path];
  const before = getIn(now, path);
  const after = demand.tightened(before);
  return sameJson(before, after) ? undefined : { object, path, before, after };
}

/** Without a number that is set here the image decides who the program is, and that may be root. */
function hasOwnUser(now: KubeObject, { value }: ContainerAt): boolean {
  const user = numberAt(value, "securityContext", "runAsUser") ?? numberAt(podSpecOf(now), "securityContext", "runAsUser");
  return user !== undefined && user > 0;
}

function inWords({ after }: ObjectChange, { container }: Place, { path }: Demand): string {
  const field = `securityContext.${path.join(".")} of ${container ? `container ${container.name}` : "the pod"}`;
  return after === undefined ? `Remove ${field}, which the namespace does not allow` : `Set ${field} to ${shown(after)}, which the namespace demands`;
}
