import { configMapKeys } from "../../cluster/config-map.ts";
import { type Json, type JsonObject, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { imageParts } from "../image-reference.ts";

/**
 * How all other containers of a program's image that have a variable come to it, as an item of `env`: with the same value, or from the same key of a ConfigMap that
 * the delivery renders, by a reference or by all its keys (`envFrom`). Undefined where they differ, where none has it, and of Secrets.
 */
export function readAlike(containers: readonly Json[], maps: readonly KubeObject[], image: string, variable: string): JsonObject | undefined {
  const { name } = imageParts(image);
  const alike = containers.filter((container) => imageParts(textAt(container, "image")).name === name);
  const [found, ...others] = alike.flatMap((container) => itemOf(container, maps, variable));
  return found && others.every((other) => sameJson(other, found)) ? found : undefined;
}

/** Null where it comes from elsewhere. */
function itemOf(container: Json, maps: readonly KubeObject[], variable: string): (JsonObject | null)[] {
  const own = listAt(container, "env").find((item) => textAt(item, "name") === variable);
  if (own !== undefined) {
    const [value, map, key] = [textAt(own, "value"), textAt(own, "valueFrom", "configMapKeyRef", "name"), textAt(own, "valueFrom", "configMapKeyRef", "key")];
    if (value !== "") return [{ name: variable, value }];
    return [holds(maps, map, key) ? fromMap(variable, map, key) : null];
  }
  return listAt(container, "envFrom").flatMap((source) => {
    const [map, prefix] = [textAt(source, "configMapRef", "name"), textAt(source, "prefix")];
    const key = variable.startsWith(prefix) ? variable.slice(prefix.length) : "";
    return key !== "" && holds(maps, map, key) ? [fromMap(variable, map, key)] : [];
  });
}

function holds(maps: readonly KubeObject[], name: string, key: string): boolean {
  return maps.some((object) => object.kind === "ConfigMap" && textAt(object, "metadata", "name") === name && configMapKeys(object).includes(key));
}

function fromMap(variable: string, name: string, key: string): JsonObject {
  return { name: variable, valueFrom: { configMapKeyRef: { name, key } } };
}
