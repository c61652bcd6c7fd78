import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";

/**
 * The variables of a container without the entries that double one: of two of a name the last one counts. That of the last good revision stays, else all but the last,
 * which is what the program complains of. Undefined where nothing doubles it, or where it is not clear which is too much.
 */
export function withoutDouble(container: Json, then: Json, name: string): Json[] | undefined {
  const env = listAt(container, "env");
  const isOne = (item: Json) => textAt(item, "name") === name;
  const entries = env.filter(isOne);
  const known = listAt(then, "env").filter(isOne);
  const winner = entries.at(-1);
  if (entries.length !== 2 || winner === undefined || known.length > 1) return undefined;
  const kept = entries.find((item) => known.some((one) => sameJson(one, item)));
  const wrong = kept === undefined || kept !== winner ? winner : undefined;
  return wrong === undefined ? undefined : env.filter((item) => item !== wrong);
}
