import { type KubeObject, listAt, type ObjectRef, textAt } from "../../../cluster/objects.ts";
import { type FieldPath, samePath } from "../../../source/edit/field-path.ts";
import type { Setting } from "../../../source/meant/moved-service.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { settingsOf } from "../../settings.ts";
import { type ContainerAt, containersOf } from "../../workload.ts";

/** The setting with addresses that lead nowhere any more led to where they lead now; undefined where it holds none. */
export type Follow = (setting: Setting) => string | undefined;

/** What one container of a workload holds, and what else of the workload does: each place once. */
export interface Holders {
  own: ObjectChange[];
  beside: ObjectChange[];
}

/** All places of a workload that hold such an address, in variables, commands, arguments and the ConfigMaps that its containers read. */
export function holdersOf(input: DiagnosisInput, now: KubeObject, container: ContainerAt, follow: Follow): Holders {
  const held = (texts: readonly Told[]) => unique(texts.flatMap((told) => followed(told, follow)));
  const own = held(textsIn(input, now, container));
  const beside = held(othersThan(container, now).flatMap((other) => textsIn(input, now, other)));
  return { own, beside: beside.filter((change) => !own.some((one) => isSame(one, change))) };
}

/** All texts that a workload's containers are told, those of one of them first. */
export function textsOf(input: DiagnosisInput, now: KubeObject, container: ContainerAt): Told[] {
  return [container, ...othersThan(container, now)].flatMap((one) => textsIn(input, now, one));
}

function othersThan({ path }: ContainerAt, now: KubeObject): ContainerAt[] {
  return containersOf(now).filter((other) => !samePath(other.path, path));
}

/** The container that a fix is about: none where it writes into others of the workload as well. */
export function aboutContainer(container: string | undefined, { beside }: Holders, now: KubeObject): string | undefined {
  return beside.some(({ object }) => object.kind === now.kind) ? undefined : container;
}

/** A text that a container is told, and where it stands. */
interface Told {
  object: ObjectRef;
  path: FieldPath;
  setting: Setting;
}

function textsIn(input: DiagnosisInput, now: KubeObject, container: ContainerAt): Told[] {
  const { path, value } = container;
  const object = input.incident.target;
  const beside = listAt(value, "env").map((item) => ({ name: textAt(item, "name"), value: textAt(item, "value") }));
  const variables = beside.map((one): Told => ({ object, path: [...path, "env", { key: "name", value: one.name }, "value"], setting: { ...one, beside } }));
  const words = ["command", "args"].flatMap((list) =>
    listAt(value, list).flatMap((word, i): Told[] =>
      typeof word === "string" ? [{ object, path: [...path, list, i], setting: { name: "", value: word, beside: [] } }] : [],
    ),
  );
  const read = settingsOf(input, now, container);
  const pairs = read.map(({ key, value: text }) => ({ name: key, value: typeof text === "string" ? text : "" }));
  const inMaps = read.flatMap(({ map, key, value: text }): Told[] =>
    typeof text === "string" ? [{ object: map, path: ["data", key], setting: { name: key, value: text, beside: pairs } }] : [],
  );
  return [...variables, ...words, ...inMaps];
}

function followed({ object, path, setting }: Told, follow: Follow): ObjectChange[] {
  const after = follow(setting);
  return after === undefined || after === setting.value ? [] : [{ object, path, before: setting.value, after }];
}

function unique(changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.filter((change, i) => changes.findIndex((other) => isSame(other, change)) === i);
}

function isSame(a: ObjectChange, b: ObjectChange): boolean {
  return a.object.kind === b.object.kind && a.object.name === b.object.name && samePath(a.path, b.path);
}
