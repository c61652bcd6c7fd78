import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { getIn, listKey } from "../../source/field-path.ts";
import { misplacedMount } from "../../source/mounted-files.ts";
import type { Finding } from "../diagnosis.ts";
import { nearMatch } from "../near-match.ts";
import { podSpecOf } from "../workload.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { CONFIDENCE, fix, place } from "./entry.ts";
import { ABSENT, FILE } from "./volume-file.ts";

/** The program misses a file of a ConfigMap that is mounted in a folder of almost that name: a new mount goes to where the program looks. */
export function volumeMisplaced(crashCase: CrashCase): Finding | undefined {
  for (const line of complaints(crashCase).reverse()) {
    const text = line.text.slice(0, 1000);
    const files = ABSENT.test(text) ? [...text.matchAll(FILE)].map(([, file = ""]) => file) : [];
    const found = misplaced(crashCase, files, withLine(crashCase, line, crashCase.statement));
    if (found) return found;
  }
  return undefined;
}

/** The same for the files that a hook's command names: what it says itself nobody keeps. */
export function hookMisplaced(crashCase: CrashCase, said: CrashCase["statement"]): Finding | undefined {
  const words = listAt(crashCase.found.value, "lifecycle", "postStart", "exec", "command").filter((word) => typeof word === "string");
  return misplaced(
    crashCase,
    words.flatMap((word) => [...word.matchAll(FILE)].map(([, file = ""]) => file)),
    said,
  );
}

function misplaced({ input, now, found, past }: CrashCase, files: readonly string[], said: CrashCase["statement"]): Finding | undefined {
  const mounts = listAt(found.value, "volumeMounts");
  for (const file of files) {
    const isAlmost = (wrong: string, right: string) => nearMatch(wrong, [right]) === right;
    const mount = misplacedMount({ spec: podSpecOf(now) ?? null }, found.value, file, { objects: input.rendered, isAlmost });
    const path = mount && [...found.path, "volumeMounts", stepTo(mounts, mount.name)];
    if (!mount || !path || (past && getIn(past.object, path) !== undefined) || speaksOf(found.value, mount.mountPath)) continue;
    const { name, mountPath, folder } = mount;
    const rootCause = `${place(said.object, said.container)} looks for ${file}, and volume ${name}, which has it, is mounted at ${mountPath}.`;
    return fix(
      { ...said, failureClass: "volume-mount", rootCause, confidence: CONFIDENCE.suggested },
      [{ object: said.object, path: [...path, "mountPath"], before: mountPath, after: folder }],
      [`Mount volume ${name} at ${folder} instead of ${mountPath}: where the file is looked for`],
    );
  }
  return undefined;
}

function stepTo(mounts: readonly Json[], name: string) {
  const key = listKey([...mounts]);
  const at = mounts.findIndex((mount) => textAt(mount, "name") === name);
  return key === undefined ? at : { key, value: textAt(mounts[at], key) };
}

/** Something else that the container is told needs the mount where it is. */
function speaksOf(container: Json, mountPath: string): boolean {
  const { volumeMounts: _, ...rest } = typeof container === "object" && container !== null && !Array.isArray(container) ? container : {};
  return JSON.stringify(rest).includes(mountPath);
}
