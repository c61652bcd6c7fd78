import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import { type FieldPath, sameSegment } from "../../src/source/edit/field-path.ts";
import { observeEnd } from "../world/observe-recording.ts";
import { loadRecording } from "../world/recording.ts";

/** The end of a recording as data of its own, to be changed for a story. */
export function endOfRecording(id: string): Observation {
  return structuredClone(observeEnd(loadRecording(id)));
}

/** The objects of one kind; throws where there is none. */
export function all(observation: Observation, kind: string): KubeObject[] {
  const found = observation.objects.filter((object) => object.kind === kind);
  if (found.length === 0) throw new Error(`no ${kind} here`);
  return found;
}

export function only(observation: Observation, kind: string): KubeObject {
  const [found] = all(observation, kind);
  if (!found) throw new Error(`no ${kind} here`);
  return found;
}

/** The newest ReplicaSet. */
export function newestSet(observation: Observation): KubeObject {
  const sets = all(observation, "ReplicaSet").sort((a, b) =>
    textAt(b, "metadata", "creationTimestamp").localeCompare(textAt(a, "metadata", "creationTimestamp")),
  );
  const [newest] = sets;
  if (!newest) throw new Error("no ReplicaSet here");
  return newest;
}

/** Pods of the newest ReplicaSet. */
export function newestPods(observation: Observation): KubeObject[] {
  const uid = textAt(newestSet(observation), "metadata", "uid");
  return all(observation, "Pod").filter((pod) => listAt(pod, "metadata", "ownerReferences").some((owner) => textAt(owner, "uid") === uid));
}

/** Sets a field in place; mappings on the way are made where they are missing. */
export function set(object: JsonObject, path: FieldPath, value: Json): void {
  let here: Json = object;
  for (const [i, segment] of path.entries()) {
    const next: Json = i === path.length - 1 ? value : {};
    here = step(here, segment, next, i === path.length - 1);
  }
}

function step(here: Json, segment: FieldPath[number], next: Json, last: boolean): Json {
  if (Array.isArray(here)) {
    const index =
      typeof segment === "number"
        ? segment
        : here.findIndex(
            (item) => isObject(item) && typeof segment === "object" && sameSegment(segment, { key: segment.key, value: String(item[segment.key]) }),
          );
    if (last) here[index] = next;
    return here[index] ?? null;
  }
  if (!isObject(here) || typeof segment !== "string") throw new Error("no such place");
  if (last || here[segment] === undefined) here[segment] = next;
  return here[segment] ?? null;
}
