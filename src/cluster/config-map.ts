import { type Json, objectAt } from "./objects.ts";

/** The names of all keys of a ConfigMap, of texts and of bytes (ConfigMap `data`, `binaryData`). */
export function configMapKeys(map: Json | undefined): string[] {
  return [...Object.keys(objectAt(map, "data")), ...Object.keys(objectAt(map, "binaryData"))];
}
