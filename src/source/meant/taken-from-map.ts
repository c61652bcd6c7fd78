import { type Json, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";

/**
 * The variables that a container had written out, and now takes all from one ConfigMap that says the very same: as they were. Undefined where the map says more or
 * something else, or where the container takes variables from more than that.
 */
export function takenFromMap(then: Json, now: Json, map: Json): Json[] | undefined {
  const [source, ...more] = listAt(now, "envFrom");
  const values = Object.entries(objectAt(map, "data"));
  const isWhole = textAt(source, "configMapRef", "name") === textAt(map, "metadata", "name") && textAt(source, "prefix") === "";
  if (!isWhole || more.length > 0 || values.length === 0 || listAt(then, "envFrom").length > 0) return undefined;
  const named = (container: Json, name: string) => listAt(container, "env").find((item) => textAt(item, "name") === name);
  const written = values.flatMap(([name, value]) => {
    const before = named(then, name);
    return before !== undefined && sameJson(before, { name, value }) && named(now, name) === undefined ? [before] : [];
  });
  return written.length === values.length ? written : undefined;
}
