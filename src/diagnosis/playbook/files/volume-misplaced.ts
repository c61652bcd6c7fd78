import { type Json, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import { getIn } from "../../../source/edit/field-path.ts";
import { misplacedMount } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { isAlmost } from "../../near-match.ts";
import { mountPathAt, podSpecOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { filesIn, missedFiles } from "./volume-file.ts";

/** The program misses a file of a ConfigMap that is mounted in a folder of almost that name: a new mount goes to where the program looks. */
export function volumeMisplaced(crashCase: CrashCase): Finding | undefined {
  for (const { line, file } of missedFiles(crashCase)) {
    const found = misplaced(crashCase, file, withLine(crashCase, line, crashCase.statement));
    if (found) return found;
  }
  return undefined;
}

/** The same for the files that a hook's command names: what it says itself nobody keeps. */
export function hookMisplaced(crashCase: CrashCase, said: CrashCase["statement"]): Finding | undefined {
  const words = listAt(crashCase.found.value, "lifecycle", "postStart", "exec", "command").filter((word) => typeof word === "string");
  for (const file of words.flatMap(filesIn)) {
    const found = misplaced(crashCase, file, said);
    if (found) return found;
  }
  return undefined;
}

function misplaced({ input, now, found, past }: CrashCase, file: string, said: CrashCase["statement"]): Finding | undefined {
  const mount = misplacedMount({ spec: podSpecOf(now) }, found.value, file, { objects: input.rendered, isAlmost });
  const index = listAt(found.value, "volumeMounts").findIndex((one) => textAt(one, "name") === mount?.name);
  const path = mount && mountPathAt(found, index);
  if (!mount || !path || (past && getIn(past.object, path) !== undefined) || speaksOf(found.value, mount.mountPath)) return undefined;
  const { name, mountPath, folder } = mount;
  const rootCause = `${place(said.object, said.container)} looks for ${file}, and volume ${name}, which has it, is mounted at ${mountPath}.`;
  return fix(
    { ...said, failureClass: "volume-mount", rootCause, confidence: CONFIDENCE.suggested },
    [{ object: said.object, path: [...path, "mountPath"], before: mountPath, after: folder }],
    [`Mount volume ${name} at ${folder} instead of ${mountPath}: where the file is looked for`],
  );
}

/** Something else that the container is told needs the mount where it is. */
function speaksOf(container: Json, mountPath: string): boolean {
  const { volumeMounts: _, ...rest } = objectAt(container);
  return JSON.stringify(rest).includes(mountPath);
}
