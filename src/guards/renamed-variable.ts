// A variable that a program asks for by name gets what another variable of the same container held, which goes: nothing is invented, and nothing is lost.
import { isObject, type Json, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import { isReadBeside } from "../source/meant/map-readers.ts";
import type { Grounds } from "./grounds.ts";
import { containersOf, inContainer } from "./pod-template.ts";

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

/**
 * The names of the one key that is renamed in a ConfigMap, where one container alone takes it, and all of them, as variables; undefined where more changes, or where
 * the map was there at the last good revision: then history knows its names.
 */
export function renamedKey({ input, object, before, after, lastGood }: Grounds): { from: string; to: string } | undefined {
  const [then, now] = [before, after].map((map) => objectAt(map, "data"));
  const [gone, ...alsoGone] = Object.keys(then ?? {}).filter((key) => !Object.hasOwn(now ?? {}, key));
  const [come, ...alsoCome] = Object.keys(now ?? {}).filter((key) => !Object.hasOwn(then ?? {}, key));
  if (object.kind !== "ConfigMap" || gone === undefined || come === undefined || alsoGone.length + alsoCome.length > 0) return undefined;
  if (!sameJson(then?.[gone], now?.[come]) || Object.hasOwn(objectAt(lastGood, "data"), gone)) return undefined;
  const readers = input.rendered.flatMap(containersOf).filter(({ container }) => isReadBy(container, object.name));
  const [reader, ...others] = readers;
  return reader && others.length === 0 && !isReadBeside(input.rendered, object, gone, reader.container) ? { from: gone, to: come } : undefined;
}

function isReadBy(container: Json, map: string): boolean {
  return listAt(container, "envFrom").some((from) => textAt(from, "configMapRef", "name") === map && textAt(from, "prefix") === "");
}

function contentOf(item: Json): Json {
  return isObject(item) ? { ...item, name: null } : null;
}
