import { isObject, type Json, type JsonObject, type KubeObject, textAt } from "../cluster/objects.ts";
import { isHarmless, isSecretName } from "./secret-names.ts";

/** What stands for the value of an environment variable with a secret name. */
export const HIDDEN_VALUE = "[redacted: env-value]";

/** A copy of a value without what must never become text: data of Secrets, and literal values of environment variables with secret names. */
export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  const isSecret = value.kind === "Secret";
  const hidesValue = isSecretName(textAt(value, "name")) && typeof value.value === "string" && !isHarmless(value.value);
  const kept = Object.entries(value).filter(([key]) => !(isSecret && (key === "data" || key === "stringData")));
  return Object.fromEntries(kept.map(([key, field]) => [key, hidesValue && key === "value" ? HIDDEN_VALUE : withoutSecrets(field)]));
}

/** An object's spec without secrets. */
export function safeSpec(object: KubeObject): JsonObject {
  const spec = withoutSecrets(object.spec ?? {});
  return isObject(spec) && object.kind !== "Secret" ? spec : {};
}
