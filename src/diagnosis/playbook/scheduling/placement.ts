import { at, isObject, type Json, type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../../source/edit/field-path.ts";
import { changedBelow, type Past } from "../../history.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
/** What the scheduler says of each kind of affinity (kube-scheduler's plugins), and of `nodeSelector` as of that of nodes. */
const AFFINITIES: readonly (readonly [said: RegExp, kind: string])[] = [
  [/pod affinity/, "podAffinity"],
  [/anti-affinity/, "podAntiAffinity"],
];

/**
 * What changed of where a pod may run, of that what the scheduler speaks of: terms and constraints that have to be met, and never what is only wished for. What it
 * says of other pods comes first: that some nodes have other labels need not be new.
 */
export function blamedPlacement(past: Past | undefined, now: KubeObject, spec: FieldPath, message: string): FieldChange[] {
  const about = (kind: string) => affinity(past, now, [...spec, "affinity"], kind);
  const others = AFFINITIES.flatMap(([said, kind]) => (said.test(message) ? about(kind) : []));
  const apart = /topology spread/.test(message) ? constraints(past, now, [...spec, "topologySpreadConstraints"]) : [];
  if (others.length + apart.length > 0) return [...others, ...apart];
  if (!/node affinity\/selector/.test(message)) return [];
  return [...changedBelow(past, now, [...spec, "nodeSelector"]), ...about("nodeAffinity")];
}

/** The required terms that changed; with the wishes whose place they took. What is left empty behind them goes as well. */
function affinity(past: Past | undefined, now: KubeObject, path: FieldPath, kind: string): FieldChange[] {
  const required = changedBelow(past, now, [...path, kind, REQUIRED]);
  if (required.length === 0) return [];
  const came = required.every(({ before }) => before === undefined);
  const wishes = came ? changedBelow(past, now, [...path, kind, PREFERRED]).filter(({ after }) => after === undefined) : [];
  return wishes.length > 0 ? [...required, ...wishes] : required.map((change) => whole(past, now, change, path.length));
}

/** The highest part that came with a term and holds nothing else. */
function whole(past: Past | undefined, now: KubeObject, change: FieldChange, depth: number): FieldChange {
  const parent = change.path.slice(0, -1);
  const around = getIn(now, parent);
  const isAlone = change.before === undefined && parent.length >= depth && isObject(around) && Object.keys(around).length === 1;
  if (!isAlone || getIn(past?.object, parent) !== undefined) return change;
  return whole(past, now, { path: parent, before: undefined, after: around }, depth);
}

/** Constraints that have to be met; of a list in which wishes came with them only the former. */
function constraints(past: Past | undefined, now: KubeObject, path: FieldPath): FieldChange[] {
  const today = listAt(getIn(now, path) ?? null);
  const changed = changedBelow(past, now, path);
  const isList = changed.some((change) => change.path.length === path.length);
  if (!isList) return changed.filter((change) => !isWish(itemAt(today, change.path[path.length])));
  const then = listAt(getIn(past?.object, path) ?? null);
  const came = today.flatMap((item, i) => (then.some((old) => sameJson(old, item)) ? [] : [{ item, i }]));
  const strict = came.filter(({ item }) => !isWish(item));
  if (strict.length === came.length || came.length + then.length !== today.length) return strict.length > 0 ? changed : [];
  return strict.reverse().map(({ item, i }): FieldChange => ({ path: [...path, i], before: undefined, after: item }));
}

function itemAt(list: readonly Json[], segment: FieldPath[number] | undefined): Json {
  if (typeof segment === "object") return list.find((item) => String(at(item, segment.key)) === segment.value) ?? null;
  return (typeof segment === "number" ? list[segment] : undefined) ?? null;
}

/** Kubernetes' default is DoNotSchedule (TopologySpreadConstraint.whenUnsatisfiable). */
function isWish(constraint: Json): boolean {
  return textAt(constraint, "whenUnsatisfiable") === "ScheduleAnyway";
}
