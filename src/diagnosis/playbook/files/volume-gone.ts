import { at, isObject, type Json, type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedBelow, type Past } from "../../history.ts";
import { containersOf, podSpecOf, podSpecPath } from "../../workload.ts";

const NO_VOLUME = /volumeMounts\[\d{1,4}\]\.name: Not found: "([\w.-]{1,253})"/g;

/**
 * Volumes that the commit took away although containers still mount them, each where it did as before: all that is missing is the volume. Empty where the commit took
 * more of it away (another mount, what it holds), since then it was to go, where another one came, and where it lies on the node itself.
 */
export function volumesGone({ rendered, lastGood }: DiagnosisInput, past: Past | undefined, now: KubeObject, message: string): FieldChange[] {
  const spec = podSpecPath(now.kind);
  const names = new Set([...message.matchAll(NO_VOLUME)].map(([, name = ""]) => name));
  if (!past || !spec || names.size === 0) return [];
  const isWanted = (volume: Json) => names.has(textAt(volume, "name")) && isOnlyGone(past, now, textAt(volume, "name")) && !isOfNode(volume);
  const holdsStill = (volume: Json) => sourcesOf(volume).every(([kind, name]) => isIn(rendered, kind, name) || !isIn(lastGood?.objects ?? [], kind, name));
  const changed = changedBelow(past, now, [...spec, "volumes"]);
  // One that came may be what it is called now.
  if (changed.some(({ before }) => before === undefined)) return [];
  return changed.flatMap((change): FieldChange[] => {
    const { before, after } = change;
    if (before === undefined || after !== undefined) return [];
    if (!Array.isArray(before)) return isWanted(before) && holdsStill(before) ? [change] : [];
    const back = before.filter((volume) => isWanted(volume) && holdsStill(volume));
    return back.length > 0 ? [{ ...change, before: back }] : [];
  });
}

/** The volume that went with a mount; none where the pod still has it, undefined where what it holds went too, or it lies on the node itself. */
export function volumeGoneAlong({ rendered, lastGood }: DiagnosisInput, past: Past, now: KubeObject, name: string): FieldChange[] | undefined {
  const spec = podSpecPath(now.kind);
  if (!spec || listAt(podSpecOf(now), "volumes").some((volume) => textAt(volume, "name") === name)) return [];
  const volume = listAt(podSpecOf(past.object), "volumes").find((one) => textAt(one, "name") === name);
  const isThere = volume && sourcesOf(volume).every(([kind, source]) => isIn(rendered, kind, source) || !isIn(lastGood?.objects ?? [], kind, source));
  if (!volume || !isThere || isOfNode(volume)) return undefined;
  const changes = changedBelow(past, now, [...spec, "volumes"]);
  const own = changes.flatMap((change): FieldChange[] => {
    if (Array.isArray(change.before) && change.after === undefined) return [{ ...change, before: [volume] }];
    const last = change.path.at(-1);
    return typeof last === "object" && last.value === name && change.after === undefined ? [change] : [];
  });
  return own.length > 0 ? own : undefined;
}

/** Whether every container mounts it as it did. */
function isOnlyGone({ object }: Past, now: KubeObject, name: string): boolean {
  const mounts = (one: KubeObject) =>
    containersOf(one)
      .map(({ name: container, value }) => JSON.stringify([container, listAt(value, "volumeMounts").filter((mount) => textAt(mount, "name") === name)]))
      .filter((text) => !text.endsWith("[]]"))
      .sort();
  const isThere = listAt(podSpecOf(now), "volumes").some((volume) => textAt(volume, "name") === name);
  return !isThere && mounts(object).length > 0 && mounts(object).join() === mounts(now).join();
}

function isOfNode(volume: Json): boolean {
  return isObject(volume) && "hostPath" in volume;
}

/** What a volume reads, by kind and name. */
function sourcesOf(volume: Json): [kind: string, name: string][] {
  const all: [kind: string, name: string][] = [volume, ...listAt(volume, "projected", "sources")].flatMap((source): [string, string][] => [
    ["ConfigMap", textAt(source, "configMap", "name")],
    ["Secret", textAt(source, "secret", "secretName") || textAt(source, "secret", "name")],
    ["PersistentVolumeClaim", textAt(source, "persistentVolumeClaim", "claimName")],
  ]);
  return all.filter(([, name]) => name !== "");
}

function isIn(objects: readonly KubeObject[], kind: string, name: string): boolean {
  return objects.some((object) => object.kind === kind && at(object, "metadata", "name") === name);
}
