import { isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, refOf, textAt } from "../cluster/objects.ts";
import { sameJson } from "../source/edit/field-path.ts";
import { withoutHash } from "../source/plan/differences.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { otherReaders, type Variable, variablesOf } from "./environment.ts";
import { configMapIn, isConfigMap, pastOf } from "./history.ts";
import { type ContainerAt, containerOf, podSpecOf } from "./workload.ts";

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

/**
 * All settings of a container that changed in the ConfigMaps that it reads; a generated ConfigMap is the same under another hash. A variable that came to a ConfigMap
 * from elsewhere is what it was there, unless others read it too: for them it may be right. Empty without a last good revision.
 */
export function changedSettings(input: DiagnosisInput, workload: KubeObject, container: ContainerAt): SettingChange[] {
  const { lastGood } = input;
  const namespace = textAt(workload, "metadata", "namespace");
  if (!lastGood) return [];
  const given = variablesOf(input, workload, container);
  const earlier = earlierVariables(input, workload, container);
  const isOthersToo = (variable: string) => given.some((one) => one.name === variable && otherReaders(input, one, workload, container).length > 0);
  const sources = sourcesOf(workload, container).map((source) => ({ ...source, now: configMapIn(input.rendered, namespace, source.name) }));
  return sources.flatMap(({ now, fileOf, variableOf }): SettingChange[] => {
    if (!now) return [];
    const then = counterpart(lastGood.objects, now, namespace);
    const [old, today] = [objectAt(then, "data"), objectAt(now, "data")];
    return [...new Set([...Object.keys(old), ...Object.keys(today)])].flatMap((key): SettingChange[] => {
      const file = fileOf(key);
      const variable = file === "" ? (variableOf?.(key) ?? key) : undefined;
      const before = old[key] ?? (variable === undefined || isGivenBeside(sources, now, variable) || isOthersToo(variable) ? undefined : earlier.get(variable));
      const setting = { map: refOf(now), key, before, after: today[key], ...(variable === undefined ? { file: file ?? "" } : { variable }) };
      const isNew = then === undefined && before === undefined;
      return file === undefined || isNew || sameJson(before, today[key]) || isCovered(setting, container, given) ? [] : [setting];
    });
  });
}

/** The variables among them, as changes of their ConfigMaps; what a mounted file says is for the program to read. */
export function changedVariables(input: DiagnosisInput, workload: KubeObject, container: ContainerAt): ObjectChange[] {
  const changed = changedSettings(input, workload, container).filter(({ file }) => file === undefined);
  return changed.map(({ map, key, before, after }) => ({ object: map, path: ["data", key], before, after }));
}

/** Whether another ConfigMap that the container reads gives it the variable as well: it would have that without this one. */
function isGivenBeside(sources: readonly (Source & { now: KubeObject | undefined })[], map: KubeObject, variable: string): boolean {
  const names = ({ now, fileOf, variableOf }: (typeof sources)[number]) =>
    Object.keys(objectAt(now, "data")).filter((key) => fileOf(key) === "" && variableOf?.(key) === variable);
  return sources.some((source) => source.now !== map && names(source).length > 0);
}

/** What the container's variables held at the last good revision, wherever they came from. */
function earlierVariables({ lastGood, ...input }: DiagnosisInput, workload: KubeObject, { name }: ContainerAt): Map<string, string> {
  const then = pastOf({ ...input, lastGood }, refOf(workload))?.object;
  const found = then && containerOf(then, name);
  return new Map(then && found && lastGood ? variablesOf({ rendered: lastGood.objects }, then, found).map((one) => [one.name, one.value]) : []);
}

/** Whether the container has the variable from somewhere else: an entry of its own, or a ConfigMap that is read later. */
function isCovered({ map, key, variable, after }: SettingChange, { value }: ContainerAt, given: readonly Variable[]): boolean {
  if (variable === undefined || (after !== undefined && typeof after !== "string")) return false;
  const winner = given.find(({ name }) => name === variable);
  if (winner) return !(winner.object.kind === "ConfigMap" && winner.object.name === map.name && winner.path.at(-1) === key);
  const own = listAt(value, "env").findLast((item) => textAt(item, "name") === variable);
  return own !== undefined && textAt(own, "valueFrom", "configMapKeyRef", "key") !== key;
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
