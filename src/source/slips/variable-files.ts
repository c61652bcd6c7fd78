// Files of variables that a generator takes as files: what is in them reaches nobody as a variable (kustomize: configMapGenerator[].files and envs).
import { isObject, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { offsetOf } from "../edit/yaml-lines.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import { pairsIn } from "../meant/old-form.ts";
import { withoutHash } from "../plan/differences.ts";
import type { FileChange } from "../workspace.ts";
import type { BasisFile } from "./text-basis.ts";

/** A generator whose files hold nothing but variables and are read as variables alone; `names` of those. */
export interface VariableFile {
  map: string;
  names: string[];
  change: FileChange;
}

/** Every such generator, with `envs` in the place of `files`. */
export function variableFiles(files: readonly BasisFile[], rendered: readonly KubeObject[]): VariableFile[] {
  return files
    .filter(({ path }) => isKustomizationFile(path))
    .flatMap(({ path, text = "" }) => {
      const [document] = yamlDocuments(text);
      return listAt(document?.value ?? null, "configMapGenerator").flatMap((generator, i): VariableFile[] => {
        const listed = listAt(generator, "files");
        const pairs = listed.map((name) => (typeof name === "string" && !name.includes("=") ? pairsOf(files, joinPath(folderOf(path), name)) : undefined));
        const map = textAt(generator, "name");
        const { offset, depth } = document?.node ? offsetOf(document.node, ["configMapGenerator", i, "files"]) : { offset: 0, depth: 0 };
        const isOnly = isObject(generator) && generator.envs === undefined && depth === 3 && text.slice(offset).startsWith("files:");
        if (!isOnly || listed.length === 0 || pairs.some((one) => one === undefined) || !isReadAsVariables(rendered, map)) return [];
        const after = `${text.slice(0, offset)}envs${text.slice(offset + "files".length)}`;
        return [{ map, names: pairs.flatMap((one) => Object.keys(one ?? {})), change: { path, before: text, after } }];
      });
    });
}

function pairsOf(files: readonly BasisFile[], path: string | undefined) {
  const text = files.find((file) => file.path === path)?.text;
  return text === undefined ? undefined : pairsIn(text);
}

/** Something takes all of the generated map as variables, and nothing reads it as a file or by a key. */
function isReadAsVariables(rendered: readonly KubeObject[], map: string): boolean {
  const isIt = (name: string) => name !== "" && `-${withoutHash(name)}-`.includes(`-${map}-`);
  const readings = rendered.flatMap((object) => readingsIn(object)).filter(({ name }) => isIt(name));
  return readings.length > 0 && readings.every(({ field }) => field === "configMapRef");
}

/** Every reference to a ConfigMap in an object, by the field in which it stands. */
function readingsIn(value: Json): { field: string; name: string }[] {
  if (Array.isArray(value)) return value.flatMap(readingsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    ["configMapRef", "configMapKeyRef", "configMap"].includes(field) ? [{ field, name: textAt(inner, "name") }] : readingsIn(inner),
  );
}
