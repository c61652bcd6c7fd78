// Where a field is that the API server names, with the positions of items in lists.
import { at, isObject, type Json, type KubeObject } from "../../cluster/objects.ts";
import { type FieldPath, getIn, listKey } from "../edit/field-path.ts";

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

/** The field itself, or where it is missing its place in what is there. Of a word in quotes (`accessModes: Unsupported value: "RWO"`), the item of the list. */
export function placeIn(object: KubeObject, { field, detail }: { field: string; detail: string }): FieldPath | undefined {
  const quoted = /^\w[\w ]{1,30}: "([^"\n]{1,200})"/.exec(detail)?.[1];
  const [owner, name] = [field.slice(0, Math.max(0, field.lastIndexOf("."))), field.slice(field.lastIndexOf(".") + 1)];
  const whole = pathIn(object, field);
  const parent = whole || owner === "" ? undefined : pathIn(object, owner);
  const place = whole ?? (parent && [...itemWith(object, parent, name, quoted), name]);
  const value = place && getIn(object, place);
  const item = Array.isArray(value) && quoted !== undefined ? value.indexOf(quoted) : -1;
  if (place && item >= 0) return [...place, item];
  // A whole strategy is quoted where its type is none.
  return place && isObject(value) && typeof value.type === "string" && detail.includes(`value: {"Type":"${value.type}"`) ? [...place, "type"] : place;
}

/** Of `volumeMounts.subPath`, which does not say in which item, the only one that has the quoted value there. */
function itemWith(object: KubeObject, list: FieldPath, name: string, quoted: string | undefined): FieldPath {
  const items = getIn(object, list);
  if (!Array.isArray(items) || quoted === undefined) return list;
  const found = items.flatMap((item, i) => (at(item, name) === quoted ? [i] : []));
  const [only] = found;
  if (only === undefined || found.length > 1) return list;
  const key = listKey(items);
  return [...list, key ? { key, value: String(at(items[only], key)) } : only];
}
