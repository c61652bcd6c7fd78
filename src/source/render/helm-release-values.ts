import { type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { parseYaml } from "../edit/yaml-documents.ts";
import { refused } from "../refusal.ts";
import type { SourceRefusal } from "../workspace.ts";
import { mergeValues } from "./merge-values.ts";

type Failed = { kind: "failed"; message: string; refusal?: SourceRefusal };

/** `args`: single values over all others. */
export type ReleaseValues = { kind: "merged"; values: JsonObject; args: string[] } | Failed | SourceRefusal;

/** A HelmRelease's values (docs, "Values"): `valuesFrom` in order, `values` over them, and over all the entries with a `targetPath`. */
export function releaseValues(release: KubeObject, objects: readonly KubeObject[], namespace: string): ReleaseValues {
  let values: JsonObject = {};
  const args: string[] = [];
  for (const from of listAt(release, "spec", "valuesFrom")) {
    const text = textFrom(from, objects, namespace);
    if (typeof text === "object") return text;
    if (text === undefined) continue;
    const target = textAt(from, "targetPath");
    if (target !== "") {
      args.push(targetArgument(target, text));
      continue;
    }
    const outcome = parseYaml(text);
    if (outcome.kind === "refused") return { kind: "failed", message: `ConfigMap ${textAt(from, "name")}: ${outcome.message}` };
    values = mergeValues(values, objectAt(outcome.documents[0]?.value));
  }
  return { kind: "merged", values: mergeValues(values, objectAt(release, "spec", "values")), args };
}

/** The text that an entry of `valuesFrom` means; undefined where it is optional and not there. */
function textFrom(from: Json, objects: readonly KubeObject[], namespace: string): string | undefined | SourceRefusal | Failed {
  const [kind, name, key] = [textAt(from, "kind"), textAt(from, "name"), textAt(from, "valuesKey") || "values.yaml"];
  if (kind === "Secret")
    return refused(
      "secret-data",
      `The HelmRelease takes values from Secret ${name}, which Kube AutoFix does not read: move what is not secret to a ConfigMap, or fix this failure by hand`,
      [name],
    );
  const found = objects.find((object) => object.kind === "ConfigMap" && textAt(object, "metadata", "name") === name);
  const value = objectAt(found, "data")[key];
  if (typeof value === "string") return value;
  if (objectAt(from).optional === true) return undefined;
  if (found) return { kind: "failed", message: `could not resolve ConfigMap chart values reference '${name}' with key '${key}': key not found` };
  const message = `The HelmRelease takes values from ConfigMap ${name}, which is neither in this source nor beside its Kustomization's manifest in the same repository: put it there, or fix this failure by hand`;
  // It may be there in the cluster, made by something else; or its name may be what is wrong.
  const refusal = refused("variables-unknown", message, [`spec.valuesFrom: ${name}`]);
  return { kind: "failed", message: `could not find ConfigMap '${namespace}/${name}'`, refusal };
}

/** helm-controller hands the pair to Helm's own parser, quoted values as strings (fluxcd/pkg chartutil, ReplacePathValue). */
function targetArgument(target: string, text: string): string {
  const quoted = /^(["']).*\1$/s.test(text);
  return quoted ? `--set-string=${target}=${text.replaceAll(/^["']+|["']+$/g, "")}` : `--set=${target}=${text}`;
}
