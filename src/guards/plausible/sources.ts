// What a container reads as a whole, ConfigMaps and Secrets, comes back only where the last good revision had it and a log names a variable that it gave; or it is
// made for the container, and nobody reads it.
import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/edit/field-path.ts";
import { sameSources, sourcesBack } from "../../source/meant/lost-source.ts";
import { unreadMap } from "../../source/meant/unread-map.ts";
import { type Grounds, loggedLines, type Objection, objection, variablesIn } from "../grounds.ts";
import { findTarget } from "../target-match.ts";

export function sourcesObjection(grounds: Grounds, { after }: FieldChange, container: FieldPath): Objection {
  const { input, object, lastGood } = grounds;
  const workload = findTarget(input.rendered, object);
  const [now, then] = [workload && getIn(workload, container), lastGood && getIn(lastGood, container)];
  const here = [input.rendered, input.lastGood ?? []].map((objects) => objects.filter((one) => textAt(one, "metadata", "namespace") === object.namespace));
  const isBack = loggedLines(grounds).some((line) => {
    const names = variablesIn(line.slice(0, 1000));
    const back = names.length > 0 && now && then ? sourcesBack(now, then, names, { now: here[0] ?? [], past: here[1] ?? [] }) : undefined;
    return back !== undefined && sameSources(back, after ?? null);
  });
  return isBack || isUnread(grounds, after, now)
    ? undefined
    : objection("variable-reference", "These are not the sources of the last good revision that give what a log misses.");
}

/** The ConfigMap that nobody reads, and that has what a log misses (source/meant/unread-map.ts), beside the sources of today. */
function isUnread(grounds: Grounds, after: Json | undefined, now: Json | undefined): boolean {
  const here = grounds.input.rendered.filter((one) => textAt(one, "metadata", "namespace") === grounds.object.namespace);
  const maps = loggedLines(grounds).flatMap((line) =>
    variablesIn(line.slice(0, 1000)).flatMap((name) => unreadMap({ objects: here, past: grounds.input.lastGood ?? [] }, grounds.object.name, name) ?? []),
  );
  return maps.some((name) => sameSources([...listAt(now ?? null, "envFrom"), { configMapRef: { name } }], after ?? null));
}
