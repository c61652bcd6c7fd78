import { isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, textAt } from "../../cluster/objects.ts";

/** Whether something else than this container may read a key of a ConfigMap: any volume of it, any container that takes it as a whole, a reference to that very key. */
export function isReadBeside(objects: readonly KubeObject[], map: Pick<ObjectRef, "namespace" | "name">, key: string, reader: Json): boolean {
  const here = objects.filter((object) => [map.namespace, ""].includes(textAt(object, "metadata", "namespace")));
  return here.some((object) => reads(object.spec ?? null, map.name, key, reader));
}

function reads(value: Json, name: string, key: string, reader: Json): boolean {
  if (value === reader) return false;
  if (Array.isArray(value)) return value.some((item) => reads(item, name, key, reader));
  if (!isObject(value)) return false;
  const isWhole =
    textAt(value, "configMapRef", "name") === name || (textAt(value, "configMap", "name") === name && listAt(value, "configMap", "items").length === 0);
  const single = objectAt(value, "configMapKeyRef");
  const isKey = single.name === name && single.key === key;
  const isItem = textAt(value, "configMap", "name") === name && listAt(value, "configMap", "items").some((item) => textAt(item, "key") === key);
  return isWhole || isKey || isItem || Object.values(value).some((one) => reads(one, name, key, reader));
}
