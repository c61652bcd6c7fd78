// A variable that a program asks for by name gets what another variable of the same container held, which goes: nothing is invented, and nothing is lost.
import { isObject, type Json, listAt, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import type { Grounds } from "./grounds.ts";
import { inContainer } from "./pod-template.ts";

/** The names of the one variable that is renamed in the container of this change; undefined where more changes in its list. */
export function renamedVariable({ object, before, after }: Grounds, { path }: FieldChange): { from: string; to: string } | undefined {
  const place = inContainer(object.kind, path);
  if (!place) return undefined;
  const [then, now] = [before, after].map((one) => listAt(getIn(one, place.container), "env"));
  const missing = (some: readonly Json[] = [], others: readonly Json[] = []) =>
    some.filter((item) => !others.some((other) => textAt(other, "name") === textAt(item, "name")));
  const [[gone, ...alsoGone], [come, ...alsoCome]] = [missing(then, now), missing(now, then)];
  const isSame = gone !== undefined && come !== undefined && sameJson(contentOf(gone), contentOf(come));
  return isSame && alsoGone.length + alsoCome.length === 0 ? { from: textAt(gone, "name"), to: textAt(come, "name") } : undefined;
}

function contentOf(item: Json): Json {
  return isObject(item) ? { ...item, name: null } : null;
}
