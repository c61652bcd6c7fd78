// A generator that is merged into one which its base no longer has, since all of it stands in the overlay now.
import { type Json, listAt, textAt } from "../cluster/objects.ts";
import { edited } from "./edited-file.ts";
import { isKustomizationFile } from "./repository-paths.ts";
import type { BasisFile } from "./text-basis.ts";
import type { FileChange } from "./workspace.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** kustomize's words for the generator of which nothing is there (api/resmap, resWrangler.appendReplaceOrMerge). */
const NOTHING_THERE = /Kind:"ConfigMap"[^}]{0,100}\}, Name:"([\w.-]{1,253})"[^}]{0,300}\} does not exist; cannot merge or replace/;

/**
 * The one generator that kustomize cannot merge, as one that makes its ConfigMap by itself: where it has every key that all generators of that name had together at
 * the last good revision. Undefined for generators that read files.
 */
export function unmergedGenerator(files: readonly BasisFile[], error: string): FileChange | undefined {
  const name = NOTHING_THERE.exec(error)?.[1];
  if (name === undefined) return undefined;
  const then = new Set(files.flatMap(({ path, lastGood }) => generatorsIn(path, lastGood, name)).flatMap(({ keys }) => keys));
  const [only, ...more] = files.flatMap((file) => generatorsIn(file.path, file.text, name).map((generator) => ({ file, generator })));
  const { path, text } = only?.file ?? {};
  if (!only || more.length > 0 || path === undefined || text === undefined || then.size === 0) return undefined;
  const { document, at, behavior, keys } = only.generator;
  if (!["merge", "replace"].includes(behavior) || ![...then].every((key) => keys.includes(key))) return undefined;
  return edited({ path, text }, [{ document, path: ["configMapGenerator", at, "behavior"], value: undefined }])[0];
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
