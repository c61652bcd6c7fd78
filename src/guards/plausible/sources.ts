// What a container reads as a whole, ConfigMaps and Secrets, comes back only where the last good revision had it and a log names a variable that it gave; or it is
// made for the container, and nobody reads it.
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../source/edit/field-path.ts";
import { sourcesBack } from "../../source/meant/lost-source.ts";
import { unreadMap } from "../../source/meant/unread-map.ts";
import { withoutHash } from "../../source/plan/differences.ts";
import { type Grounds, loggedLines, type Objection, objection } from "../grounds.ts";
import { findTarget } from "../target-match.ts";

export function sourcesObjection(grounds: Grounds, { after }: FieldChange, container: FieldPath): Objection {
  const { input, object, lastGood } = grounds;
  const workload = findTarget(input.rendered, object);
  const [now, then] = [workload && getIn(workload, container), lastGood && getIn(lastGood, container)];
  const here = [input.rendered, input.lastGood ?? []].map((objects) => objects.filter((one) => textAt(one, "metadata", "namespace") === object.namespace));
  const isBack = loggedLines(grounds).some((line) => {
    const names = namesIn(line);
    const back = names.length > 0 && now && then ? sourcesBack(now, then, names, { now: here[0] ?? [], past: here[1] ?? [] }) : undefined;
    return back !== undefined && sameJson(stable(back), stable(after));
  });
  return isBack || isUnread(grounds, after, now)
    ? undefined
    : objection("variable-reference", "These are not the sources of the last good revision that give what a log misses.");
}

/** The ConfigMap that nobody reads, and that has what a log misses (source/meant/unread-map.ts), beside the sources of today. */
function isUnread(grounds: Grounds, after: Json | undefined, now: Json | undefined): boolean {
  const here = grounds.input.rendered.filter((one) => textAt(one, "metadata", "namespace") === grounds.object.namespace);
  const maps = loggedLines(grounds).flatMap((line) =>
    namesIn(line).flatMap((name) => unreadMap({ objects: here, past: grounds.input.lastGood ?? [] }, grounds.object.name, name) ?? []),
  );
  return maps.some((name) => sameJson(stable([...listAt(now ?? null, "envFrom"), { configMapRef: { name } }]), stable(after)));
}

function namesIn(line: string): string[] {
  return line.slice(0, 1000).match(/\b[A-Z][A-Z0-9_]{2,60}\b/g) ?? [];
}

/** Documents name generated objects without their hash. */
function stable(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(stable);
  if (!isObject(value)) return typeof value === "string" ? withoutHash(value) : (value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, stable(one)]));
}
