// References to a Secret that are meant for the ConfigMap of that name: how they are written, and what they become.
import { configMapKeys } from "../../cluster/config-map.ts";
import { isObject, type Json, type KubeObject, textAt } from "../../cluster/objects.ts";
import { secretMakers, secretNameOf } from "./renamed-secret.ts";

/** The fields of a reference to a Secret, and those of one to a ConfigMap (Kubernetes API: EnvFromSource, EnvVarSource, Volume). */
export const OTHER_KIND: Readonly<Record<string, string>> = { secretRef: "configMapRef", secretKeyRef: "configMapKeyRef", secret: "configMap" };

/** The ConfigMap of this name, where nothing of the delivery makes a Secret that is called so; undefined where there is none. */
export function mapInstead(rendered: readonly KubeObject[], namespace: string, name: string): KubeObject | undefined {
  if (secretMakers(rendered, namespace).some((maker) => secretNameOf(maker) === name)) return undefined;
  return rendered.find(
    (object) => object.kind === "ConfigMap" && textAt(object, "metadata", "namespace") === namespace && textAt(object, "metadata", "name") === name,
  );
}

/** The same reference to the ConfigMap; undefined where that lacks the key that is asked for. */
export function referenceInstead(map: KubeObject, reference: Json): Json | undefined {
  if (!isObject(reference)) return undefined;
  const { secretName, ...rest } = reference;
  const key = textAt(reference, "key");
  if (key !== "" && !configMapKeys(map).includes(key)) return undefined;
  return secretName === undefined ? rest : { ...rest, name: secretName };
}
