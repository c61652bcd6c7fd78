import { at, listAt, textAt } from "../../../cluster/objects.ts";
import { moreThan } from "../../../cluster/quantity.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { place, restoring } from "../entry.ts";

const FULL = /no space left on device|ENOSPC|disk quota exceeded/i;

/** The program fills a volume that became smaller, or that is kept in memory since: it gets back the room that it had (EmptyDirVolumeSource). */
export function diskFull(crashCase: CrashCase): Finding | undefined {
  const { log, past, statement } = crashCase;
  const line = log.findLast(({ text }) => FULL.test(text.slice(0, 1000)));
  const shrunk = past && line ? shrunkVolumes(crashCase, line.text.slice(0, 1000)) : [];
  const [only, ...more] = shrunk;
  if (!past || !line || !only || more.length > 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} fills volume ${only.name}, which has less room than before.`;
  return restoring(withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause }), past, only.changed);
}

interface Shrunk {
  name: string;
  changed: FieldChange[];
}

/** Of the volumes that the container mounts: those below whose path the line names a file, else all. */
function shrunkVolumes({ now, found, past }: CrashCase, line: string): Shrunk[] {
  const spec = podSpecPath(now.kind);
  const mounts = listAt(found.value, "volumeMounts");
  const named = mounts.filter((mount) => line.includes(`${textAt(mount, "mountPath").replace(/\/$/, "")}/`));
  const names = new Set((named.length > 0 ? named : mounts).map((mount) => textAt(mount, "name")));
  return [...names].flatMap((name): Shrunk[] => {
    const volume = spec && [...spec, "volumes", { key: "name", value: name }, "emptyDir"];
    const changed = volume ? changedBelow(past, now, volume).filter((change) => isLess(change)) : [];
    return changed.length > 0 ? [{ name, changed }] : [];
  });
}

function isLess({ path, before, after }: FieldChange): boolean {
  if (path.at(-1) === "sizeLimit") return after !== undefined && (before === undefined || moreThan(before, after));
  if (path.at(-1) === "medium") return after === "Memory";
  return path.at(-1) === "emptyDir" && at(after ?? null, "sizeLimit") !== undefined;
}
