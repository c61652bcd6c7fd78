import { type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldPath, samePath } from "../../source/field-path.ts";
import type { Setting } from "../../source/moved-service.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import { settingsOf } from "../settings.ts";
import { type ContainerAt, containersOf } from "../workload.ts";

/** The setting with addresses that lead nowhere any more led to where they lead now; undefined where it holds none. */
export type Follow = (setting: Setting) => string | undefined;

/** What one container of a workload holds, and what else of the workload does: each place once. */
export interface Holders {
  own: ObjectChange[];
  beside: ObjectChange[];
}

/** All places of a workload that hold such an address, in variables, commands, arguments and the ConfigMaps that its containers read. */
export function holdersOf(input: DiagnosisInput, now: KubeObject, container: ContainerAt, follow: Follow): Holders {
  const own = addressesIn(input, now, container, follow);
  const others = containersOf(now).filter(({ path }) => !samePath(path, container.path));
  const beside = others.flatMap((other) => addressesIn(input, now, other, follow)).filter((change) => !own.some((one) => isSame(one, change)));
  return { own, beside: unique(beside) };
}

/** The container that a fix is about: none where it writes into others of the workload as well. */
export function aboutContainer(container: string | undefined, { beside }: Holders, now: KubeObject): string | undefined {
  return beside.some(({ object }) => object.kind === now.kind) ? undefined : container;
}

function addressesIn(input: DiagnosisInput, now: KubeObject, container: ContainerAt, follow: Follow): ObjectChange[] {
  const { path, value } = container;
  const object = input.incident.target;
  const given = listAt(value, "env").map((item) => ({ name: textAt(item, "name"), value: textAt(item, "value") }));
  const change = (ref: ObjectChange["object"], at: FieldPath, name: string, before: unknown, beside: Setting["beside"] = []): ObjectChange[] => {
    const after = typeof before === "string" ? follow({ name, value: before, beside }) : undefined;
    return typeof before === "string" && after !== undefined && after !== before ? [{ object: ref, path: at, before, after }] : [];
  };
  const variables = given.flatMap(({ name, value: before }) => change(object, [...path, "env", { key: "name", value: name }, "value"], name, before, given));
  const words = ["command", "args"].flatMap((list) => listAt(value, list).flatMap((word, i) => change(object, [...path, list, i], "", word)));
  const settings = settingsOf(input, now, container);
  const read = settings.map(({ key, value: text }) => ({ name: key, value: typeof text === "string" ? text : "" }));
  const inMaps = settings.flatMap((one) => change(one.map, ["data", one.key], one.key, one.value, read));
  return unique([...variables, ...words, ...inMaps]);
}

function unique(changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.filter((change, i) => changes.findIndex((other) => isSame(other, change)) === i);
}

function isSame(a: ObjectChange, b: ObjectChange): boolean {
  return a.object.kind === b.object.kind && a.object.name === b.object.name && samePath(a.path, b.path);
}
