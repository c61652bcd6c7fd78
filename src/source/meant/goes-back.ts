import { type Json, type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import { type FieldPath, getIn, sameJson } from "../edit/field-path.ts";
import { type Difference, differences, withoutHashes } from "../plan/differences.ts";

/**
 * How a second rendering differs from a first, where every difference is something that goes back to what the last good revision had: a field, an item of a list
 * beside which newer ones stay, or an object that is missed. Undefined where anything else differs, and where a field or an object goes. Hashes of contents do not
 * count.
 */
export function goesBack(rendered: readonly KubeObject[], after: readonly KubeObject[], lastGood: readonly KubeObject[]): Difference[] | undefined {
  const [now, made, then] = [withoutHashes(rendered), withoutHashes(after), withoutHashes(lastGood)];
  const found = [...differences(rendered, after).values()];
  const isBack = ({ object, path, wanted }: Difference) => {
    const [is, will, was] = [now, made, then].map((objects) => objects.find((one) => sameRef(refOf(one), object)));
    // What goes came with the commit, which may have wanted it.
    if (was === undefined || wanted === undefined) return false;
    return isBackAt(is, will, was, path);
  };
  return found.length > 0 && found.every(isBack) ? found : undefined;
}

function isBackAt(is: KubeObject | undefined, will: KubeObject | undefined, was: KubeObject, path: FieldPath): boolean {
  if (sameJson(getIn(will, path), getIn(was, path))) return true;
  // Positions in a list that newer items are in as well say nothing.
  const position = path.findIndex((step) => typeof step === "number");
  const list = position < 0 ? path : path.slice(0, position);
  const [now, made, then] = [is, will, was].map((object) => getIn(object, list));
  return Array.isArray(now) && Array.isArray(made) && Array.isArray(then) && areItemsBack(now, made, then);
}

/** Nothing came that was not there then, and nothing went that was. */
function areItemsBack(now: readonly Json[], made: readonly Json[], then: readonly Json[]): boolean {
  const has = (list: readonly Json[], item: Json) => list.some((one) => sameJson(one, item));
  return made.every((item) => has(now, item) || has(then, item)) && now.every((item) => has(made, item) || !has(then, item));
}
