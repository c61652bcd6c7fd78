import { isEmptyDir } from "../../../cluster/mounted-volumes.ts";
import { isObject, type Json, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { type ContainerAt, containerOf, containersOf, podSpecOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";
import { missedFiles, volumeOf } from "./volume-file.ts";

/** The program misses a file in a volume of the pod's own, which another container filled before and mounts no more: it writes into the volume that is read again. */
export function writerMoved(crashCase: CrashCase): Finding | undefined {
  const { now, found, past, statement } = crashCase;
  if (!past) return undefined;
  for (const { line, file } of missedFiles(crashCase)) {
    const volume = volumeOf(found, file);
    if (volume === undefined || !isEmptyDir(podSpecOf(now), volume) || !isEmptyDir(podSpecOf(past.object), volume)) continue;
    const [writer, ...more] = containersOf(now).flatMap((other) => {
      const then = containerOf(past.object, other.name);
      const moved = then && other.name !== found.name ? mountsMoved(then, other, volume, changedBelow(past, now, [...other.path, "volumeMounts"])) : [];
      return moved.length > 0 ? [{ name: other.name, moved }] : [];
    });
    if (!writer || more.length > 0) continue;
    const rootCause = `${place(statement.object, statement.container)} misses ${file}: container ${writer.name} no longer writes into volume ${volume}, from which it is read.`;
    const said = { ...statement, failureClass: "volume-mount" as const, rootCause, container: writer.name, confidence: CONFIDENCE.likely };
    return restoring(withLine(crashCase, line, said), past, writer.moved);
  }
  return undefined;
}

/** What changed of a container's mounts at the paths where it had a volume that it mounts no more. */
function mountsMoved(then: ContainerAt, now: ContainerAt, volume: string, changed: readonly FieldChange[]): FieldChange[] {
  const mounts = ({ value }: ContainerAt) => listAt(value, "volumeMounts");
  if (mounts(now).some((mount) => textAt(mount, "name") === volume)) return [];
  const places = new Set(mounts(then).flatMap((mount) => (textAt(mount, "name") === volume ? [textAt(mount, "mountPath")] : [])));
  const isThere = (value: Json | undefined) => isObject(value) && (textAt(value, "name") === volume || places.has(textAt(value, "mountPath")));
  return places.size === 0
    ? []
    : changed.filter(({ path, before, after }) => isThere(before) || isThere(after) || (path.at(-1) === "name" && before === volume));
}
