import { mountMissing } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { podSpecOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { missedFiles } from "./volume-file.ts";

/** The program misses a file that a ConfigMap among the pod's volumes holds, and no container mounts that volume: it is mounted where the program looks. */
export function volumeUnmounted(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  for (const { line, file } of missedFiles(crashCase)) {
    const mount = mountMissing({ object: now, spec: podSpecOf(now) }, found.value, file, input.rendered);
    if (!mount) continue;
    const { name, mountPath } = mount;
    const rootCause = `${place(statement.object, statement.container)} reads ${file}, which volume ${name} holds, and no container mounts that volume.`;
    const path = [...found.path, "volumeMounts", { key: "name", value: name }];
    return fix(
      withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause, confidence: CONFIDENCE.suggested }),
      [{ object: statement.object, path, before: undefined, after: { name, mountPath } }],
      [`Mount volume ${name} at ${mountPath}, where the program looks for the file`],
    );
  }
  return undefined;
}
