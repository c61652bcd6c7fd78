// The files that a container finds in its folders, as far as ConfigMaps of the delivery are mounted there as a whole.

import { configMapKeys } from "../../cluster/config-map.ts";
import { volumesOf } from "../../cluster/mounted-volumes.ts";
import { at, type Json, type KubeObject, listAt, numberAt, objectAt, textAt } from "../../cluster/objects.ts";
import { folderOf, nameOf } from "../git/repository-paths.ts";
import { withoutHash } from "../plan/differences.ts";
import { isSameFile } from "./alike.ts";

/** A folder of a container that is mounted, and the files of a ConfigMap that it has. */
export interface MountedFolder {
  folder: string;
  files: string[];
  /** What files that were there before are called now, as far as their text tells. */
  renamed: ReadonlyMap<string, string>;
}

/** @param podSpec of which the container is one; @param objects of the delivery; @param then the same at the last good revision */
export function mountedFolders(podSpec: Json, container: Json, objects: readonly KubeObject[], then: readonly KubeObject[] = []): MountedFolder[] {
  return listAt(container, "volumeMounts").flatMap((mount): MountedFolder[] => {
    const volume = listAt(podSpec, "volumes").find((one) => textAt(one, "name") === textAt(mount, "name")) ?? null;
    const map = mapOf(volume, objects);
    const isWhole = textAt(mount, "subPath") === "" && textAt(mount, "subPathExpr") === "" && listAt(volume, "configMap", "items").length === 0;
    if (!map || !isWhole) return [{ folder: mountPathOf(mount), files: [], renamed: new Map() }];
    return [{ folder: mountPathOf(mount), files: configMapKeys(map), renamed: renamedFiles(mapOf(volume, then), map) }];
  });
}

function renamedFiles(then: KubeObject | undefined, now: KubeObject): ReadonlyMap<string, string> {
  const [old, today] = [objectAt(then ?? null, "data"), objectAt(now, "data")];
  const came = Object.entries(today).filter(([name]) => !Object.hasOwn(old, name));
  const moves = Object.entries(old).flatMap(([name, text]): [string, string][] => {
    const [same, ...more] = Object.hasOwn(today, name) ? [] : came.filter(([, other]) => isSameFile(text, other));
    return same && more.length === 0 ? [[name, same[0]]] : [];
  });
  return new Map(moves);
}

/** What the owner, the group and others may do with a file so that all may run it: `0755`, which JSON has no other way to write. */
export const RUNNABLE = 0o755;

/**
 * The volume from which a container has a program that nobody may run: a script of a ConfigMap, whose files have 0644 where nothing else is said
 * (ConfigMapVolumeSource.defaultMode). Undefined where the program is none, or has a mode of its own.
 */
export function volumeNotToRun(podSpec: Json, container: Json, program: string, objects: readonly KubeObject[]): string | undefined {
  const mounts = listAt(container, "volumeMounts").filter((mount) => `${program}/`.startsWith(`${mountPathOf(mount)}/`));
  const [mount = null, ...others] = mounts;
  const volume = listAt(podSpec, "volumes").find((one) => textAt(one, "name") === textAt(mount, "name")) ?? null;
  const file = textAt(mount, "subPath") || program.slice(mountPathOf(mount).length + 1);
  const item = listAt(volume, "configMap", "items").find((one) => textAt(one, "path") === file) ?? null;
  const script = textAt(mapOf(volume, objects) ?? null, "data", textAt(item, "key") || file);
  const mode = numberAt(volume, "configMap", "defaultMode") ?? 0;
  const isPlain = script.startsWith("#!") && (mode & 0o111) === 0 && at(item, "mode") === undefined;
  return isPlain && others.length === 0 ? textAt(volume, "name") : undefined;
}

/** Whether a container is told to use a file of this name, wherever it lies: in its command, its arguments or its variables. */
export function isToldFile(containers: readonly Json[], name: string): boolean {
  const texts = containers.flatMap((container) => [
    ...["command", "args"].flatMap((list) => listAt(container, list)),
    ...listAt(container, "env").map((item) => textAt(item, "value")),
  ]);
  return texts.some((text) => typeof text === "string" && text.split(/[\s"'=;,]+/).some((word) => word.endsWith(`/${name}`)));
}

/** A mount of a whole volume (Kubernetes API: VolumeMount). */
export interface WholeMount {
  name: string;
  mountPath: string;
}

/**
 * The mount that a file needs which a program does not find: of the only volume that no container mounts and that is a ConfigMap with a file of that name, in
 * the file's folder. Undefined where something is mounted there already.
 */
export function mountMissing(pods: { object: KubeObject; spec: Json }, container: Json, file: string, objects: readonly KubeObject[]): WholeMount | undefined {
  const [folder, key] = [folderOf(file), nameOf(file)];
  const unmounted = new Set(volumesOf(pods).unmounted);
  const volumes = listAt(pods.spec, "volumes").filter((volume) => unmounted.has(textAt(volume, "name")) && filesOf(volume, objects).includes(key));
  const [volume, ...others] = volumes;
  return volume && others.length === 0 && folder !== "" && !isCovered(container, file) ? { name: textAt(volume, "name"), mountPath: folder } : undefined;
}

/** A mount that would have a file where a program looks for it, if it were elsewhere. */
export interface MisplacedMount {
  name: string;
  mountPath: string;
  /** Where the program looks. */
  folder: string;
}

/**
 * The only mount of a container that is a ConfigMap with a file of that name, and lies in a folder of almost the same name, by the given judgement. Undefined
 * where the file is there.
 */
export function misplacedMount(
  pods: { spec: Json },
  container: Json,
  file: string,
  { objects, isAlmost }: { objects: readonly KubeObject[]; isAlmost: (wrong: string, right: string) => boolean },
): MisplacedMount | undefined {
  const [folder, key] = [folderOf(file), nameOf(file)];
  const mounts = listAt(container, "volumeMounts").map((mount) => ({
    name: textAt(mount, "name"),
    mountPath: mountPathOf(mount),
    mount,
  }));
  if (folder === "" || isCovered(container, file)) return undefined;
  const holding = mounts.filter(({ name, mountPath, mount }) => {
    const volume = listAt(pods.spec, "volumes").find((one) => textAt(one, "name") === name);
    return textAt(mount, "subPath") === "" && volume !== undefined && filesOf(volume, objects).includes(key) && isAlmost(folder, mountPath);
  });
  const [only, ...more] = holding;
  return only && more.length === 0 ? { name: only.name, mountPath: only.mountPath, folder } : undefined;
}

/** Whether a container mounts something over a file, or over a folder around it. */
function isCovered(container: Json, file: string): boolean {
  return listAt(container, "volumeMounts").some((mount) => `${file}/`.startsWith(`${mountPathOf(mount)}/`));
}

/** Where a mount is, without a slash at the end. */
export function mountPathOf(mount: Json): string {
  return textAt(mount, "mountPath").replace(/\/$/, "");
}

function filesOf(volume: Json, objects: readonly KubeObject[]): string[] {
  const items = listAt(volume, "configMap", "items").map((item) => textAt(item, "path"));
  const map = mapOf(volume, objects);
  return items.length > 0 ? items : map ? configMapKeys(map) : [];
}

function mapOf(volume: Json, objects: readonly KubeObject[]): KubeObject | undefined {
  const name = textAt(volume, "configMap", "name");
  return objects.find((object) => object.kind === "ConfigMap" && name !== "" && withoutHash(textAt(object, "metadata", "name")) === withoutHash(name));
}

/**
 * The file that was meant by one that is not in its folder: the only one there that ends alike (`config.yaml` for `pricer.yaml`); of one in a folder over which
 * nothing is mounted, the only one of that name elsewhere. Undefined where there are several, or none.
 */
export function fileMeant(file: string, folders: readonly MountedFolder[]): string | undefined {
  const [folder, name] = [folderOf(file), nameOf(file)];
  const whole = folders.find((one) => one.folder === file && file !== "");
  if (whole) return whole.files.length === 1 ? `${file}/${whole.files[0]}` : undefined;
  const found = folders.find((one) => one.folder === folder && folder !== "");
  if (!folders.some((one) => `${file}/`.startsWith(`${one.folder}/`))) return elsewhere(name, folders);
  if (!found || found.files.includes(name)) return undefined;
  const renamed = found.renamed.get(name);
  if (renamed !== undefined) return `${folder}/${renamed}`;
  const alike = found.files.filter((other) => endingOf(other) === endingOf(name));
  const [only, ...more] = alike.length > 0 ? alike : found.files.filter((other) => stemOf(other) === stemOf(name));
  return only === undefined || more.length > 0 ? undefined : `${folder}/${only}`;
}

function elsewhere(name: string, folders: readonly MountedFolder[]): string | undefined {
  const [only, ...more] = folders.filter(({ files }) => files.includes(name));
  return only === undefined || more.length > 0 ? undefined : `${only.folder}/${name}`;
}

function stemOf(name: string): string {
  return name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : name;
}

function endingOf(name: string): string {
  const ending = name.includes(".") ? name.slice(name.lastIndexOf(".")) : "";
  return ending === ".yml" ? ".yaml" : ending;
}

/** A text with one file in the place of another, where it names that just once and as a whole; undefined where it does not. */
export function withFile(text: string, wrong: string, right: string): string | undefined {
  const parts = text.split(wrong);
  const isWhole = parts.length === 2 && !/[\w./-]$/.test(parts[0] ?? "") && !/^[\w/-]/.test(parts[1] ?? "");
  return isWhole ? parts.join(right) : undefined;
}
