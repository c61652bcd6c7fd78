import { configMapKeys } from "../../../cluster/config-map.ts";
import { isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import { sameJson } from "../../../source/edit/field-path.ts";
import { isSameFile, keepsMost } from "../../../source/meant/alike.ts";
import { renamedConfigMap } from "../../../source/meant/renamed.ts";
import { variableAt } from "../../../source/meant/variable-key.ts";
import { withoutHash } from "../../../source/plan/differences.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { configMapIn, isConfigMap, pastConfigMap } from "../../history.ts";
import { isOneName, nearOrKindred, onlyAlike, wordsOf } from "../../near-match.ts";
import { pastOfMap } from "../../settings.ts";
import { containersOf } from "../../workload.ts";
import { type Reference, referencesOf } from "./references.ts";

/** The one ConfigMap of today that was not there and holds what the missing one held, or most of it under the same keys. */
export function renamedMap(input: DiagnosisInput, { namespace }: ObjectRef, name: string): string | undefined {
  const held = pastConfigMap(input, namespace, name) ?? generatedBefore(input, namespace, name);
  if (held === undefined) return undefined;
  const fresh = input.rendered.filter((map) => isConfigMap(map, namespace) && pastConfigMap(input, namespace, textAt(map, "metadata", "name")) === undefined);
  const same = fresh.filter((map) => sameJson(map.data, held));
  const [only, ...others] = same.length > 0 ? same : fresh.filter((map) => keepsMost(held, map.data));
  return only && others.length === 0 ? textAt(only, "metadata", "name") : undefined;
}

/** What the only ConfigMap that went is called now, where only one came (source/meant/alike.ts) that has every key which the workload asks the missing one for. */
export function onlyRenamedMap(input: DiagnosisInput, now: KubeObject, name: string, references: readonly Reference[]): string | undefined {
  const renamed = renamedConfigMap(...thenAndNow(input.lastGood?.objects, input), textAt(now, "metadata", "namespace"));
  const old = textAt(renamed?.from, "metadata", "name");
  const isGenerated = withoutHash(old) !== old && `-${withoutHash(old)}-`.includes(`-${name}-`);
  if (!renamed || (old !== name && !isGenerated)) return undefined;
  const keys = new Set(configMapKeys(renamed.to));
  return keysAskedOf(now, references).every((key) => keys.has(key)) ? textAt(renamed.to, "metadata", "name") : undefined;
}

/** Every key that references ask for, by name or as a single file. */
export function keysAskedOf(now: KubeObject, references: readonly Reference[]): string[] {
  return [...references.flatMap(({ key }) => key ?? []), ...subPathsOf(now, references)];
}

/** Keys that are mounted as single files: a volume without `items` has a file of each key. */
function subPathsOf(now: KubeObject, references: readonly Reference[]): string[] {
  const itemised = new Set(references.flatMap(({ key, volume }) => (key === undefined ? [] : volume)));
  const whole = new Set(references.flatMap(({ volume }) => (volume === undefined || itemised.has(volume) ? [] : volume)));
  const mounts = containersOf(now).flatMap(({ value }) => listAt(value, "volumeMounts"));
  return mounts.filter((mount) => whole.has(textAt(mount, "name"))).flatMap((mount) => textAt(mount, "subPath") || []);
}

/** What a generated map held whose name, without affixes and hash, is that of a reference that leads nowhere now. */
function generatedBefore(input: DiagnosisInput, namespace: string, name: string): Json | undefined {
  const maps = input.lastGood?.objects.filter((object) => isConfigMap(object, namespace)) ?? [];
  const generated = maps.filter((map) => {
    const full = textAt(map, "metadata", "name");
    return withoutHash(full) !== full && `-${withoutHash(full)}-`.includes(`-${name}-`);
  });
  return generated.length === 1 ? generated[0]?.data : undefined;
}

/** The only key that nothing asks for and that is called like the variable that misses one, or like the missing key. */
export function onlyUnusedKey(input: DiagnosisInput, { namespace }: ObjectRef, references: readonly Reference[]): string | undefined {
  const [{ name = "", key = "", keyPath = [] } = {}] = references;
  const read = new Set(input.rendered.flatMap(referencesOf).flatMap((reference) => (reference.name === name ? [reference.key] : [])));
  const map = configMapIn(input.rendered, namespace, name);
  const unused = Object.keys(objectAt(map, "data")).filter((other) => !read.has(other));
  const variable = variableAt(keyPath);
  const named = variable === undefined ? [] : unused.filter((other) => isOneName(other, variable));
  const fuller = unused.filter((other) => wordsOf(key).every((word) => wordsOf(other).includes(word)));
  const alike = [named, fuller].find((some) => some.length > 0) ?? unused.filter((other) => onlyAlike(key, [other]) !== undefined);
  return alike.length === 1 ? alike[0] : undefined;
}

/** The only ConfigMap of the delivery that nothing reads, where it has a name alike and every key that is asked for. */
export function onlyUnused(input: DiagnosisInput, { namespace }: ObjectRef, references: readonly Reference[]): string | undefined {
  const read = new Set(input.rendered.flatMap(referencesOf).map(({ name }) => name));
  const unused = input.rendered.filter((map) => isConfigMap(map, namespace) && !read.has(textAt(map, "metadata", "name")));
  const keys = new Set(unused.flatMap(configMapKeys));
  if (references.some(({ key }) => key !== undefined && !keys.has(key))) return undefined;
  return onlyAlike(
    references[0]?.name ?? "",
    unused.map((map) => textAt(map, "metadata", "name")),
  );
}

/** The one key of today that was not there and holds what the missing key held, or a file that still is that file. */
export function renamedKey(input: DiagnosisInput, { namespace }: ObjectRef, name: string, key: string): string | undefined {
  const map = configMapIn(input.rendered, namespace, name);
  const held = heldBefore(input, namespace, name);
  if (!isObject(held) || !Object.hasOwn(held, key)) return undefined;
  const fresh = Object.entries(objectAt(map, "data")).filter(([other]) => !Object.hasOwn(held, other));
  const same = fresh.filter(([, value]) => sameJson(value, held[key]));
  const [only, ...others] = same.length > 0 ? same : fresh.filter(([, value]) => isSameFile(held[key], value));
  return others.length === 0 ? only?.[0] : undefined;
}

/** What a ConfigMap of today held at the last good revision, a generated one under another hash. */
function heldBefore(input: DiagnosisInput, namespace: string, name: string): Json | undefined {
  const now = configMapIn(input.rendered, namespace, name);
  return pastConfigMap(input, namespace, name) ?? (now && pastOfMap(input, now)?.data);
}

/** Whether a key came with the change: one that was there before is not what a dropped key is called now. */
export function isNewKey(input: DiagnosisInput, { namespace }: ObjectRef, name: string, key: string | undefined): boolean {
  const held = heldBefore(input, namespace, name);
  return key !== undefined && isObject(held) && !Object.hasOwn(held, key);
}

/** Names that kustomize generates end in a hash of the content: what git refers to has none, and source/ writes none down. */
export function nearGenerated(name: string, known: readonly string[]): string | undefined {
  const generated = known.filter((map) => withoutHash(map) !== map);
  const names = generated.map(withoutHash);
  const near = nearOrKindred(name, names);
  return generated.find((map) => withoutHash(map) === near);
}
