// Strategic merge patches that speak of a container by the name that it had: beside the container under its new name, they make another one that has no image.
import { type Json, type KubeObject, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { edited, presentFiles } from "./edited-file.ts";
import { type FieldPath, getIn } from "./field-path.ts";
import { imageParts } from "./image-reference.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";
import type { FileChange } from "./workspace.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** What only patches make of a workload's containers, and the container that they are for today. */
export interface StrayContainer {
  object: KubeObject;
  /** Of the list of containers. */
  list: FieldPath;
  from: string;
  to: string;
}

/** Where workloads have their containers; CronJobs a level deeper. */
const LISTS: readonly FieldPath[] = [
  ["spec", "template", "spec", "containers"],
  ["spec", "jobTemplate", "spec", "template", "spec", "containers"],
];

/** A container without an image that had one at the last good revision, where the only one that came runs the same program. */
export function strayContainers(then: readonly KubeObject[], now: readonly KubeObject[]): StrayContainer[] {
  return now.flatMap((object) => {
    const past = then.find((one) => sameRef(refOf(one), refOf(object)));
    return LISTS.flatMap((list) => {
      const [old, today] = [containersAt(past, list), containersAt(object, list)];
      const [stray, ...more] = today.filter((one) => textAt(one, "image") === "" && imageOf(old, textAt(one, "name")) !== "");
      const [heir, ...others] = today.filter((one) => !old.some((other) => textAt(other, "name") === textAt(one, "name")));
      const from = textAt(stray, "name");
      const isSame = imageOf(old, from) === imageParts(textAt(heir, "image")).name;
      return stray && heir && more.length + others.length === 0 && isSame ? [{ object, list, from, to: textAt(heir, "name") }] : [];
    });
  });
}

function containersAt(object: KubeObject | undefined, list: FieldPath): Json[] {
  const containers = object && getIn(object, list);
  return Array.isArray(containers) ? containers : [];
}

function imageOf(containers: readonly Json[], name: string): string {
  const image = textAt(
    containers.find((one) => textAt(one, "name") === name),
    "image",
  );
  return image === "" ? "" : imageParts(image).name;
}

/** The files whose patches speak of such a container, with its name of today. */
export function followedItems(files: readonly BasisFile[], then: readonly KubeObject[], now: readonly KubeObject[]): FileChange[] {
  const strays = strayContainers(then, now);
  return presentFiles(files)
    .filter(({ path }) => isPlainYaml(path))
    .flatMap((file) => {
      const edits = yamlDocuments(file.text).flatMap(({ value }, document) =>
        strays.flatMap(({ object, list, from, to }) => {
          const items = getIn(value, list);
          const at = Array.isArray(items) ? items.findIndex((item) => textAt(item, "name") === from && textAt(item, "image") === "") : -1;
          const isFor = textAt(value, "kind") === object.kind && textAt(object, "metadata", "name").includes(textAt(value, "metadata", "name"));
          return at >= 0 && isFor ? [{ document, path: [...list, at, "name"], value: to }] : [];
        }),
      );
      return edits.length > 0 ? edited(file, edits) : [];
    });
}
