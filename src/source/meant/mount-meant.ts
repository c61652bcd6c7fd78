// One file of a ConfigMap that is mounted as a folder, or in the place of its folder (Kubernetes API: VolumeMount subPath).
import { configMapKeys } from "../../cluster/config-map.ts";
import { type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { nameOf } from "../git/repository-paths.ts";

/** What of a mount, by its index in the container's list, has to be otherwise. */
export interface MountMeant {
  index: number;
  field: "subPath" | "mountPath";
  before: string | undefined;
  after: string;
  volume: string;
}

/**
 * The mount by which a container would have a file: of a whole ConfigMap at the path of the file, which is a folder so, that file of it alone; of one file at the path
 * of its folder, the file's own path. @param podSpec of which the container is one
 */
export function mountMeant(podSpec: Json, container: Json, file: string, objects: readonly KubeObject[]): MountMeant | undefined {
  const found = listAt(container, "volumeMounts").flatMap((mount, index): MountMeant[] => {
    const [path, key, volume] = [textAt(mount, "mountPath"), textAt(mount, "subPath"), textAt(mount, "name")];
    const keys = filesOf(podSpec, volume, objects);
    if (textAt(mount, "subPathExpr") !== "") return [];
    if (key === "" && path === file && keys.includes(nameOf(file))) return [{ index, field: "subPath", before: undefined, after: nameOf(file), volume }];
    const isInside = key !== "" && keys.includes(key) && `${path.replace(/\/$/, "")}/${key}` === file;
    return isInside ? [{ index, field: "mountPath", before: path, after: file, volume }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

function filesOf(podSpec: Json, name: string, objects: readonly KubeObject[]): string[] {
  const volume = listAt(podSpec, "volumes").find((one) => textAt(one, "name") === name);
  const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === textAt(volume, "configMap", "name"));
  const items = listAt(volume, "configMap", "items").map((item) => textAt(item, "path"));
  return map === undefined ? [] : items.length > 0 ? items : configMapKeys(map);
}
