// A JSON patch, or operations of one, that change what the commit took away.
import { placesNotFound, withoutPatchOf } from "../source/leftover-patches.ts";
import type { GateInput } from "./gate.ts";

/** Places that one error can name: more are no slip of one commit. */
const MOST_PLACES = 5;

/**
 * Whether all that goes is a JSON patch, or operations of one, that the renderer's own error says have nothing to change. What that does to the rendered objects,
 * against the last good revision, has to follow from what the commit took away.
 */
export function isLeftover({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, path: string, after: string): boolean {
  if (!texts?.hasLastGood) return false;
  const errors = evidence.items.filter(({ kind }) => kind === "render-error" || kind === "delivery").map(({ text }) => text.slice(0, 20_000));
  const places = [...new Set(errors.flatMap(placesNotFound))].slice(0, MOST_PLACES);
  return places.some((pointer) => withoutPatchOf(texts.files, pointer).some((way) => way.path === path && way.after === after));
}
