import type { DeliverySource, DeliveryState } from "./delivery.ts";
import { isObject, type Json, type JsonObject, type KubeObject, listAt, type ObjectRef, textAt } from "./objects.ts";

/** An object as a delivery's status lists it. `version` is needed to ask the API for it; "" where the status does not name it. */
export interface ManagedObject {
  ref: ObjectRef;
  version: string;
}

/** Commits as a delivery's status names them: see {@link Observation.revisions}. */
export interface Revisions {
  attempted?: string;
  /** When the attempted one was delivered. */
  attemptedAt?: Date;
  lastGood?: string;
  earlier?: readonly Delivered[];
}

/** A commit that was delivered once, and when. */
export interface Delivered {
  commit: string;
  at?: Date;
}

/** What the live objects of one delivery say, before anything else of the cluster is read. */
export interface DeliveryReading {
  state: DeliveryState;
  source: DeliverySource;
  revisions: Revisions;
  managed: ManagedObject[];
  /**
   * Set where the delivery deploys to another cluster: the names by which an operator may know that one. Then nothing that lives in this cluster belongs to it.
   */
  elsewhere?: readonly string[];
}

/** `status.conditions[]` by type; Flux and Argo CD keep at most one of a type. */
export function conditionOf(object: KubeObject, type: string): JsonObject | undefined {
  return listAt(object, "status", "conditions")
    .filter(isObject)
    .find((condition) => condition.type === type);
}

/** The first of some RFC 3339 texts that is a date. */
export function firstDate(texts: readonly string[], otherwise: Date): Date {
  const found = texts.map((text) => new Date(text)).find((date) => !Number.isNaN(date.getTime()));
  return found ?? otherwise;
}

/** The full SHA in a revision as Flux (`main@sha1:<sha>`, `sha1:<sha>`, `main/<sha>`) or Argo CD (`<sha>`) writes it; undefined for a ref or a chart version. */
export function shaOf(revision: string): string | undefined {
  return /(?:^|[:/])([0-9a-f]{40})$/.exec(revision)?.[1];
}

/** A path in a repository without `./` in front and `/` behind; "" is the root. */
export function repositoryPath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Flux's condition for what it does not try again by itself (kstatus, `Stalled`). */
export function isStalled(object: KubeObject): boolean {
  return textAt(conditionOf(object, "Stalled"), "status") === "True";
}

/** An object that only waits for its finalizers: nobody reconciles it any more. */
export function isBeingDeleted(object: KubeObject): boolean {
  return textAt(object, "metadata", "deletionTimestamp") !== "";
}

/** @param delivered what was delivered so far, newest first. Leaves out what is undefined, so that optional properties stay absent. */
export function revisionsOf(attempted: string | undefined, delivered: readonly { commit: string | undefined; at: string }[]): Revisions {
  const dated = delivered.flatMap(({ commit, at }): Delivered[] => {
    const date = new Date(at);
    return commit === undefined ? [] : [{ commit, ...(Number.isNaN(date.getTime()) ? {} : { at: date }) }];
  });
  const earlier = dated.filter(({ commit }, i) => commit !== attempted && dated.findIndex((other) => other.commit === commit) === i);
  const attemptedAt = dated.findLast(({ commit }) => commit === attempted)?.at;
  const [lastGood] = earlier;
  return {
    ...(attempted ? { attempted } : {}),
    ...(attemptedAt ? { attemptedAt } : {}),
    ...(lastGood ? { lastGood: lastGood.commit, earlier } : {}),
  };
}

/** The named fields that have a value other than empty. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const key of keys) {
    const value = object[key];
    if (value !== undefined && !isEmpty(value)) picked[key] = value;
  }
  return picked;
}

export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
