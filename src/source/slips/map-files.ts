import { type KubeObject, objectAt } from "../../cluster/objects.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import type { BasisFile } from "./text-basis.ts";

/** The one file of the source that a generator takes as a value of a ConfigMap just as it is; undefined where there are several, or none. */
export function fileOfValue(files: readonly BasisFile[], text: string): BasisFile | undefined {
  const [only, ...more] = files.filter((file) => file.text === text && text !== "" && !isKustomizationFile(file.path));
  return more.length === 0 ? only : undefined;
}

/** Whether a rendered ConfigMap has this text as one of its values. */
export function isValueOfMap(rendered: readonly KubeObject[], text: string): boolean {
  return rendered.some((object) => object.kind === "ConfigMap" && Object.values(objectAt(object, "data")).includes(text));
}
