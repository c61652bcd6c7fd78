import { at, isObject, type Json, type KubeObject, listAt, type ObjectRef, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { imageParts } from "../image-reference.ts";

/** Whether a ConfigMap's data under another name still is that data: every key is there, and at least half of the values are the same. */
export function keepsMost(then: Json | undefined, now: Json | undefined): boolean {
  if (!isObject(then) || !isObject(now)) return false;
  const keys = Object.keys(then);
  const same = keys.filter((key) => sameJson(then[key], now[key]));
  return keys.length > 0 && keys.every((key) => Object.hasOwn(now, key)) && same.length * 2 >= keys.length;
}

/** Whether a file under another name still is that file: at least half of its lines are there, or set the same things. */
export function isSameFile(then: Json | undefined, now: Json | undefined): boolean {
  if (typeof then !== "string" || typeof now !== "string") return false;
  if (then === now) return true;
  const linesOf = (text: string) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const [old, today] = [linesOf(then), linesOf(now)];
  const [lines, settings] = [new Set(today), new Set(today.flatMap(settingOf))];
  const kept = old.filter((line) => lines.has(line) || settingOf(line).some((name) => settings.has(name)));
  return old.length > 0 && kept.length * 2 >= old.length;
}

/** What a line sets: `YEAR` of `YEAR=2026`. */
function settingOf(line: string): string[] {
  const name = /^([A-Za-z_][\w.-]{1,100})\s*[:=]/.exec(line)?.[1];
  return name === undefined ? [] : [name];
}

/**
 * What a workload is called now that was there under this name: the only one of its kind that came, with the containers of the one that went; where these are called
 * otherwise as well, with their programs.
 */
export function renamedWorkload(then: readonly KubeObject[], now: readonly KubeObject[], old: ObjectRef): string | undefined {
  const isThere = (objects: readonly KubeObject[], ref: ObjectRef) => objects.find((object) => sameRef(refOf(object), ref));
  const gone = isThere(then, old);
  if (!gone || isThere(now, old)) return undefined;
  const containersOf = (object: KubeObject) => listAt(at(object, "spec", "template", "spec"), "containers");
  const namesOf = (object: KubeObject) => containersOf(object).map((container) => textAt(container, "name"));
  const programsOf = (object: KubeObject) => containersOf(object).map((container) => imageParts(textAt(container, "image")).name);
  const fresh = now.filter((object) => {
    const ref = refOf(object);
    return ref.kind === old.kind && ref.group === old.group && ref.namespace === old.namespace && !isThere(then, ref);
  });
  const alike = fresh.filter((object) => sameJson(namesOf(object), namesOf(gone)));
  const [only, ...others] = alike.length > 0 ? alike : fresh.filter((object) => sameJson(programsOf(object), programsOf(gone)));
  return only && others.length === 0 ? textAt(only, "metadata", "name") : undefined;
}
