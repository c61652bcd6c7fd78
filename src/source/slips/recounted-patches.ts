// A JSON patch counts the items of lists (RFC 6902), a strategic merge patch names them. Where an item before the one that it is for came or went, or that one has
// another name, it changes another one.
import { isObject, type Json, type KubeObject, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { mayTarget, pointerSteps } from "../plan/json-patches.ts";
import type { FileChange } from "../workspace.ts";
import { edited } from "./edited-file.ts";
import { type Entry, entriesOf } from "./leftover-patches.ts";
import { followedItems } from "./stray-items.ts";
import type { BasisFile } from "./text-basis.ts";

/**
 * The kustomizations' patches led to the items that they changed at the last good revision: JSON patches to those of the same name, strategic merge patches to
 * containers by their names of today. Empty where all lead there as they are.
 */
export function recounted(files: readonly BasisFile[], then: readonly KubeObject[], now: readonly KubeObject[]): FileChange[] {
  return [...recountedOperations(files, then, now), ...followedItems(files, then, now)];
}

function recountedOperations(files: readonly BasisFile[], then: readonly KubeObject[], now: readonly KubeObject[]): FileChange[] {
  const moved = entriesOf(files).flatMap((entry) =>
    entry.operations.flatMap((operation, i) => {
      const pointer = pointerToday(entry, operation, then, now);
      return pointer === undefined ? [] : [{ file: entry.file, edit: entry.operation(i, pointer) }];
    }),
  );
  return [...new Set(moved.map(({ file }) => file.path))].flatMap((path) => {
    const own = moved.filter(({ file }) => file.path === path);
    return own[0]
      ? edited(
          own[0].file,
          own.map(({ edit }) => edit),
        )
      : [];
  });
}

/** Where an operation has to lead today; undefined where that is where it leads, is not known, or differs between the objects that it is for. */
function pointerToday({ target }: Entry, operation: Json, then: readonly KubeObject[], now: readonly KubeObject[]): string | undefined {
  const [op, pointer] = [textAt(operation, "op"), textAt(operation, "path")];
  const steps = pointerSteps(pointer);
  // One that adds or takes away an item moves the others itself.
  if (!steps.some(isNumber) || !["replace", "add"].includes(op) || (op === "add" && isNumber(steps.at(-1) ?? ""))) return undefined;
  const pointers = now.flatMap((object) => {
    const old = then.find((other) => sameRef(refOf(other), refOf(object)));
    if (!old || !mayTarget(target, refOf(object)) || target === null) return [];
    const today = stepsToday(steps, old, object);
    return today === undefined ? [] : [`/${today.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`];
  });
  const [only, ...others] = new Set(pointers);
  return others.length === 0 && only !== pointer ? only : undefined;
}

/** The same way in the object of today, items found by their names; undefined where it leads nowhere in one of the two. */
function stepsToday(steps: readonly string[], then: Json, now: Json): string[] | undefined {
  let [old, today]: (Json | undefined)[] = [then, now];
  const way: string[] = [];
  for (const step of steps) {
    if (Array.isArray(old) && Array.isArray(today)) {
      const item: Json | undefined = old[Number(step)];
      const name = item === undefined ? "" : textAt(item, "name");
      const index: number = today.findIndex((other) => textAt(other, "name") === name);
      if (!isNumber(step) || name === "" || index < 0) return undefined;
      [old, today] = [item, today[index]];
      way.push(String(index));
    } else {
      [old, today] = [isObject(old) ? old[step] : undefined, isObject(today) ? today[step] : undefined];
      way.push(step);
    }
  }
  return old === undefined ? undefined : way;
}

function isNumber(step: string): boolean {
  return /^\d+$/.test(step);
}
