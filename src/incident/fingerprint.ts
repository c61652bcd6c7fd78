import { createHash } from "node:crypto";
import { type DeliveryKey, formatKey } from "../cluster/delivery.ts";
import { at, isObject, type Json, type JsonObject, type KubeObject, type ObjectRef, objectAt } from "../cluster/objects.ts";

/** SHA-256 in hex (64 characters) over who fails and what is broken about it. */
export function fingerprintOf(key: DeliveryKey, target: ObjectRef, broken: string): string {
  const who = [formatKey(key), target.group, target.kind, target.namespace, target.name];
  return createHash("sha256")
    .update(JSON.stringify([...who, broken]))
    .digest("hex");
}

/** JSON with sorted keys: equal values give equal texts. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${fields.join(",")}}`;
}

/** Labels that controllers add to a template's copies, or that change with every commit (a chart version made of a SHA). */
const VOLATILE_LABELS = new Set([
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "controller-uid",
  "job-name",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
  "helm.sh/chart",
]);
/** Annotations that only force a restart or name a build: `kubectl.kubernetes.io/restartedAt`, `rollme`, `git-commit` … */
const VOLATILE_ANNOTATION = /restart|rollme|redeploy|timestamp|deployed-?at|commit|revision|git-sha|build-?(id|number)/i;

/** A pod template as it was written, without what restarts and controllers add: the same for a Deployment and its ReplicaSet. */
export function stableTemplate(template: JsonObject): JsonObject {
  const labels = Object.entries(objectAt(template, "metadata", "labels")).filter(([key]) => !VOLATILE_LABELS.has(key));
  const annotations = Object.entries(objectAt(template, "metadata", "annotations")).filter(([key]) => !VOLATILE_ANNOTATION.test(key));
  return { labels: Object.fromEntries(labels), annotations: Object.fromEntries(annotations), spec: at(template, "spec") ?? null };
}

/** What can be broken about a Service: whom it selects, and on which port. */
export function stableService(service: KubeObject): JsonObject {
  return { selector: objectAt(service, "spec", "selector"), ports: at(service, "spec", "ports") ?? null };
}

/** Long enough for any error that a person reads, short enough to be cheap. */
const MESSAGE_CHARACTERS = 4096;
/** Words around an error that come and go with retries, as Argo CD and Flux write them. */
const RETRY_WORDS = [
  /\(retried \d+ times?\)/gi,
  /Retrying attempt #\d+ at [^.\n]{1,40}/gi,
  /Failed last sync attempt to \[[^\]\n]{1,80}\]:?/gi,
  /one or more (?:objects|synchronization tasks) (?:failed to apply|are not valid|completed unsuccessfully),? ?(?:reason:)?/gi,
  /\(cached\)/gi,
];

/**
 * An error message without what differs between two tries of the same thing: numbers, hashes, durations, folders, retry counts.
 * Any word that holds a digit becomes `#`; of a path the last part stays.
 */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, MESSAGE_CHARACTERS);
  for (const words of RETRY_WORDS) text = text.replaceAll(words, " ");
  return text
    .replaceAll(/[\w.@~<>%+:-]*(?:\/[\w.@~<>%+:-]+)+/g, (path) => path.slice(path.lastIndexOf("/") + 1))
    .replaceAll(/[A-Za-z0-9]+/g, (word) => (/\d/.test(word) ? "#" : word))
    .replaceAll(/#(?:[.:_+-]+#)+/g, "#")
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s.,:;]+/, "")
    .replace(/[\s.,:;]{1,20}$/, "");
}
