import { type Json, type KubeObject, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { type FieldPath, getIn, samePath } from "../../source/edit/field-path.ts";
import {
  countedItems,
  otherContainers,
  patchedItem,
  patchMakingList,
  patchMovedOver,
  patchMovedTo,
  placesNotFound,
  withoutPatchOf,
} from "../../source/slips/leftover-patches.ts";
import { withoutOrphan } from "../../source/slips/orphan-patches.ts";
import type { FileChange, Workspace } from "../../source/workspace.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Whether all that would make a JSON patch apply again is to put back a container or volume that the commit took away. */
export function isPatchLeftBehind({ how, hunks }: TextRepair, error: string): boolean {
  const [pointer] = placesNotFound(error);
  return how === "restored" && pointer !== undefined && patchedItem(pointer) !== undefined && hunks.every(({ before }) => before.length === 0);
}

/**
 * The commit took away what a JSON patch changes, and left the patch: it goes too, where there is one way to take it out with which everything renders. Where the
 * commit took away another item of the list before it, the patch is led to the one that it was for. Where that is there as before, only a part of it went: that
 * may be the slip, and the patch stays.
 */
export async function takeOutPatch({ basis, workspace, message, lastGood }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [pointer] = placesNotFound(message);
  const ways = pointer === undefined || !basis.hasLastGood ? [] : withoutPatchOf(basis.files, pointer);
  const found: TextRepair[] = [];
  for (const { path, before = "", after } of ways) {
    const repair = repairOf("leftover", path, before, after);
    const objects = await renders.try(workspace, repair.files);
    const item = patchedItem(pointer ?? "") ?? "";
    const index = objects && indexNow(lastGood?.objects ?? [], objects, item);
    const over = index === "gone" ? indexOver(lastGood?.objects ?? [], objects ?? [], item) : undefined;
    if (over !== undefined) found.push(...(await movedPatches(patchMovedOver(basis.files, item, over), workspace, renders)));
    else if (index === "gone") found.push(repair);
    else if (index !== undefined) found.push(...(await movedPatches(patchMovedTo(basis.files, item, index), workspace, renders)));
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The commit took an object away, with its manifest, and left the patch of an overlay. */
export async function withdrawPatch({ basis, workspace, message }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [way, ...others] = basis.hasLastGood ? withoutOrphan(basis.files, message) : [];
  return way && others.length === 0 && (await renders.try(workspace, [way])) ? repairOf("leftover", way.path, way.before ?? "", way.after) : undefined;
}

async function movedPatches(ways: readonly FileChange[], workspace: Workspace, renders: Renders): Promise<TextRepair[]> {
  const repairs = ways.map(({ path, before = "", after }) => repairOf("leftover", path, before, after));
  const rendered = await Promise.all(repairs.map(async (repair) => ((await renders.try(workspace, repair.files)) ? [repair] : [])));
  return rendered.flat();
}

/**
 * A list is not what a JSON patch counts: the patch is led to the item that it was for, which stands before its old place now, or behind it where another one came
 * first. Where the list to which it adds something is gone, it makes one.
 */
export async function followItem({ basis, workspace, message, lastGood }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [pointer] = placesNotFound(message);
  if (pointer === undefined || !basis.hasLastGood) return undefined;
  const [made, ...others] = patchMakingList(basis.files, pointer);
  if (made && others.length === 0 && (await renders.try(workspace, [made]))) return repairOf("leftover", made.path, made.before ?? "", made.after);
  for (const item of countedItems(pointer)) {
    const last = Number(item.split("/").at(-1));
    for (const index of placesAround(last)) {
      const [way, ...more] = patchMovedTo(basis.files, item, index);
      const objects = way && more.length === 0 ? await renders.try(workspace, [way]) : undefined;
      if (way && objects && indexNow(lastGood?.objects ?? [], objects, item) === index) return repairOf("leftover", way.path, way.before ?? "", way.after);
    }
  }
  return undefined;
}

/**
 * A patch that came with the commit counts one item too many: it is for the only one that there is. Not where another workload of the last good revision has
 * more of them, since the patch may be for that one.
 */
export async function onlyItem({ basis, workspace, message, lastGood }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const [pointer] = placesNotFound(message);
  for (const item of pointer === undefined || !basis.hasLastGood ? [] : countedItems(pointer)) {
    const list = item.slice(0, item.lastIndexOf("/")).split("/").slice(1);
    const isLonger = (lastGood?.objects ?? []).some((object) => {
      const found = getIn(object, list);
      return Array.isArray(found) && found.length > 1;
    });
    const [way, ...more] = item.endsWith("/1") && !isLonger ? patchMovedTo(basis.files, item, 0) : [];
    const past = way && basis.files.find(({ path }) => path === way.path)?.lastGood;
    if (!way || more.length > 0 || past?.includes(item)) continue;
    if (await renders.try(workspace, [way])) return repairOf("leftover", way.path, way.before ?? "", way.after);
  }
  return undefined;
}

/** How many items further a patch is led at most: each costs a rendering. */
const FURTHEST = 4;

/** The places before one, the nearest first; then those behind it, as few. */
function placesAround(place: number): number[] {
  const steps = Array.from({ length: FURTHEST }, (_, i) => i + 1);
  return [...steps.map((step) => place - step).filter((index) => index >= 0), ...steps.map((step) => place + step)];
}

/** Where in the pod's other list of containers the container now is to which a JSON pointer led. */
function indexOver(then: readonly KubeObject[], now: readonly KubeObject[], item: string): number | undefined {
  const list = otherContainers(item);
  const place = list === undefined ? undefined : placeNow(then, now, item, stepsOf(list));
  return typeof place === "number" ? place : undefined;
}

/** Where in its list the item now is to which a JSON pointer led; undefined where that is its old place, or differs between objects. */
function indexNow(then: readonly KubeObject[], now: readonly KubeObject[], item: string): number | "gone" | undefined {
  const list = stepsOf(item).slice(0, -1);
  return placeNow(then, now, item, list);
}

/**
 * Where in a list the item now is to which a JSON pointer led, which may be another list than it was in; undefined where that is its old place, or differs between
 * objects.
 */
function placeNow(then: readonly KubeObject[], now: readonly KubeObject[], item: string, list: FieldPath): number | "gone" | undefined {
  const [old, index] = [stepsOf(item).slice(0, -1), Number(stepsOf(item).at(-1))];
  const places = then.flatMap((object): (number | "gone")[] => {
    const name = textAt(itemsAt(object, old)[index] ?? null, "name");
    const today = now.find((other) => sameRef(refOf(other), refOf(object)));
    const place = itemsAt(today, list).findIndex((one) => textAt(one, "name") === name);
    return name === "" || (place === index && samePath(list, old)) ? [] : [place < 0 ? "gone" : place];
  });
  const [only, ...others] = new Set(places);
  return others.length === 0 ? only : undefined;
}

function itemsAt(object: KubeObject | undefined, list: FieldPath): Json[] {
  const found = object && getIn(object, list);
  return Array.isArray(found) ? found : [];
}

function stepsOf(pointer: string): FieldPath {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
