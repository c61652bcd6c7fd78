import { misplacedFields } from "../../cluster/misplaced-fields.ts";
import { type KubeObject, refOf } from "../../cluster/objects.ts";
import { formatPath } from "../../source/field-path.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { Spelt } from "./misspelt-field.ts";
import type { Refusal } from "./refusal.ts";
import { placeOf } from "./typed-values.ts";

/** Fields that the schema does not know where they stand, moved to where it knows them; undefined where that is not clear for all of one object. */
export function misplaced(suspects: readonly KubeObject[], refused: Refusal): Spelt | undefined {
  if (refused.why !== "unknown field") return undefined;
  const found = suspects.flatMap((object) => {
    const moved = misplacedFields(object);
    return moved ? [{ object, moved }] : [];
  });
  const [only, ...more] = found;
  if (!only || more.length > 0) return undefined;
  const object = refOf(only.object);
  const pathOf = (keys: readonly string[]) =>
    placeOf(
      only.object,
      keys
        .slice(0, -1)
        .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
        .join(""),
    );
  const moves = only.moved.map(({ from, to, value }) => {
    const [parent, place] = [pathOf(from), pathOf(to)];
    const name = from.at(-1) ?? "";
    return parent && place ? { gone: [...parent, name], come: [...place, name], value } : undefined;
  });
  if (moves.some((move) => move === undefined)) return undefined;
  const all = moves.flatMap((move) => move ?? []);
  return {
    object,
    changes: all.flatMap(({ gone, come, value }): ObjectChange[] => [
      { object, path: come, before: undefined, after: value },
      { object, path: gone, before: value, after: undefined },
    ]),
    words: all.map(({ gone, come }) => `Move ${formatPath(gone)} to ${formatPath(come)}, where Kubernetes knows it`),
  };
}
