// Of two items of one name in a list, which nobody takes, one goes: the second of two that are the same, or the one that the last good revision did not have.
import { type Json, textAt } from "../../cluster/objects.ts";
import { type FieldChange, getIn, sameJson } from "../../source/edit/field-path.ts";
import { evidenceNames, type Grounds } from "../grounds.ts";

/** Whether all that a change of a list does is to take out one of two items of the same name, which the API server or Argo CD names. */
export function isTwinRemoved(grounds: Grounds, { path, before, after }: FieldChange): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || after.length !== before.length - 1) return false;
  const at = before.findIndex((item, i) => !sameJson(item, after[i]));
  const gone = before[at];
  const name = textAt(gone ?? null, "name");
  const rest = before.filter((_, i) => i !== at);
  const twins = rest.filter((item) => textAt(item, "name") === name);
  const [twin] = twins;
  if (name === "" || twin === undefined || twins.length > 1 || !sameJson(rest, after)) return false;
  return (sameJson(twin, gone) || isKnown(grounds, path, twin, name)) && evidenceNames(grounds, name, "delivery", "event", "render-error");
}

function isKnown({ lastGood }: Grounds, path: FieldChange["path"], twin: Json, name: string): boolean {
  const then = lastGood && getIn(lastGood, path);
  const known = Array.isArray(then) ? then.filter((item) => textAt(item, "name") === name) : [];
  return known.length === 1 && sameJson(known[0], twin);
}
