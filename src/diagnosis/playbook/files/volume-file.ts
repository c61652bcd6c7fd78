import { type Json, type KubeObject, listAt, type ObjectRef, textAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn } from "../../../source/edit/field-path.ts";
import { mountPathOf, RUNNABLE, volumeNotToRun } from "../../../source/meant/mounted-files.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { podSpecOf, podSpecPath } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place, restoring } from "../entry.ts";

export const DENIED = /permission denied|EACCES|access (?:is )?denied/i;
const READ_ONLY = /read-only file ?system|EROFS/i;
export const ABSENT = /no such file|not found|ENOENT|does not exist|cannot (?:open|read|find)/i;
const FILE = /(?:^|[\s"'=([:])(\/[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,12})/g;

/** The paths of files that a text names. */
export function filesIn(text: string): string[] {
  return [...text.matchAll(FILE)].map(([, file = ""]) => file);
}

/** The files that a program says it does not find, each with the line that says so; what it said last stands first. */
export function missedFiles(crashCase: Pick<CrashCase, "log">): { line: LogLine; file: string }[] {
  return complaints(crashCase)
    .reverse()
    .flatMap((line) => {
      const text = line.text.slice(0, 1000);
      return ABSENT.test(text) ? filesIn(text).map((file) => ({ line, file })) : [];
    });
}

/** The name of the volume that a container mounts over a file, the innermost where mounts lie in each other. */
export function volumeOf({ value }: Pick<CrashCase["found"], "value">, file: string): string | undefined {
  const over = listAt(value, "volumeMounts").filter(
    (mount) => mountPathOf(mount) !== "" && (file === mountPathOf(mount) || file.startsWith(`${mountPathOf(mount)}/`)),
  );
  const [inner] = over.sort((a, b) => mountPathOf(b).length - mountPathOf(a).length);
  return inner === undefined ? undefined : textAt(inner, "name");
}

/**
 * What git changed about a volume that a message speaks against: who may read and run its files where that is denied, which of them it has where one is missing.
 */
export function blamedOfVolume({ past, now }: Pick<CrashCase, "past" | "now">, volume: string, message: string): FieldChange[] {
  const spec = podSpecPath(now.kind);
  const changed = spec ? changedBelow(past, now, [...spec, "volumes", { key: "name", value: volume }]) : [];
  if (DENIED.test(message)) return changed.filter(isMode);
  return ABSENT.test(message) ? changed.filter((change) => !isMode(change)) : [];
}

/** ConfigMapVolumeSource, SecretVolumeSource, ProjectedVolumeSource and their items. */
function isMode({ path }: FieldChange): boolean {
  return path.at(-1) === "defaultMode" || path.at(-1) === "mode";
}

/** The mount of a volume into which a program writes, where it may only be read now. */
function readOnlyNow({ changed, found }: CrashCase, volume: string, message: string): FieldChange[] {
  const isOfVolume = ({ path }: FieldChange) => {
    const step = path.at(-2);
    const isIt = (mount: Json) => typeof step === "object" && textAt(mount, step.key) === step.value && textAt(mount, "name") === volume;
    return path.at(-1) === "readOnly" && listAt(found.value, "volumeMounts").some(isIt);
  };
  return READ_ONLY.test(message) ? changed.filter((change) => change.after === true && isOfVolume(change)) : [];
}

/** What lets a container run the scripts of a volume of ConfigMap files (source/meant/mounted-files.ts). */
export function toRun(object: ObjectRef, now: KubeObject, volume: string): { change: ObjectChange; words: string } {
  const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "volumes", { key: "name", value: volume }, "configMap", "defaultMode"];
  const words = `Give the files of volume ${volume} the mode 0755 (${RUNNABLE}), so that they may be run`;
  return { change: { object, path, before: getIn(now, path), after: RUNNABLE }, words };
}

/** A shell may not run a script of a ConfigMap: `sh: /scripts/seed.sh: Permission denied`. */
export function scriptDenied(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, log, statement } = crashCase;
  const told = JSON.stringify([found.value.command ?? null, found.value.args ?? null]);
  for (const line of log.filter(({ text }) => DENIED.test(text.slice(0, 1000)))) {
    const file = filesIn(line.text.slice(0, 1000)).find((one) => told.includes(one));
    const volume = file === undefined ? undefined : volumeNotToRun(podSpecOf(now), found.value, file, input.rendered);
    if (volume === undefined) continue;
    const { change, words } = toRun(statement.object, now, volume);
    const rootCause = `${place(statement.object, statement.container)} may not run ${file} of volume ${volume}.`;
    const said = { ...statement, failureClass: "volume-mount" as const, rootCause, confidence: CONFIDENCE.likely };
    return fix(withLine(crashCase, line, said), [change], [words]);
  }
  return undefined;
}

/** The program cannot open a file of a volume since git changed its mount, or the modes or the choice of the volume's files. */
export function volumeFile(crashCase: CrashCase): Finding | undefined {
  const { found, past, statement } = crashCase;
  for (const line of complaints(crashCase).reverse()) {
    const text = line.text.slice(0, 1000);
    for (const file of filesIn(text)) {
      const volume = volumeOf(found, file);
      const blamed = volume === undefined ? [] : [...blamedOfVolume(crashCase, volume, text), ...readOnlyNow(crashCase, volume, text)];
      if (!past || blamed.length === 0) continue;
      const what = DENIED.test(text) ? "may not open" : READ_ONLY.test(text) ? "may not write" : "does not find";
      const rootCause = `${place(statement.object, statement.container)} ${what} ${file} since volume ${volume} changed.`;
      return restoring(withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause, confidence: CONFIDENCE.confirmed }), past, blamed);
    }
  }
  return undefined;
}
