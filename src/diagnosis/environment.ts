import { type KubeObject, listAt, type ObjectRef, objectAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { type FieldPath, samePath } from "../source/edit/field-path.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { configMapIn } from "./history.ts";
import { type ContainerAt, containersOf } from "./workload.ts";

/** A variable that a container is given as text, and the one place in what is rendered that decides it. */
export interface Variable {
  name: string;
  value: string;
  /** The workload, or the ConfigMap that the container reads. */
  object: ObjectRef;
  path: FieldPath;
}

/** What a container finds in its environment, except what comes from Secrets and the like. Of several of one name the one that Kubernetes lets win. */
export function variablesOf(input: Pick<DiagnosisInput, "rendered">, workload: KubeObject, { path, value }: ContainerAt): Variable[] {
  const mapOf = (name: string) => configMapIn(input.rendered, textAt(workload, "metadata", "namespace"), name);
  const inMap = (map: KubeObject | undefined, key: string, name: string): Variable[] =>
    map && typeof objectAt(map, "data")[key] === "string" ? [{ name, value: textAt(map, "data", key), object: refOf(map), path: ["data", key] }] : [];
  const whole = listAt(value, "envFrom").flatMap((from) => {
    const map = mapOf(textAt(from, "configMapRef", "name"));
    return Object.keys(objectAt(map, "data")).flatMap((key) => inMap(map, key, `${textAt(from, "prefix")}${key}`));
  });
  const single = listAt(value, "env").flatMap((item): Variable[] => {
    const name = textAt(item, "name");
    const literal = textAt(item, "value");
    if (literal !== "") return [{ name, value: literal, object: refOf(workload), path: [...path, "env", { key: "name", value: name }, "value"] }];
    const reference = objectAt(item, "valueFrom", "configMapKeyRef");
    return inMap(mapOf(textAt(reference, "name")), textAt(reference, "key"), name);
  });
  const own = new Set(listAt(value, "env").map((item) => textAt(item, "name")));
  return [...new Map([...whole.filter(({ name }) => !own.has(name)), ...single].map((one) => [one.name, one])).values()];
}

/** The containers beside one, in its workload or in others, that read the same value of a ConfigMap: what is right for the one may be wrong for them. */
export function otherReaders(input: Pick<DiagnosisInput, "rendered">, { object, path }: Variable, workload: KubeObject, reader: ContainerAt): ContainerAt[] {
  if (object.kind !== "ConfigMap") return [];
  return input.rendered.flatMap((one) =>
    containersOf(one).filter(
      (other) =>
        !(sameRef(refOf(one), refOf(workload)) && other.name === reader.name) &&
        variablesOf(input, one, other).some((variable) => sameRef(variable.object, object) && samePath(variable.path, path)),
    ),
  );
}
