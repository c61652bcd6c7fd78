import { type Json, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { folderOf, nameOf } from "../../../source/git/repository-paths.ts";
import { mountedFolders } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf, podSpecOf } from "../../workload.ts";
import { strings } from "../blame/named-change.ts";
import { asWholeList } from "../blame/whole-list.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { place, restoring } from "../entry.ts";
import { filesIn } from "./volume-file.ts";
import { volumeGoneAlong } from "./volume-gone.ts";

/** Without the volume it is the image's own folder: not there, or not to be written. */
const ABSENT =
  /no such file|not found|ENOENT|does not exist|is a directory|not a directory|cannot (?:open|read|find)|read-only file ?system|EROFS|permission denied|EACCES/i;

const NOT_TO_WRITE = /read-only file ?system|EROFS|permission denied|EACCES/i;

/** The program misses a file, or may not write one, of a volume that was mounted there before: the mount goes back to where the program looks. */
export function mountMoved(crashCase: CrashCase): Finding | undefined {
  const { input, log, changed, past, now, statement, found } = crashCase;
  const mounts = listAt(found.value, "volumeMounts");
  const moved = changed.filter(({ path }) => path.includes("volumeMounts")).flatMap(eachMount);
  if (!past || moved.length === 0) return undefined;
  for (const line of log.filter(({ text }) => ABSENT.test(text.slice(0, 1000)))) {
    const files = filesIn(line.text.slice(0, 1000));
    const blamed = moved.filter((change) => files.some((file) => wasMountedOver(change, file) || isPartOver(change, file, mounts)));
    const file = files.find((candidate) => blamed.some((change) => wasMountedOver(change, candidate) || isPartOver(change, candidate, mounts)));
    if (file === undefined) continue;
    const names = new Set(blamed.filter(({ after }) => after === undefined).flatMap(({ before }) => namesOf(before)));
    const gone = [...names].map((name) => volumeGoneAlong(input, past, now, name));
    if (gone.includes(undefined)) return undefined;
    const how = names.size > 0 ? "no more" : blamed.some(({ path }) => path.at(-1) === "subPath") ? "otherwise" : "elsewhere";
    const rootCause = `${place(statement.object, statement.container)} ${NOT_TO_WRITE.test(line.text) ? "writes" : "reads"} ${file}, and the volume that holds it is mounted ${how} now.`;
    const all = [...gone.flatMap((one) => one ?? []), ...asWholeList(blamed, "volumeMounts")];
    return restoring(withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause }), past, all);
  }
  return undefined;
}

/** Of mounts that went all together each by itself. */
function eachMount(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  return path.at(-1) === "volumeMounts" && Array.isArray(before) && after === undefined ? before.map((mount) => ({ ...change, before: [mount] })) : [change];
}

function namesOf(mount: FieldChange["before"]): string[] {
  return Array.isArray(mount) ? mount.flatMap(namesOf) : [textAt(mount ?? null, "name")].filter((name) => name !== "");
}

/** Whether what a change would put back are files of a volume that is mounted elsewhere now: alone it would lead nowhere. */
export function leadsToMovedMount({ past, found }: CrashCase, { before }: Pick<FieldChange, "before">): boolean {
  const then = past && containerOf(past.object, found.name);
  const files = strings(before).flatMap((text) => filesIn(`=${text}`));
  const isOver = (mount: Json, file: string) => file.startsWith(`${textAt(mount, "mountPath").replace(/\/$/, "")}/`);
  const isMounted = (container: Json | undefined, file: string) => listAt(container ?? null, "volumeMounts").some((mount) => isOver(mount, file));
  return files.some((file) => isMounted(then?.value, file) && !isMounted(found.value, file));
}

/** Whether what a change would put back are files of a ConfigMap that has them no more: alone it would lead nowhere. */
export function leadsToMissingFile({ input, now, found }: CrashCase, { before }: Pick<FieldChange, "before">): boolean {
  const folders = mountedFolders(podSpecOf(now), found.value, input.rendered).filter(({ files }) => files.length > 0);
  const isMissing = (file: string) => folders.some(({ folder, files }) => folder === folderOf(file) && !files.includes(nameOf(file)));
  return strings(before)
    .flatMap((text) => filesIn(`=${text}`))
    .some(isMissing);
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
  const folderOf = (value: FieldChange["before"]): string =>
    Array.isArray(value)
      ? folderOf(value[0])
      : (path.at(-1) === "mountPath" && typeof value === "string" ? value : textAt(value ?? null, "mountPath")).replace(/\/$/, "");
  const [old, now] = [folderOf(before), folderOf(after)];
  return old !== "" && old !== now && (file === old || file.startsWith(`${old}/`));
}
