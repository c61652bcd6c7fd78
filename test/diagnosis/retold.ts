import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from "../../src/cluster/objects.ts";
import type { Finding } from "../../src/diagnosis/diagnosis.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

type Files = Record<string, string>;

/** A recorded failure of one Deployment, told otherwise. */
export interface Retold {
  id: string;
  /** The good revision's files, made of the recorded ones; and today's, made of those. */
  good?: (files: Files) => Files;
  bad?: (files: Files) => Files;
  /** What the newest pods log, line for line. */
  said?: string;
  /** The cluster's objects, made of the recorded ones. */
  live?: (object: KubeObject) => KubeObject[];
  /** Nothing is known of an earlier revision. */
  isFirst?: boolean;
}

/** What the playbook is surest of. */
export async function findingFor({ id, good = same, bad = same, said, live = (object) => [object], isFirst = false }: Retold): Promise<Finding | undefined> {
  const recording = loadRecording(id);
  const newest = newestSet(recording.objects);
  const pods = recording.objects.filter((one) => one.kind === "Pod" && textAt(listAt(one, "metadata", "ownerReferences")[0] ?? null, "name") === newest);
  const line = (text: string) => `2026-11-22T22:13:10.057506466Z ${text}\n`;
  const names = pods.flatMap((pod) => listAt(pod, "spec", "containers").map((one) => `${textAt(pod, "metadata", "name")}.${textAt(one, "name")}`));
  const log = (said ?? "").split("\n").map(line).join("");
  const logs = said === undefined ? recording.logs : Object.fromEntries(names.flatMap((name) => [name, `${name}.previous`].map((one) => [one, log])));
  const before = good({ ...recording.before });
  const told = recording.objects.map((one) => (isOlder(one, newest) ? one : withoutVariables(one)));
  const objects = told.filter((one) => !isFirst || !isOlder(one, newest)).flatMap(live);
  const input = await caseOf({ ...recording, logs, objects, before: isFirst ? {} : before, after: bad({ ...before }) }, { lastGood: isFirst });
  return input && consultPlaybook(input)[0]?.finding;
}

/** What it would change, or that it is left to people; undefined where nothing is found. */
export async function answerFor(story: Retold): Promise<unknown> {
  const action = (await findingFor(story))?.action;
  return action?.kind === "fix" ? action.changes.map(({ path, after }) => `${formatPath(path.slice(-3))} = ${JSON.stringify(after)}`) : action?.kind;
}

/** The last text of a file, put in another's place. */
export function edited(file: string, from: string | RegExp, to: string): (files: Files) => Files {
  return (files) => ({ ...files, [file]: (files[file] ?? "").replace(from, to) });
}

export function both(...edits: readonly ((files: Files) => Files)[]): (files: Files) => Files {
  return (files) => edits.reduce((all, edit) => edit(all), files);
}

/** Events whose note is of this kind say another one. */
export function noted(from: RegExp, note: string): (object: KubeObject) => KubeObject[] {
  return (object) => [object.kind === "Event" && from.test(textAt(object, "note")) ? { ...object, note } : object];
}

export function withSpec(object: KubeObject, spec: JsonObject): KubeObject {
  return { ...object, spec: { ...(object.spec as JsonObject), ...spec } };
}

function same(files: Files): Files {
  return files;
}

/** The newest pods run what the story's branch says, and not what the recorded one gave them. */
function withoutVariables(object: KubeObject): KubeObject {
  if (object.kind !== "Pod") return object;
  return withSpec(object, { containers: listAt(object, "spec", "containers").map((one) => (isObject(one) ? { ...one, env: [] } : one)) });
}

function newestSet(objects: readonly KubeObject[]): string {
  const revision = (one: Json) => Number(textAt(one, "metadata", "annotations", "deployment.kubernetes.io/revision"));
  const [newest] = objects.filter(({ kind }) => kind === "ReplicaSet").sort((a, b) => revision(b) - revision(a));
  return textAt(newest, "metadata", "name");
}

function isOlder(object: KubeObject, newest: string): boolean {
  const owner = textAt(listAt(object, "metadata", "ownerReferences")[0] ?? null, "name");
  return object.kind === "ReplicaSet" ? object.metadata.name !== newest : object.kind === "Pod" && owner !== newest;
}
