import { listAt, textAt } from "../../../cluster/objects.ts";
import { mountPathOf } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { asWholeList } from "../blame/whole-list.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";
import { volumeGoneAlong } from "./volume-gone.ts";

/**
 * The program's last words are gone (a release that was taken back, a Job's pod), and one of its mounts is gone as well, to whose folder a variable still leads it: the
 * mount comes back with its volume, beside whatever else came.
 */
export function mountNamed({ input, log, changed, past, now, statement, found }: CrashCase): Finding | undefined {
  if (!past || log.length > 0) return undefined;
  const folders = variablesOf(input, now, found).map(({ value }) => value.replace(/\/+$/, ""));
  const isLed = (folder: string) => folders.some((told) => told === folder || told.startsWith(`${folder}/`));
  const gone = changed.filter(({ path, before, after }) => path.at(-2) === "volumeMounts" && before !== undefined && after === undefined);
  const [only, ...more] = gone.filter(({ before }) => isLed(mountPathOf(before ?? null)));
  const folder = mountPathOf(only?.before ?? null);
  const isMounted = listAt(found.value, "volumeMounts").some((mount) => mountPathOf(mount) === folder);
  if (!only || more.length > 0 || folder === "" || isMounted) return undefined;
  const volume = volumeGoneAlong(input, past, now, textAt(only.before ?? null, "name"));
  if (!volume) return undefined;
  const rootCause = `${place(statement.object, statement.container)} is told to use ${folder}, and the volume that was mounted there is mounted no more.`;
  const said = { ...statement, failureClass: "volume-mount" as const, rootCause, confidence: CONFIDENCE.suggested };
  return restoring(said, past, [...volume, ...asWholeList([only], "volumeMounts")]);
}
