// The files that a container finds in its folders, as far as ConfigMaps of the delivery are mounted there as a whole.
import { configMapKeys } from "../cluster/config-map.ts";
import { type Json, type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import { withoutHash } from "./differences.ts";

/** A folder of a container, and the only files in it. */
export interface MountedFolder {
  folder: string;
  files: string[];
}

/** @param podSpec of which the container is one; @param objects of the delivery */
export function mountedFolders(podSpec: Json, container: Json, objects: readonly KubeObject[]): MountedFolder[] {
  return listAt(container, "volumeMounts").flatMap((mount): MountedFolder[] => {
    const volume = listAt(podSpec, "volumes").find((one) => textAt(one, "name") === textAt(mount, "name")) ?? null;
    const name = textAt(volume, "configMap", "name");
    const map = objects.find((object) => object.kind === "ConfigMap" && withoutHash(textAt(object, "metadata", "name")) === withoutHash(name));
    const isWhole = textAt(mount, "subPath") === "" && textAt(mount, "subPathExpr") === "" && listAt(volume, "configMap", "items").length === 0;
    return name !== "" && map && isWhole ? [{ folder: textAt(mount, "mountPath").replace(/\/$/, ""), files: configMapKeys(map) }] : [];
  });
}

/**
 * The file that was meant by one that is not in its folder: the only one there that ends alike (`config.yaml` for `pricer.yaml`). Undefined where there are several,
 * or none.
 */
export function fileMeant(file: string, folders: readonly MountedFolder[]): string | undefined {
  const [folder, name] = [file.slice(0, file.lastIndexOf("/")), file.slice(file.lastIndexOf("/") + 1)];
  const found = folders.find((one) => one.folder === folder && folder !== "");
  if (!found || found.files.includes(name)) return undefined;
  const [only, ...more] = found.files.filter((other) => endingOf(other) === endingOf(name));
  return only === undefined || more.length > 0 ? undefined : `${folder}/${only}`;
}

function endingOf(name: string): string {
  return name.includes(".") ? name.slice(name.lastIndexOf(".")) : "";
}

/** A text with one file in the place of another, where it names that just once and as a whole; undefined where it does not. */
export function withFile(text: string, wrong: string, right: string): string | undefined {
  const parts = text.split(wrong);
  const isWhole = parts.length === 2 && !/[\w./-]$/.test(parts[0] ?? "") && !/^[\w/-]/.test(parts[1] ?? "");
  return isWhole ? parts.join(right) : undefined;
}
