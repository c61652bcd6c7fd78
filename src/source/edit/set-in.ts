import { isObject, type Json } from "../../cluster/objects.ts";
import { EditRefused } from "./edit-refused.ts";
import { keyedIndex } from "./edit-splice.ts";
import type { FieldPath } from "./field-path.ts";

/** The same value with one field set, added or removed. */
export function setIn(value: Json | undefined, path: FieldPath, next: Json | undefined): Json | undefined {
  const [segment, ...rest] = path;
  if (segment === undefined) return next;
  if (typeof segment === "string") {
    const object = isObject(value) ? { ...value } : {};
    const set = setIn(Object.hasOwn(object, segment) ? object[segment] : undefined, rest, next);
    if (set === undefined) delete object[segment];
    else object[segment] = set;
    return object;
  }
  const list = Array.isArray(value) ? [...value] : [];
  const found = typeof segment === "number" ? segment : keyedIndex(list, segment.key, segment.value);
  const index = found < 0 ? list.length : found;
  const set = setIn(list[index], rest, next);
  if (set === undefined) list.splice(index, 1);
  // An item that is there may get another name.
  else list[index] = typeof segment === "object" && (found < 0 || rest.length !== 1 || rest[0] !== segment.key) ? keyed(segment, set) : set;
  return list;
}

/** A list item that carries its key; the key comes first, as people write it. */
export function keyed({ key, value }: { key: string; value: string }, item: Json): Json {
  if (!isObject(item)) throw new EditRefused("unsupported", "an item of a keyed list must be a mapping");
  if (Object.hasOwn(item, key)) {
    if (String(item[key]) !== value) throw new EditRefused("unsupported", `the item's ${key} is not ${value}`);
    return item;
  }
  const number = Number(value);
  return { [key]: /port/i.test(key) && Number.isInteger(number) ? number : value, ...item };
}
