// Charts write a hash of what a pod reads into its annotations, so that pods are replaced where that changes
// (https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments). It follows from content, as a generated name does.
import { isObject, type Json, type KubeObject } from "../../cluster/objects.ts";
import { type FieldPath, getIn } from "../edit/field-path.ts";
import { setIn } from "../edit/set-in.ts";

/** As sha256sum, sha1sum and md5 write it. */
const DIGEST = /^(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})$/;
const ANNOTATIONS: readonly FieldPath[] = [
  ["metadata", "annotations"],
  ["spec", "template", "metadata", "annotations"],
  ["spec", "jobTemplate", "spec", "template", "metadata", "annotations"],
];

/** Whether a field is such an annotation, before and after. */
export function isOtherChecksum(path: FieldPath, before: Json | undefined, after: Json | undefined): boolean {
  return path.at(-2) === "annotations" && path.at(-3) === "metadata" && isDigest(before) && isDigest(after);
}

/** The object with all such annotations alike. */
export function withoutChecksums(object: KubeObject): KubeObject {
  return mapped(object, (value) => (isDigest(value) ? "#" : value));
}

/** The object with the hashes that another version of it has, where both have one. */
export function withChecksumsOf(before: KubeObject, after: KubeObject): KubeObject {
  return mapped(after, (value, path) => {
    const was = getIn(before, path);
    return isDigest(value) && isDigest(was) && was !== undefined ? was : value;
  });
}

function isDigest(value: Json | undefined): boolean {
  return typeof value === "string" && DIGEST.test(value);
}

function mapped(object: KubeObject, map: (value: Json, path: FieldPath) => Json): KubeObject {
  return ANNOTATIONS.reduce<KubeObject>((made, place) => {
    const annotations = getIn(made, place);
    if (!isObject(annotations) || !Object.values(annotations).some(isDigest)) return made;
    const all = Object.entries(annotations).map(([key, value]): [string, Json] => [key, map(value, [...place, key])]);
    return setIn(made, place, Object.fromEntries(all)) as KubeObject;
  }, object);
}
