// A variable of a program's own in a text that Flux substitutes (Flux: spec.postBuild, where `$${NAME}` stays `${NAME}`).
import { listAt, stringsIn, textAt } from "../../cluster/objects.ts";
import { hunksBetween } from "../edit/hunks.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import type { FileChange } from "../workspace.ts";
import { containersIn } from "./patch-names.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/**
 * The script or settings file in which a variable of which nothing is known to Flux is left to the program, in lines that came since the last good revision, where a
 * container has a variable of that name which Flux does not fill in either. Empty for manifests: there Flux was meant.
 */
export function escapedVariables(files: readonly BasisFile[], error: string): FileChange[] {
  const name = /variable not set \(strict mode\): \\?"([A-Za-z_]\w{0,100})\\?"/.exec(error)?.[1];
  if (name === undefined || !isOfProgram(files, name)) return [];
  return files.flatMap(({ path, text, lastGood }): FileChange[] => {
    if (text === undefined || lastGood === undefined || !isText(path, text)) return [];
    const use = new RegExp(`(?<!\\$)\\$\\{(?=${name}\\})`, "g");
    const came = new Set(hunksBetween(path, lastGood, text).flatMap(({ after }) => after.map((line) => line.trimEnd())));
    const using = text.split("\n").filter((line) => new RegExp(use).test(line));
    if (using.length === 0 || !using.every((line) => came.has(line.trimEnd()))) return [];
    return [{ path, before: text, after: text.replace(use, "$$$${") }];
  });
}

/** What programs read: no YAML of Kubernetes, but for ConfigMaps. */
function isText(path: string, text: string): boolean {
  return !isPlainYaml(path) || yamlDocuments(text).every(({ value }) => textAt(value, "kind") === "ConfigMap");
}

/** A container has the variable, of a value that is not for Flux to fill in. */
function isOfProgram(files: readonly BasisFile[], name: string): boolean {
  const items = files
    .filter(({ path }) => isPlainYaml(path))
    .flatMap(({ text }) => yamlDocuments(text))
    .flatMap(({ value }) => containersIn(value))
    .flatMap((container) => listAt(container, "env"))
    .filter((item) => textAt(item, "name") === name);
  return items.length > 0 && items.every((item) => !stringsIn(item).some((word) => word.includes("${")));
}
