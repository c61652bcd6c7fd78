// Fields that the schema does not know where they stand, and knows at exactly one place near by.
import { at, isObject, type Json, type JsonObject, type KubeObject } from "./objects.ts";
import { BUILT_IN } from "./schema-errors.ts";

type Path = readonly string[];

/** A field, where it stands and where it belongs; paths as JSON pointers' keys, list items by their position. */
export interface Misplaced {
  from: Path;
  to: Path;
  value: Json;
}

/** Lists whose only item may be what a field was meant for. */
const LISTS = ["containers", "jobTemplate", "template", "spec"];

/**
 * Where every field of an object belongs that is unknown at its place (core schemas of BUILT_IN), or that is a mapping where no item of a map of texts or amounts may
 * be one (`limits` below `requests`): in one of the mappings around it, in what says more of these (`metadata`, `spec`), or below it in the only container, where the
 * schema takes it, nothing is set yet, and the object has one fault less with it. Undefined where one of the unknown ones has no such place, or several.
 */
export function misplacedFields(object: KubeObject): Misplaced[] | undefined {
  const errors = BUILT_IN.errors(object);
  const placed = ({ parent, name }: { parent: Path; name: string }): Misplaced | undefined => {
    const value = at(valueAt(object, parent) ?? null, name);
    const places = value === undefined ? [] : placesAround(object, parent).filter((place) => !Object.hasOwn(mappingAt(object, place) ?? {}, name));
    const fitting = places.filter((place) => BUILT_IN.errors(withMoved(object, [...parent, name], [...place, name])).length < errors.length);
    const [to, ...more] = fitting;
    return to && more.length === 0 && value !== undefined ? { from: [...parent, name], to: [...to, name], value } : undefined;
  };
  const moved = errors.flatMap(({ path, unknown: name }) => (name === undefined ? [] : [placed({ parent: path.split("/").slice(1), name })]));
  const nested = errors.flatMap(({ path, unknown }) => {
    const keys = path.split("/").slice(1);
    const isMapping = unknown === undefined && mappingAt(object, keys) !== undefined;
    return isMapping ? (placed({ parent: keys.slice(0, -1), name: keys.at(-1) ?? "" }) ?? []) : [];
  });
  const all = [...moved, ...nested];
  return all.length > 0 && all.every((one) => one !== undefined) ? all : undefined;
}

/** The mappings around one, what stands beside them under the names that all objects have, and those below it down to its only container. */
function placesAround(object: KubeObject, parent: Path): Path[] {
  const around = parent.map((_, i) => parent.slice(0, i)).filter((path) => mappingAt(object, path) !== undefined);
  const beside = around
    .flatMap((path) => ["metadata", "spec"].map((key) => [...path, key]))
    .filter((path) => mappingAt(object, path) !== undefined && !path.every((key, i) => key === parent[i]));
  return [...around, ...beside, ...placesBelow(object, parent)];
}

function placesBelow(object: KubeObject, path: Path): Path[] {
  return LISTS.flatMap((key): Path[] => {
    const inner = valueAt(object, [...path, key]);
    const next = Array.isArray(inner) ? (inner.length === 1 ? [...path, key, "0"] : undefined) : isObject(inner ?? null) ? [...path, key] : undefined;
    return next ? [next, ...placesBelow(object, next)] : [];
  });
}

function mappingAt(object: KubeObject, path: Path): JsonObject | undefined {
  const value = valueAt(object, path) ?? null;
  return isObject(value) ? value : undefined;
}

/** What stands at a path of keys and positions. */
export function valueAt(object: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (here, key) => (Array.isArray(here) ? here[Number(key)] : isObject(here ?? null) ? at(here ?? null, key) : undefined),
    object,
  );
}

function withMoved(object: KubeObject, from: Path, to: Path): KubeObject {
  const copy = structuredClone(object);
  const [source, target] = [from, to].map((path) => mappingAt(copy, path.slice(0, -1)));
  const name = from.at(-1) ?? "";
  if (source && target) {
    target[name] = source[name] ?? null;
    delete source[name];
  }
  return copy;
}
