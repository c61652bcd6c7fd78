import { isEmptyDir } from "../../cluster/mounted-volumes.ts";
import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { mountPathOf } from "./mounted-files.ts";

/** A mount that hides a program, and the folder below it where the container is told to write. */
export interface NarrowedMount {
  /** Which of the container's mounts. */
  index: number;
  before: string;
  after: string;
}

/**
 * An empty directory over the folder of the very program that the container starts, where one variable names the only folder below it: the directory was meant
 * for that one (`CACHE_DIR=/app/cache`, mounted at `/app`). Undefined where something is mounted there already, or several could be meant.
 */
export function narrowedMount(podSpec: Json, container: Json, program: string): NarrowedMount | undefined {
  const mounts = listAt(container, "volumeMounts");
  const over = mounts.flatMap((mount, index) => {
    const folder = mountPathOf(mount);
    return folder !== "" && program.startsWith(`${folder}/`) && textAt(mount, "subPath") === "" && isEmptyDir(podSpec, textAt(mount, "name"))
      ? [{ index, folder }]
      : [];
  });
  const [hiding, ...others] = over;
  if (!hiding || others.length > 0) return undefined;
  const told = listAt(container, "env").map((item) => textAt(item, "value").replace(/\/$/, ""));
  const below = new Set(told.filter((path) => path.startsWith(`${hiding.folder}/`) && !`${program}/`.startsWith(`${path}/`)));
  const [after, ...more] = below;
  const isTaken = mounts.some((mount) => mountPathOf(mount) === after);
  return after === undefined || more.length > 0 || isTaken ? undefined : { index: hiding.index, before: textAt(mounts[hiding.index], "mountPath"), after };
}
