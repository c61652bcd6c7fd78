// A variable of a program's own in a text that Flux substitutes (Flux: spec.postBuild, where `$${NAME}` stays `${NAME}`).
import { type Json, listAt, stringsIn, textAt } from "../../cluster/objects.ts";
import { hunksBetween } from "../edit/hunks.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { prefixOf } from "../meant/renamed-service.ts";
import type { FileChange } from "../workspace.ts";
import { containersIn } from "./patch-names.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** What is run by this reads variables itself. */
const SHELL = /^(?:\/\S{1,60}\/)?(?:ba|da|a|z|k)?sh$/;

/**
 * The script or settings file in which a variable of which nothing is known to Flux is left to the program, in lines that came since the last good revision, where a
 * container has a variable of that name which Flux does not fill in either, or gets it from a Service. Of manifests only commands: everywhere else Flux was meant.
 */
export function escapedVariables(files: readonly BasisFile[], error: string): FileChange[] {
  const name = /variable not set \(strict mode\): \\?"([A-Za-z_]\w{0,100})\\?"/.exec(error)?.[1];
  if (name === undefined || !isOfProgram(files, name)) return [];
  return files.flatMap(({ path, text, lastGood }): FileChange[] => {
    if (text === undefined || lastGood === undefined || !(isText(path, text) || isInCommands(text, name))) return [];
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

/** Whether all of a manifest that names the variable is what a shell runs in a container. */
function isInCommands(text: string, name: string): boolean {
  const using = (value: Json) => stringsIn(value).filter((word) => word.includes(`\${${name}}`)).length;
  const documents = yamlDocuments(text).map(({ value }) => value);
  const shells = documents.flatMap(allContainers).filter((container) => SHELL.test(String(listAt(container, "command")[0] ?? "")));
  const run = using(shells.flatMap((container) => [...listAt(container, "command"), ...listAt(container, "args")]));
  return run > 0 && run === using(documents);
}

/**
 * A container has the variable, of a value that is not for Flux to fill in; or a Service gives it to all
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
function isOfProgram(files: readonly BasisFile[], name: string): boolean {
  const documents = files.filter(({ path }) => isPlainYaml(path)).flatMap(({ text }) => yamlDocuments(text).map(({ value }) => value));
  const items = documents
    .flatMap(allContainers)
    .flatMap((container) => listAt(container, "env"))
    .filter((item) => textAt(item, "name") === name);
  const services = documents.filter((value) => textAt(value, "kind") === "Service").map((value) => textAt(value, "metadata", "name"));
  const isOfService = services.some(
    (service) => /^_SERVICE_(?:HOST|PORT)$/.test(name.slice(service.length)) && prefixOf(service) === name.slice(0, service.length),
  );
  return (items.length > 0 || isOfService) && items.every((item) => !stringsIn(item).some((word) => word.includes("${")));
}

function allContainers(value: Json): Json[] {
  return [...containersIn(value), ...containersIn(value, "initContainers")];
}
