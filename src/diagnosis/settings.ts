import { isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, textAt } from "../cluster/objects.ts";
import { sameJson } from "../source/edit/field-path.ts";
import { withoutHash } from "../source/plan/differences.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { configMapIn, isConfigMap } from "./history.ts";
import { type ContainerAt, podSpecOf } from "./workload.ts";

/** One value of a ConfigMap that a container reads and that is not what it was at the last good revision. */
export interface SettingChange {
  /** The ConfigMap of today. */
  map: ObjectRef;
  key: string;
  before: Json | undefined;
  after: Json | undefined;
  /** The path at which the container finds it, where it is mounted; undefined where it is an environment variable. */
  file?: string;
  /** What the container calls it, where it is an environment variable: its key behind a prefix, or a name of its own. */
  variable?: string;
}

/** All settings of a container that changed in the ConfigMaps that it reads; a generated ConfigMap is the same under another hash. Empty without a last good revision. */
export function changedSettings(input: DiagnosisInput, workload: KubeObject, container: ContainerAt): SettingChange[] {
  const { lastGood } = input;
  const namespace = textAt(workload, "metadata", "namespace");
  if (!lastGood) return [];
  return sourcesOf(workload, container).flatMap(({ name, fileOf, variableOf }): SettingChange[] => {
    const now = configMapIn(input.rendered, namespace, name);
    const then = now && counterpart(lastGood.objects, now, namespace);
    if (!now || !then) return [];
    const [old, today] = [objectAt(then, "data"), objectAt(now, "data")];
    const keys = [...new Set([...Object.keys(old), ...Object.keys(today)])].filter((key) => !sameJson(old[key], today[key]));
    return keys.flatMap((key): SettingChange[] => {
      const file = fileOf(key);
      return file === undefined
        ? []
        : [{ map: refOf(now), key, before: old[key], after: today[key], ...(file === "" ? { variable: variableOf?.(key) ?? key } : { file }) }];
    });
  });
}

/** All settings of a container today, in the ConfigMaps that it reads and that the branch renders. */
export function settingsOf(input: DiagnosisInput, workload: KubeObject, container: ContainerAt): { map: ObjectRef; key: string; value: Json }[] {
  const namespace = textAt(workload, "metadata", "namespace");
  return sourcesOf(workload, container).flatMap(({ name, fileOf }) => {
    const map = configMapIn(input.rendered, namespace, name);
    const read = Object.entries(objectAt(map, "data")).filter(([key]) => fileOf(key) !== undefined);
    return map ? read.map(([key, value]) => ({ map: refOf(map), key, value })) : [];
  });
}

/** The ConfigMap at the last good revision; a generated one is the same under another hash. */
export function pastOfMap({ lastGood }: Pick<DiagnosisInput, "lastGood">, now: KubeObject): KubeObject | undefined {
  return counterpart(lastGood?.objects ?? [], now, textAt(now, "metadata", "namespace"));
}

function counterpart(then: readonly KubeObject[], now: KubeObject, namespace: string): KubeObject | undefined {
  const name = textAt(now, "metadata", "name");
  const maps = then.filter((object) => isConfigMap(object, namespace));
  return (
    maps.find((object) => textAt(object, "metadata", "name") === name) ??
    (withoutHash(name) === name ? undefined : maps.find((object) => withoutHash(textAt(object, "metadata", "name")) === withoutHash(name)))
  );
}

/** `fileOf`: where the container finds a key: a path, "" for a variable, undefined for nowhere. */
interface Source {
  name: string;
  fileOf(key: string): string | undefined;
  /** What a variable is called, where that is not its key. */
  variableOf?(key: string): string;
}

function sourcesOf(workload: KubeObject, { value }: ContainerAt): Source[] {
  const whole = listAt(value, "envFrom").map((from): Source => {
    const prefix = textAt(from, "prefix");
    return { name: textAt(from, "configMapRef", "name"), fileOf: () => "", variableOf: (key) => `${prefix}${key}` };
  });
  const single = listAt(value, "env").map((item): Source => {
    const reference = objectAt(item, "valueFrom", "configMapKeyRef");
    const variableOf = () => textAt(item, "name");
    return { name: textAt(reference, "name"), fileOf: (key) => (key === textAt(reference, "key") ? "" : undefined), variableOf };
  });
  const volumes = listAt(podSpecOf(workload), "volumes");
  const mounted = listAt(value, "volumeMounts").flatMap((mount) => {
    const volume = volumes.find((one) => textAt(one, "name") === textAt(mount, "name"));
    const sources = [objectAt(volume, "configMap"), ...listAt(volume, "projected", "sources").map((source) => objectAt(source, "configMap"))];
    return sources.map((source): Source => ({ name: textAt(source, "name"), fileOf: (key) => pathIn(mount, listAt(source, "items"), key) }));
  });
  return [...whole, ...single, ...mounted].filter(({ name }) => name !== "");
}

function pathIn(mount: Json, items: readonly Json[], key: string): string | undefined {
  const item = items.find((one) => textAt(one, "key") === key);
  if (items.length > 0 && !item) return undefined;
  const name = isObject(item) ? textAt(item, "path") : key;
  const [folder, part] = [textAt(mount, "mountPath").replace(/\/$/, ""), textAt(mount, "subPath")];
  if (part === "") return `${folder}/${name}`;
  return part === name ? folder : name.startsWith(`${part}/`) ? `${folder}${name.slice(part.length)}` : undefined;
}
