// Generators of one ConfigMap in a base and in its overlay: one that is merged into nothing any more, since all of it stands in the overlay now, and one that does not
// say that it is merged.
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** kustomize's words for the generator of which nothing is there (api/resmap, resWrangler.appendReplaceOrMerge). */
const NOTHING_THERE = /Kind:"ConfigMap"[^}]{0,100}\}, Name:"([\w.-]{1,253})"[^}]{0,300}\} does not exist; cannot merge or replace/;

/**
 * The one generator that kustomize cannot merge, as one that makes its ConfigMap by itself: where it has every key that all generators of that name had together at
 * the last good revision or, where there was none, every key that somebody reads by its name. Undefined for generators that read files.
 */
export function unmergedGenerator(files: readonly BasisFile[], error: string): FileChange | undefined {
  const name = NOTHING_THERE.exec(error)?.[1];
  if (name === undefined) return undefined;
  const then = new Set(files.flatMap(({ path, lastGood }) => generatorsIn(path, lastGood, name)).flatMap(({ keys }) => keys));
  const [only, ...more] = files.flatMap((file) => generatorsIn(file.path, file.text, name).map((generator) => ({ file, generator })));
  const { path, text } = only?.file ?? {};
  if (!only || more.length > 0 || path === undefined || text === undefined) return undefined;
  const { document, at, behavior, keys } = only.generator;
  const asked = then.size > 0 ? [...then] : files.some(({ lastGood }) => lastGood !== undefined) ? [] : keysAsked(files, name);
  if (!["merge", "replace"].includes(behavior) || asked.length === 0 || !asked.every((key) => keys.includes(key))) return undefined;
  return edited({ path, text }, [{ document, path: ["configMapGenerator", at, "behavior"], value: undefined }])[0];
}

/** kustomize's words for a generator that would make what its base makes already. */
const THERE_ALREADY = /Kind:"ConfigMap"[^}]{0,100}\}, Name:"([\w.-]{1,253})"[^}]{0,300}\} exists; behavior must be merge or replace/;

/**
 * The generators that make a ConfigMap which another one makes already, each as one that is merged into that: what the base has and this one does not say stays. Only
 * those that came since the last good revision, where there was one.
 */
export function mergedGenerators(files: readonly BasisFile[], error: string): FileChange[] {
  const name = THERE_ALREADY.exec(error)?.[1];
  if (name === undefined) return [];
  return files.flatMap(({ path, text, lastGood }): FileChange[] => {
    const [only, ...more] = generatorsIn(path, text, name);
    const isNew = generatorsIn(path, lastGood, name).length === 0;
    if (!only || more.length > 0 || text === undefined || only.behavior !== "" || !isNew) return [];
    return edited({ path, text }, [{ document: only.document, path: ["configMapGenerator", only.at, "behavior"], value: "merge" }]);
  });
}

/** Keys of a ConfigMap that manifests read one by one; of one that is read as a whole nobody knows which are missed. */
function keysAsked(files: readonly BasisFile[], name: string): string[] {
  const references = files.flatMap(({ path, text }) => (isPlainYaml(path) ? yamlDocuments(text).flatMap(({ value }) => referencesIn(value, name)) : []));
  return references.includes(undefined) ? [] : references.flatMap((key) => key ?? []);
}

/** The keys that are read, undefined for all of them. */
function referencesIn(value: Json, name: string): (string | undefined)[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]): (string | undefined)[] => {
    if (!["configMapKeyRef", "configMapRef", "configMap"].includes(field) || textAt(inner, "name") !== name) return referencesIn(inner, name);
    return [field === "configMapKeyRef" ? textAt(inner, "key") : undefined];
  });
}

interface Generator {
  document: number;
  at: number;
  behavior: string;
  /** Of its literals. */
  keys: string[];
}

function generatorsIn(path: string, text: string | undefined, name: string): Generator[] {
  if (!isKustomizationFile(path)) return [];
  return yamlDocuments(text).flatMap(({ value }, document) =>
    listAt(value, "configMapGenerator").flatMap((generator, at): Generator[] =>
      textAt(generator, "name") === name ? [{ document, at, behavior: textAt(generator, "behavior"), keys: keysOf(generator) }] : [],
    ),
  );
}

function keysOf(generator: Json): string[] {
  const read = ["files", "envs"].flatMap((list) => listAt(generator, list)).map((entry) => `file:${String(entry)}`);
  const literals = listAt(generator, "literals").flatMap((literal) => (typeof literal === "string" ? [literal.slice(0, literal.indexOf("="))] : []));
  return [...literals, ...read];
}
