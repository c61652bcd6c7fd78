import type { Json } from "../../cluster/objects.ts";
import { type FieldPath, formatPath, getIn, samePath, startsWith } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";
import type { DocumentEdit } from "../workspace.ts";
import type { PlanParts } from "./planner.ts";
import { mergedPart, type ValueLayer, valueEdit, valueLayers } from "./value-layers.ts";

/**
 * A plan that changes values which others read too, with the same values given by one layer of this delivery instead: the planner found which value decides, and
 * only where it stands is not ours alone. One way for each layer, the strongest first; nothing here is proven yet.
 */
export function inOwnLayers({ chart, documents }: PlanParts, edits: readonly DocumentEdit[], isForeign: (file: string) => boolean): DocumentEdit[][] {
  const layers = chart ? valueLayers(chart, documents) : [];
  const own = layers.filter(({ isDefault, document }) => !isDefault && !isForeign(document.file));
  return own.map((layer) => {
    const kept = edits.filter((edit) => !isForeign(edit.file) || !holderOf(layers, edit));
    const moved = edits.flatMap((edit) => {
      const holder = isForeign(edit.file) ? holderOf(layers, edit) : undefined;
      return holder ? [{ ...holder, value: edit.value }] : [];
    });
    return [...kept, ...movedTo(layer, moved)];
  });
}

/** A value in a layer. */
interface Held {
  layer: ValueLayer;
  path: FieldPath;
}

function holderOf(layers: readonly ValueLayer[], { file, document, path, within }: DocumentEdit): Held | undefined {
  const layer = layers.find(({ document: held, root, isText }) => {
    const isIn = isText ? within !== undefined && samePath(path, root) : within === undefined && startsWith(path, root);
    return held.file === file && held.index === document && isIn;
  });
  return layer && { layer, path: within ?? path.slice(layer.root.length) };
}

/** Helm merges mappings, and replaces lists: what is in a list is given with the whole of it. What goes is null. */
function movedTo(own: ValueLayer, moved: readonly (Held & { value: Json | undefined })[]): DocumentEdit[] {
  const edits = new Map<string, DocumentEdit>();
  let now: Json = own.value;
  for (const { layer, path, value } of moved) {
    const [place, inside] = mergedPart(path);
    const given: Json = inside.length === 0 ? (value ?? null) : (setIn(getIn(now, place) ?? getIn(layer.value, place), inside, value) ?? null);
    now = setIn(now, place, given) ?? null;
    edits.set(formatPath(place), valueEdit(own, place, given));
  }
  return [...edits.values()];
}
