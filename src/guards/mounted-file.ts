// A file that a program is told and that its ConfigMap does not hold, and the only one of the folder that could be meant.
import type { Json } from "../cluster/objects.ts";
import { fileMeant, mountedFolders, withFile } from "../source/mounted-files.ts";
import type { Grounds } from "./grounds.ts";
import { containersOf, podSpecOf } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/** Whether all that differs between two texts is that file, as the rendered objects have it. */
export function isMountedFile({ input, object }: Grounds, before: Json | undefined, after: Json | undefined): boolean {
  const workload = findTarget(input.rendered, object);
  if (!workload || typeof before !== "string" || typeof after !== "string") return false;
  const folders = containersOf(workload).flatMap(({ container }) => mountedFolders(podSpecOf(workload) ?? null, container, input.rendered));
  const files = before.slice(0, 2000).match(/\/[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,12}/g) ?? [];
  return files.some((file) => {
    const meant = fileMeant(file, folders);
    return meant !== undefined && withFile(before, file, meant) === after;
  });
}
