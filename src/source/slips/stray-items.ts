// Strategic merge patches that speak of a container by a name that it does not have, or no longer: beside the container, they make another one that has no image.
import { isObject, type Json, type KubeObject, type ObjectRef, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import { diffFields, type FieldPath, getIn, sameJson, startsWith } from "../edit/field-path.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import { imageParts } from "../image-reference.ts";
import { mayTarget } from "../plan/json-patches.ts";
import { patchTexts } from "../plan/object-texts.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

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
  ["spec", "template", "spec"],
  ["spec", "jobTemplate", "spec", "template", "spec"],
].flatMap((spec) => ["containers", "initContainers"].map((list) => [...spec, list]));

/** The only container without an image, where another one is what the patch is for: see {@link heirOf} and {@link robbedOf}. */
export function strayContainers(then: readonly KubeObject[], now: readonly KubeObject[]): StrayContainer[] {
  return now.flatMap((object) => {
    const past = then.find((one) => sameRef(refOf(one), refOf(object)));
    return LISTS.flatMap((list) => {
      const [old, today] = [containersAt(past, list), containersAt(object, list)];
      const [stray, ...more] = today.filter((one) => textAt(one, "image") === "");
      if (!stray || more.length > 0) return [];
      const from = textAt(stray, "name");
      const before = named(old, from);
      const to = before ? heirOf(before, old, today) : robbedOf(stray, old, today);
      return to ? [{ object, list, from, to: textAt(to, "name") }] : [];
    });
  });
}

/** The container has another name today: the only one that came runs its program. */
function heirOf(past: Json, old: readonly Json[], today: readonly Json[]): Json | undefined {
  const [heir, ...others] = today.filter((one) => !named(old, textAt(one, "name")));
  const isSame = heir !== undefined && imageOf(past) !== "" && imageOf(past) === imageOf(heir);
  return isSame && others.length === 0 ? heir : undefined;
}

/** The patch got another name: the only container that no longer has what it had of the fields that the stray one has. */
function robbedOf(stray: Json, old: readonly Json[], today: readonly Json[]): Json | undefined {
  const [robbed, ...others] = today.filter((one) => {
    const past = named(old, textAt(one, "name"));
    return past && imageOf(one) !== "" && diffFields(past, one).some(({ path }) => getIn(stray, path) !== undefined);
  });
  return others.length === 0 ? robbed : undefined;
}

/** Whether a field of the container that a patch was for is just what the patch says, under the name that is not there. */
export function isOfStray(strays: readonly StrayContainer[], object: ObjectRef, path: FieldPath, value: Json | undefined): boolean {
  return strays.some(({ object: own, list, from, to }) => {
    const item = [...list, { key: "name", value: to }];
    const said = getIn(own, [...list, { key: "name", value: from }, ...path.slice(item.length)]);
    return sameRef(refOf(own), object) && path.length > item.length && startsWith(path, item) && said !== undefined && sameJson(said, value);
  });
}

function containersAt(object: KubeObject | undefined, list: FieldPath): Json[] {
  const containers = object && getIn(object, list);
  return Array.isArray(containers) ? containers : [];
}

function named(containers: readonly Json[], name: string): Json | undefined {
  return containers.find((one) => textAt(one, "name") === name);
}

function imageOf(container: Json | undefined): string {
  const image = textAt(container, "image");
  return image === "" ? "" : imageParts(image).name;
}

/** The files whose patches speak of such a container, with its name of today: patches in files of their own, and those that stand in a kustomization. */
export function followedItems(files: readonly BasisFile[], then: readonly KubeObject[], now: readonly KubeObject[]): FileChange[] {
  const strays = strayContainers(then, now);
  return presentFiles(files)
    .filter(({ path }) => isPlainYaml(path))
    .flatMap((file) => {
      const inline = isKustomizationFile(file.path) ? inlinePatches(file.text) : [];
      const own = yamlDocuments(file.text).map(
        ({ value }, document): Patch => ({ value, target: null, edit: (path, name) => ({ document, path, value: name }) }),
      );
      const edits = [...own, ...inline].flatMap((patch) => strays.flatMap((stray) => renaming(patch, stray)));
      return edits.length > 0 ? edited(file, edits) : [];
    });
}

/** A document that may be a strategic merge patch, and how a name in it is written. */
interface Patch {
  value: Json;
  /** What its kustomization says that it is for; null where the patch itself says it. */
  target: Json;
  edit(path: FieldPath, name: string): Edit;
}

function inlinePatches(kustomization: string): Patch[] {
  const [document, ...more] = yamlDocuments(kustomization);
  if (!document || more.length > 0) return [];
  return patchTexts(document.value).map(({ place, value, target = null }) => ({
    value,
    target,
    edit: (path, name) => ({ document: 0, path: place, within: path, value: name }),
  }));
}

function renaming({ value, target, edit }: Patch, { object, list, from, to }: StrayContainer): Edit[] {
  const items = getIn(value, list);
  const at = Array.isArray(items) ? items.findIndex((item) => textAt(item, "name") === from && textAt(item, "image") === "") : -1;
  const isNamed = textAt(value, "kind") === object.kind && textAt(object, "metadata", "name").includes(textAt(value, "metadata", "name"));
  const isFor = isObject(target) && Object.keys(target).length > 0 ? mayTarget(target, refOf(object)) : isNamed;
  return at >= 0 && isFor ? [edit([...list, at, "name"], to)] : [];
}
