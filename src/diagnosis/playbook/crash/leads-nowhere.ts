// What goes back to what worked leads nowhere where the same commit took away, or called otherwise, what it was about.
import { stringsIn } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { mountedFolders } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { containerOf, podSpecOf } from "../../workload.ts";
import { ledToGone } from "../addresses/gone-address.ts";
import type { CrashCase } from "./crash-case.ts";

/** Whether values that a finding puts back name a Service or a mounted file that was there then, and is not now. */
export function leadsNowhere(crashCase: CrashCase, { action }: Finding): boolean {
  if (action.kind !== "fix" || action.restores !== true) return false;
  const back = action.changes.map(({ path, before, after }): FieldChange => ({ path, before: after, after: before }));
  return ledToGone(crashCase, back) || namesGoneFile(crashCase, back);
}

/** A file in a folder that is mounted as it was, from a ConfigMap that has it no more. What the finding itself brings back is there again. */
function namesGoneFile({ input, past, now, found }: CrashCase, changed: readonly FieldChange[]): boolean {
  const then = past && containerOf(past.object, found.name);
  if (!past || !then || !input.lastGood || !changed.every(({ path }) => path.includes("args") || path.includes("command") || path.includes("env")))
    return false;
  const today = mountedFolders(podSpecOf(now), found.value, input.rendered);
  const gone = mountedFolders(podSpecOf(past.object), then.value, input.lastGood.objects).flatMap(({ folder, files }) => {
    const same = today.find((one) => one.folder === folder);
    return same ? files.filter((file) => !same.files.includes(file)).map((file) => `${folder}/${file}`) : [];
  });
  const words = changed.flatMap(({ before }) => stringsIn(before)).flatMap((text) => text.split(/[\s"'=,;]+/));
  return gone.some((file) => words.includes(file));
}
