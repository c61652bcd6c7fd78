import { inFullForm } from "../../../cluster/field-shapes.ts";
import { type Json, type KubeObject, refOf } from "../../../cluster/objects.ts";
import { secondsMeant } from "../../../cluster/refused-values.ts";
import { BUILT_IN } from "../../../cluster/schema-errors.ts";
import { formatPath, getIn } from "../../../source/edit/field-path.ts";
import { placeOf } from "../../../source/meant/named-place.ts";
import type { ObjectChange } from "../../../source/workspace.ts";

/**
 * Values of the wrong type that can be of the right one only in one way: a number where text must be, text that is a number where a number must be, a
 * shorthand.
 */
export function typedValues(object: KubeObject): { changes: ObjectChange[]; words: string[] } | undefined {
  const faults = wrongTypes(object);
  const changes = faults.flatMap(({ path, message }): ObjectChange[] => {
    const place = placeOf(object, path);
    const value = place && getIn(object, place);
    const after =
      value === undefined || !place
        ? undefined
        : (converted(value, message) ?? secondsMeant(String(place.at(-1)), value) ?? inFullForm(place, value, getIn(object, place.slice(0, -1))));
    return place && value !== undefined && after !== undefined ? [{ object: refOf(object), path: place, before: value, after }] : [];
  });
  if (changes.length === 0 || changes.length < faults.length) return undefined;
  return {
    changes,
    words: changes.map(({ path, before, after }) => `Write ${formatPath(path.slice(-3))} as ${JSON.stringify(after)} instead of ${JSON.stringify(before)}`),
  };
}

/** Where the schema wants a value of another type. */
export function wrongTypes(object: KubeObject): ReturnType<typeof BUILT_IN.errors> {
  return BUILT_IN.errors(object).filter(({ message }) => message.startsWith("must be "));
}

function converted(value: Json, message: string): Json | undefined {
  if (/^must be string/.test(message)) return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  if (/^must be (?:integer|number)/.test(message)) return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return /^must be boolean/.test(message) && /^(?:true|false)$/.test(value) ? value === "true" : undefined;
}
