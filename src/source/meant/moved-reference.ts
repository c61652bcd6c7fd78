import { type Json, type KubeObject, refOf, sameRef } from "../../cluster/objects.ts";
import { diffFields, type FieldPath } from "../edit/field-path.ts";

/** Where workloads name what they read, by the field that holds the name (Kubernetes API: EnvVarSource, EnvFromSource, VolumeSource). */
const FIELDS = {
  ConfigMap: ["configMapKeyRef.name", "configMapRef.name", "configMap.name"],
  Secret: ["secretKeyRef.name", "secretRef.name", "secret.secretName", "secret.name"],
} as const;

/**
 * To which ConfigMap or Secret all went since the last good revision that do not read the one of this name any more: the same for all of them. What is made outside of
 * git is known by its readers alone. Undefined where none went, or where they do not agree.
 * @param namespace of the one that reads it: what is called the same elsewhere is another one
 */
export function movedReference(
  then: readonly KubeObject[],
  now: readonly KubeObject[],
  { kind, name, namespace }: { kind: keyof typeof FIELDS; name: string; namespace: string },
): string | undefined {
  const here = now.filter((object) => [namespace, ""].includes(refOf(object).namespace));
  const followed = here.flatMap((object) => {
    const before = then.find((one) => sameRef(refOf(one), refOf(object)));
    const changes = before ? diffFields(before, object, []) : [];
    return changes.filter(({ path, before: old }) => old === name && isName(path, kind));
  });
  const [only, ...others] = new Set(followed.map(({ after }): Json | undefined => after));
  return typeof only === "string" && others.length === 0 ? only : undefined;
}

function isName(path: FieldPath, kind: keyof typeof FIELDS): boolean {
  const end = path.slice(-2).map(String).join(".");
  return FIELDS[kind].some((field) => field === end);
}
