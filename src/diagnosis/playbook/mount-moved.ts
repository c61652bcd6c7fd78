import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { type CrashCase, withLine } from "./crash-case.ts";
import { place, restoring } from "./entry.ts";
import { filesIn } from "./volume-file.ts";

const ABSENT = /no such file|not found|ENOENT|does not exist|is a directory|not a directory|cannot (?:open|read|find)/i;

/** The program misses a file of a volume that was mounted there before: the mount goes back to where the program looks. */
export function mountMoved(crashCase: CrashCase): Finding | undefined {
  const { log, changed, past, statement, found } = crashCase;
  const mounts = listAt(found.value, "volumeMounts");
  const moved = changed.filter(({ path }) => path.includes("volumeMounts"));
  if (!past || moved.length === 0) return undefined;
  for (const line of log.filter(({ text }) => ABSENT.test(text.slice(0, 1000)))) {
    const files = filesIn(line.text.slice(0, 1000));
    const blamed = moved.filter((change) => files.some((file) => wasMountedOver(change, file) || isPartOver(change, file, mounts)));
    const file = files.find((candidate) => blamed.some((change) => wasMountedOver(change, candidate) || isPartOver(change, candidate, mounts)));
    if (file === undefined) continue;
    const how = blamed.some(({ path }) => path.at(-1) === "subPath") ? "otherwise" : "elsewhere";
    const rootCause = `${place(statement.object, statement.container)} reads ${file}, and the volume that holds it is mounted ${how} now.`;
    return restoring(withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause }), past, blamed);
  }
  return undefined;
}

/** Whether another part of the volume is mounted where the file is. */
function isPartOver({ path }: FieldChange, file: string, mounts: readonly Json[]): boolean {
  const mount = path.at(-2);
  if (path.at(-1) !== "subPath" || typeof mount !== "object") return false;
  const folders = mounts.filter((one) => textAt(one, mount.key) === mount.value).map((one) => textAt(one, "mountPath").replace(/\/$/, ""));
  return folders.some((folder) => folder !== "" && (file === folder || file.startsWith(`${folder}/`)));
}

/** Whether the file was below the old mount path: below another one, the same file of the volume has another path. */
function wasMountedOver({ path, before, after }: FieldChange, file: string): boolean {
  const folderOf = (value: FieldChange["before"]) =>
    (path.at(-1) === "mountPath" && typeof value === "string" ? value : textAt(value, "mountPath")).replace(/\/$/, "");
  const [old, now] = [folderOf(before), folderOf(after)];
  return old !== "" && old !== now && (file === old || file.startsWith(`${old}/`));
}
