// The key of a ConfigMap from which a HelmRelease takes its values, where there is no such key (Flux: spec.valuesFrom[].valuesKey, by default values.yaml).
import { isObject, type Json, listAt, textAt } from "../../cluster/objects.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { isKustomizationFile, nameOf } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** helm-controller's words. */
const NO_KEY = /could not resolve ConfigMap chart values reference '(?:[\w.-]{1,253}\/)?([\w.-]{1,253})' with key '([\w.-]{1,253})'/;

export interface ValuesKey {
  wrong: string;
  right: string;
  change: FileChange;
}

/**
 * The one release that asks for a missing key, asking for the only one that its ConfigMap has and that nobody asks for; empty where that is not written out in git, or
 * has several.
 */
export function valuesKeyMeant(files: readonly BasisFile[], error: string): ValuesKey[] {
  const [, map, wrong] = NO_KEY.exec(error) ?? [];
  if (map === undefined || wrong === undefined) return [];
  const documents = presentFiles(files)
    .filter(({ path }) => isPlainYaml(path))
    .flatMap((file) => yamlDocuments(file.text).map(({ value, index }) => ({ file, value, index })));
  const [keys, ...others] = documents.flatMap(({ file, value }) => keysIn(isKustomizationFile(file.path), value, map));
  const releases = documents.flatMap(({ value }) => (textAt(value, "kind") === "HelmRelease" ? listAt(value, "spec", "valuesFrom") : []));
  const [key, ...more] = (keys ?? []).filter((one) => !releases.some((from) => asks(from, map, one)));
  if (key === undefined || key === wrong || others.length + more.length > 0) return [];
  const asking = documents.flatMap(({ file, value, index }) =>
    textAt(value, "kind") === "HelmRelease"
      ? listAt(value, "spec", "valuesFrom").flatMap((from, at) => (asks(from, map, wrong) ? [{ file, index, at }] : []))
      : [],
  );
  const [only, ...rest] = asking;
  if (!only || rest.length > 0) return [];
  const changes = edited(only.file, [{ document: only.index, path: ["spec", "valuesFrom", only.at, "valuesKey"], value: key }]);
  return changes.map((change) => ({ wrong, right: key, change }));
}

function asks(from: Json, map: string, key: string): boolean {
  return textAt(from, "kind") === "ConfigMap" && textAt(from, "name") === map && (textAt(from, "valuesKey") || "values.yaml") === key;
}

/** The keys of each ConfigMap of that name that a document writes out, or that its generators make of files. */
function keysIn(isList: boolean, value: Json, name: string): string[][] {
  const isIt = textAt(value, "kind") === "ConfigMap" && textAt(value, "metadata", "name") === name;
  if (isIt && isObject(value)) return [Object.keys(isObject(value.data) ? value.data : {})];
  const generators = isList ? listAt(value, "configMapGenerator").filter((generator) => textAt(generator, "name") === name) : [];
  return generators.map((generator) => [
    ...listAt(generator, "files").map((entry) => (String(entry).includes("=") ? (String(entry).split("=")[0] ?? "") : nameOf(String(entry)))),
    ...listAt(generator, "literals").map((literal) => String(literal).split("=")[0] ?? ""),
    ...listAt(generator, "envs").flatMap(() => ["", ""]),
  ]);
}
