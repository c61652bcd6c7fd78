import type { KubeObject } from "../../src/cluster/objects.ts";
import type { Recording } from "./recording.ts";

/** Everything that a recording's cluster held, once more under another name: a second delivery of the same folder of the same repository, into another namespace. */
export function twinOf({ id, objects }: Recording, name: string): KubeObject[] {
  const namespaced = objects.filter(({ metadata }) => metadata.namespace !== undefined);
  const text = JSON.stringify(namespaced)
    .replaceAll(new RegExp(`${id}(?!\\.git)`, "g"), name)
    .replaceAll(
      /"([0-9a-f])([0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{4}-)/g,
      (_, first: string, rest: string) => `"${(15 - Number.parseInt(first, 16)).toString(16)}${rest}`,
    );
  return JSON.parse(text);
}

/** A recording whose cluster has that second delivery as well. */
export function withTwin(recording: Recording, name = "twin"): Recording {
  return { ...recording, objects: [...recording.objects, ...twinOf(recording, name)] };
}
