// A container that a commit called otherwise is the same container: what it has as before needs no explanation.
import { type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../source/edit/field-path.ts";
import { setIn } from "../../source/edit/set-in.ts";
import { leafChanges } from "../leaf-changes.ts";
import { CONTAINER_LISTS, podSpecPath } from "../pod-template.ts";

/** How an object differs from what it was, one container of a list under another name being the same one: the only one that went, and the only one that came. */
export function changesBesideNames(before: KubeObject, after: KubeObject): FieldChange[] {
  const spec = podSpecPath(after.kind)?.split(".") ?? [];
  const renamed = CONTAINER_LISTS.reduce<Json | undefined>((object, list) => {
    const [old, now] = [before, after].map((one) => listAt(one, ...spec, list).map((item) => textAt(item, "name")));
    const [gone, ...went] = old?.filter((name) => !now?.includes(name)) ?? [];
    const [come, ...came] = now?.filter((name) => !old?.includes(name)) ?? [];
    if (gone === undefined || come === undefined || went.length + came.length > 0) return object;
    const place: FieldPath = [...spec, list, { key: "name", value: gone }, "name"];
    return setIn(object, place, come);
  }, before);
  return leafChanges(renamed, after);
}
