import { isObject, type Json, type KubeObject, objectAt, textAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn, sameJson } from "../../../source/edit/field-path.ts";
import { setIn } from "../../../source/edit/set-in.ts";
import { isTakenBy } from "./node-labels.ts";

/**
 * Of several changes of where a pod may run the one without which a node takes it: what else the commit asks of its place is met, and wanted. All of them where one alone
 * is not enough, any would do, or something went: what came may be in its place.
 */
export function neededPlacement(blamed: readonly FieldChange[], now: KubeObject, spec: FieldPath, nodes: readonly KubeObject[]): FieldChange[] {
  if (blamed.some(({ after }) => after === undefined)) return [...blamed];
  const single = blamed.flatMap(byExpression);
  const enough = single.filter(({ path, before }) => isTakenBy(objectAt(getIn(setIn(now, path, before), spec)), nodes));
  return single.length > 1 && enough.length === 1 ? enough : [...blamed];
}

/** A new selector label by label; a list of expressions by what is asked of each label, where each is asked once. */
function byExpression(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  if (path.at(-1) === "nodeSelector" && before === undefined && isObject(after) && Object.keys(after).length > 1)
    return Object.entries(after).map(([key, value]) => ({ path: [...path, key], before: undefined, after: value }));
  if (path.at(-1) !== "matchExpressions" || !Array.isArray(before) || !Array.isArray(after)) return [change];
  if ([before, after].some((list) => new Set(list.map(keyOf)).size !== list.length)) return [change];
  if (before.some((one) => !after.some((item) => keyOf(item) === keyOf(one)))) return [change];
  return after.flatMap((item, i): FieldChange[] => {
    const old = before.find((one) => keyOf(one) === keyOf(item));
    if (old === undefined) return [{ path: [...path, i], before: undefined, after: item }];
    return ["operator", "values"].flatMap((field) => {
      const [was, is] = [objectAt(old)[field], objectAt(item)[field]];
      return was === undefined || is === undefined || sameJson(was, is) ? [] : [{ path: [...path, i, field], before: was, after: is }];
    });
  });
}

function keyOf(expression: Json): string {
  return textAt(expression, "key");
}
