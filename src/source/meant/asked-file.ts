// A file of a ConfigMap under the name by which the program asks for it: the same name with another ending (`haproxy.conf` for `haproxy.cfg`).
import { configMapKeys } from "../../cluster/config-map.ts";
import { at, type Json, type KubeObject, listAt, type ObjectRef, refOf, textAt } from "../../cluster/objects.ts";
import { folderOf, nameOf } from "../git/repository-paths.ts";
import { isReadBeside } from "./map-readers.ts";
import { isToldFile, mountPathOf } from "./mounted-files.ts";

export interface AskedFile {
  map: ObjectRef;
  /** The key of today, and the one that the program asks for. */
  from: string;
  to: string;
  text: string;
}

/**
 * The key of a ConfigMap, mounted as a whole where a missing file should lie, that is called like the file but for its ending. Undefined where the file is there,
 * where several are called so, where the program is told the key's name, and where somebody else reads it.
 * @param podSpec of which the container is one @param file its whole path @param objects of the delivery
 */
export function askedFile(podSpec: Json, container: Json, file: string, objects: readonly KubeObject[]): AskedFile | undefined {
  const to = nameOf(file);
  const [mount, ...others] = listAt(container, "volumeMounts").filter((one) => mountPathOf(one) === folderOf(file));
  const volume = listAt(podSpec, "volumes").find((one) => textAt(one, "name") === textAt(mount ?? null, "name"));
  const isWhole = textAt(mount ?? null, "subPath") === "" && listAt(volume ?? null, "configMap", "items").length === 0;
  const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === textAt(volume ?? null, "configMap", "name"));
  if (!volume || !map || !isWhole || others.length > 0 || configMapKeys(map).includes(to)) return undefined;
  const [from, ...more] = configMapKeys(map).filter((key) => stemOf(key) === stemOf(to));
  const text = from === undefined ? undefined : at(map, "data", from);
  if (from === undefined || typeof text !== "string" || more.length > 0 || isToldFile(listAt(podSpec, "containers"), from)) return undefined;
  return isReadBeside(objects, refOf(map), from, volume) ? undefined : { map: refOf(map), from, to, text };
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return (dot > 0 ? name.slice(0, dot) : name).toLowerCase();
}
