import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";

/** Two layers of Helm values: mappings merge, all else of the upper one replaces. A null stays, for Helm takes away a default with it. */
export function mergeValues(under: JsonObject, over: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isObject(value) && isObject(below) ? mergeValues(below, value) : value;
  }
  return merged;
}
