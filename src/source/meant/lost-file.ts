// A file of a ConfigMap that its volume does not list (ConfigMapVolumeSource.items): the entry that a program misses, as it was, or of a key that came since.

import { configMapKeys } from "../../cluster/config-map.ts";
import { type Json, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../edit/field-path.ts";
import { withoutHash } from "../plan/differences.ts";

/** The list of a volume's files with the entry that it lost. */
export interface FileBack {
  /** Below the volume. */
  path: FieldPath;
  before: Json[];
  after: Json[];
  key: string;
  map: string;
  /** Whether the key came to the ConfigMap after the last good revision, and was never listed. */
  isNew: boolean;
}

/** The ConfigMaps of today and of the last good revision. */
export interface Maps {
  today: readonly KubeObject[];
  past: readonly KubeObject[];
}

/**
 * The entry by which a volume had a file that it has no more, put back behind the one that stood before it, or the entry of a key that is new, at the end; the other
 * entries are as they are today. Undefined where the file is there, where its key is there under another path, and where today's ConfigMap does not have the key.
 * @param then the volume at the last good revision @param file its path within the volume
 */
export function lostFile(then: Json, now: Json, maps: Maps, file: string): FileBack | undefined {
  const today = sourcesOf(now);
  if (today.some(({ items }) => items.some((item) => textAt(item, "path") === file))) return undefined;
  const found = today.flatMap(({ path, map, items }): FileBack[] => {
    const old = sourcesOf(then).find((one) => withoutHash(one.map) === withoutHash(map));
    const keys = configMapKeys(maps.today.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === map));
    const past = old && maps.past.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === old.map);
    if (past && old.items.length > 0 && items.length > 0 && keys.includes(file) && !configMapKeys(past).includes(file)) {
      return [{ path, before: items, after: [...items, { key: file, path: file }], key: file, map, isNew: true }];
    }
    const entry = old && entriesOf(old.items, keys).find((item) => textAt(item, "path") === file);
    const key = textAt(entry ?? null, "key");
    if (!old || !entry || items.length === 0 || !keys.includes(key) || items.some((item) => textAt(item, "key") === key)) return [];
    return [{ path, before: items, after: withEntry(items, entriesOf(old.items, keys), entry), key, map, isNew: false }];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The ConfigMaps of a volume, each with its list of files. */
function sourcesOf(volume: Json): { path: FieldPath; map: string; items: Json[] }[] {
  const own = { path: ["configMap", "items"] as FieldPath, value: objectAt(volume, "configMap") };
  const projected = listAt(volume, "projected", "sources").map((source, i) => ({
    path: ["projected", "sources", i, "configMap", "items"] as FieldPath,
    value: objectAt(source, "configMap"),
  }));
  return [own, ...projected].map(({ path, value }) => ({ path, map: textAt(value, "name"), items: listAt(value, "items") })).filter(({ map }) => map !== "");
}

/** Without a list each key is a file of its name. */
function entriesOf(items: readonly Json[], keys: readonly string[]): Json[] {
  return items.length > 0 ? [...items] : keys.map((key) => ({ key, path: key }));
}

function withEntry(items: readonly Json[], then: readonly Json[], entry: Json): Json[] {
  const before = then.slice(0, then.indexOf(entry)).map((item) => textAt(item, "key"));
  const place = items.findLastIndex((item) => before.includes(textAt(item, "key"))) + 1;
  return [...items.slice(0, place), entry, ...items.slice(place)];
}
