import { configMapKeys } from "../../cluster/config-map.ts";
import { type Json, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";

/** A source of a container's `envFrom`, by its index, and the prefix that it lacks or has too much. */
export interface LackedPrefix {
  index: number;
  prefix: string;
}

/**
 * The prefix with which other containers take the same ConfigMap's keys as variables, where a container takes them without any and misses a variable that it would
 * have with it. Undefined where none has one, or they differ.
 */
export function prefixGiven(container: Json, others: readonly Json[], maps: readonly KubeObject[], variable: string): LackedPrefix | undefined {
  const found = listAt(container, "envFrom").flatMap((source, index): LackedPrefix[] => {
    const keys = keysOf(maps, textAt(source, "configMapRef", "name"));
    if (textAt(source, "prefix") !== "" || keys.includes(variable)) return [];
    const alike = others
      .flatMap((other) => listAt(other, "envFrom"))
      .filter((one) => textAt(one, "configMapRef", "name") === textAt(source, "configMapRef", "name"));
    const prefixes = new Set(alike.map((one) => textAt(one, "prefix")).filter((prefix) => prefix !== ""));
    const fitting = [...prefixes].filter((prefix) => variable.startsWith(prefix) && keys.includes(variable.slice(prefix.length)));
    return fitting.map((prefix) => ({ index, prefix }));
  });
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The prefix without which a container would have the variable that it misses: of the one ConfigMap that has a key of that name, where every source of its variables
 * has a prefix (else it may be meant to come from one without) and nothing that the container is told speaks of a variable with it.
 */
export function prefixTooMuch(container: Json, maps: readonly KubeObject[], variable: string): LackedPrefix | undefined {
  const sources = listAt(container, "envFrom").map((source, index) => ({
    index,
    prefix: textAt(source, "prefix"),
    map: textAt(source, "configMapRef", "name"),
  }));
  if (sources.some(({ prefix, map }) => prefix === "" || map === "")) return undefined;
  const [found, ...more] = sources.filter(({ map }) => keysOf(maps, map).includes(variable));
  if (!found || more.length > 0 || listAt(container, "env").some((item) => textAt(item, "name") === variable)) return undefined;
  const told = JSON.stringify({ ...objectAt(container), envFrom: null });
  const isSpoken = keysOf(maps, found.map).some((key) => told.includes(`${found.prefix}${key}`));
  return isSpoken ? undefined : { index: found.index, prefix: found.prefix };
}

function keysOf(maps: readonly KubeObject[], name: string): string[] {
  const map = maps.find((object) => object.kind === "ConfigMap" && name !== "" && textAt(object, "metadata", "name") === name);
  return map ? configMapKeys(map) : [];
}
