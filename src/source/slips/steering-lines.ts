// Lines that steer: they set nothing themselves, and say where something else goes. A target's name, `behavior: merge`, what a kustomization lists, a replacement,
// the path of a JSON patch's operation, a label by which patches find their objects. One of them lost takes away everything that it led to.
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldPath, sameJson } from "../edit/field-path.ts";
import { adjacent, hunksBetween, putBack } from "../edit/hunks.ts";
import { parseYaml, yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** One change since the last good revision taken back, of which every field only steers. */
export interface SteeringLine {
  change: FileChange;
  /** The field, for people: `target`, `behavior`, `components` … */
  field: string;
}

/** More than these are no one slip. */
const MOST = 40;

/** Every single change of a file since the last good revision that, taken back alone, changes nothing in it but what steers. */
export function steeringLines(files: readonly BasisFile[]): SteeringLine[] {
  const keys = selectorKeys(files);
  return files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || lastGood === undefined || text === lastGood || !isPlainYaml(path)) return [];
    const hunks = hunksBetween(path, lastGood, text);
    if (hunks.length > MOST) return [];
    const ways = [...hunks.map((hunk) => [hunk]), ...adjacent(hunks).filter((block) => block.length > 1)];
    return ways.flatMap((way): SteeringLine[] => {
      const after = putBack(text, way);
      const field = steeredBy(path, text, after, keys);
      return field === undefined ? [] : [{ change: { path, before: text, after }, field }];
    });
  });
}

/** What alone is other in a text, where that steers; undefined where anything else is other too. */
function steeredBy(path: string, before: string, after: string, keys: ReadonlySet<string>): string | undefined {
  const [is, then] = [before, after].map((text) => parseYaml(text));
  if (is?.kind !== "parsed" || then?.kind !== "parsed" || is.documents.length !== then.documents.length) return undefined;
  const fields = is.documents.flatMap(({ value }, i) => {
    const other = then.documents[i]?.value ?? null;
    return parts(value, other).map((part) => (isKustomizationFile(path) ? ofKustomization(part) : (ofOperations(value, part) ?? ofMarks(part, keys))));
  });
  const [first] = fields;
  return first !== undefined && fields.every((field) => field !== undefined) ? first : undefined;
}

interface Part {
  path: FieldPath;
  is: Json | undefined;
  then: Json | undefined;
}

/** The smallest parts in which two values differ: items by their position, and lists of other lengths as a whole. */
function parts(is: Json | undefined, then: Json | undefined, path: FieldPath = []): Part[] {
  if (sameJson(is, then)) return [];
  if (isObject(is) && isObject(then))
    return [...new Set([...Object.keys(is), ...Object.keys(then)])].flatMap((key) => parts(is[key], then[key], [...path, key]));
  if (Array.isArray(is) && Array.isArray(then) && is.length === then.length) return is.flatMap((item, i) => parts(item, then[i], [...path, i]));
  return [{ path, is, then }];
}

/** What of a kustomization steers. Lists of files and folders get back what went, and lose nothing. */
function ofKustomization({ path, is, then }: Part): string | undefined {
  const [list, , field] = path;
  if ((list === "patches" || list === "patchesJson6902") && field === "target") return isWider(is, then) ? undefined : "target";
  if (list === "patches" && field === "patch" && path.length === 3) return isSteeredPatch(is, then) ? "path" : undefined;
  if (list === "configMapGenerator" && field === "behavior") return "behavior";
  if (list === "replacements" || list === "vars") return list;
  if ((list === "components" || list === "resources") && path.length === 1) return isLonger(is, then) ? list : undefined;
  return undefined;
}

/** Of more objects than before: that is what somebody wanted, and nothing is lost by it. */
function isWider(is: Json | undefined, then: Json | undefined): boolean {
  return is === undefined || (/[*+]/.test(String(is)) && !/[*+]/.test(String(then)));
}

/** By one entry: of several that went, which were wanted gone is nothing that a file tells. */
function isLonger(is: Json | undefined, then: Json | undefined): boolean {
  const now = Array.isArray(is) ? is : [];
  return (is === undefined || Array.isArray(is)) && Array.isArray(then) && now.every((entry) => then.includes(entry)) && then.length === now.length + 1;
}

function isSteeredPatch(is: Json | undefined, then: Json | undefined): boolean {
  if (typeof is !== "string" || typeof then !== "string") return false;
  const [now, old] = [is, then].map((text) => yamlDocuments(text)[0]?.value);
  return now !== undefined && old !== undefined && parts(now, old).every((part) => ofOperations(now, part) === "path");
}

/** Of a JSON patch where it operates, of a replacement's file from and to where it leads. */
function ofOperations(document: Json, { path }: Part): string | undefined {
  const item = Array.isArray(document) ? document[0] : document;
  const field = path.find((step) => typeof step === "string");
  if (Array.isArray(document) && textAt(item ?? null, "op") !== "") return field === "path" || field === "op" ? "path" : undefined;
  const isReplacement = isObject(item) && isObject(item.source) && Array.isArray(item.targets);
  return isReplacement && (field === "source" || field === "targets") ? "replacements" : undefined;
}

/** A label or annotation of an object itself, by which a kustomization finds it. */
function ofMarks({ path }: Part, keys: ReadonlySet<string>): string | undefined {
  const [metadata, marks, key, ...more] = path;
  const isMark = metadata === "metadata" && (marks === "labels" || marks === "annotations") && more.length === 0;
  return isMark && typeof key === "string" && keys.has(key) ? key : undefined;
}

/** The keys of labels and annotations that targets of kustomizations select by. */
function selectorKeys(files: readonly BasisFile[]): Set<string> {
  const documents = files.flatMap(({ path, text }) => (isKustomizationFile(path) ? yamlDocuments(text) : []));
  const targets = documents.flatMap(({ value }) => ["patches", "patchesJson6902"].flatMap((list) => listAt(value, list)));
  const selectors = targets.flatMap((patch) => ["labelSelector", "annotationSelector"].map((field) => textAt(patch, "target", field)));
  return new Set(selectors.flatMap((selector) => selector.split(",")).flatMap((part) => /^\s*!?([\w./-]{1,300})/.exec(part)?.[1] ?? []));
}
