import { inFullForm } from "../../cluster/field-shapes.ts";
import { isObject, type Json, type KubeObject, refOf } from "../../cluster/objects.ts";
import { BUILT_IN } from "../../cluster/schema-errors.ts";
import { type FieldPath, formatPath, getIn, listKey } from "../../source/field-path.ts";
import type { ObjectChange } from "../../source/workspace.ts";

/**
 * Values of the wrong type that can be of the right one only in one way: a number where text must be, text that is a number where a number must be, a
 * shorthand.
 */
export function typedValues(object: KubeObject): { changes: ObjectChange[]; words: string[] } | undefined {
  const faults = wrongTypes(object);
  const changes = faults.flatMap(({ path, message }): ObjectChange[] => {
    const place = placeOf(object, path);
    const value = place && getIn(object, place);
    const after = value === undefined || !place ? undefined : (converted(value, message) ?? inFullForm(place, value));
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

/** A JSON pointer as a path, list items by their natural key. */
export function placeOf(object: Json, pointer: string): FieldPath | undefined {
  const keys = pointer.split("/").slice(1);
  const path: FieldPath[number][] = [];
  let here: Json | undefined = object;
  for (const key of keys.map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~"))) {
    if (Array.isArray(here)) {
      const item: Json | undefined = here[Number(key)];
      const natural = listKey(here);
      path.push(natural && isObject(item) ? { key: natural, value: String(item[natural]) } : Number(key));
      here = item;
    } else {
      path.push(key);
      here = isObject(here) ? here[key] : undefined;
    }
    if (here === undefined) return undefined;
  }
  return path;
}

/** `spec.template.spec.containers[0].ports[0].name`, as the API server writes it, in an object: list items by their natural key. */
export function pathIn(object: KubeObject, field: string): FieldPath | undefined {
  const parts = [...field.matchAll(/\[(\d{1,4})\]|\[([^\][]{1,253})\]|([^.[\]]+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  return placeOf(object, parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
}
