import { mountMeant } from "../../../source/meant/mount-meant.ts";
import type { Finding } from "../../diagnosis.ts";
import { mountPathAt, podSpecOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { filesIn } from "./volume-file.ts";

const FOLDER = /is a directory|not a directory|EISDIR|ENOTDIR|not a regular file/i;

/** The program finds a folder where its file should be, or no folder where its file's folder should be, as the mount of that file says. */
export function fileAsFolder(crashCase: CrashCase): Finding | undefined {
  for (const line of complaints(crashCase)
    .filter(({ text }) => FOLDER.test(text.slice(0, 1000)))
    .reverse()) {
    for (const file of filesIn(line.text.slice(0, 1000))) {
      const found = mountedOtherwise(crashCase, file, withLine(crashCase, line, crashCase.statement));
      if (found) return found;
    }
  }
  return undefined;
}

/** Where the image has a file already, the runtime cannot mount a folder over it: `error mounting "…" to rootfs at "/etc/nginx/nginx.conf"`. */
export function folderOverFile(program: Pick<CrashCase, "input" | "now" | "found" | "statement">, message: string): Finding | undefined {
  const file = FOLDER.test(message) ? /\bto rootfs at "([^"\s]{2,300})"/.exec(message)?.[1] : undefined;
  return file === undefined ? undefined : mountedOtherwise(program, file, program.statement);
}

function mountedOtherwise({ input, now, found }: Pick<CrashCase, "input" | "now" | "found">, file: string, said: CrashCase["statement"]): Finding | undefined {
  const meant = mountMeant(podSpecOf(now), found.value, file, input.rendered);
  if (!meant) return undefined;
  const { index, field, before, after, volume } = meant;
  const what = field === "subPath" ? "all of it is mounted at the path of that one file" : "that one file is mounted at the path of its folder";
  const words = field === "subPath" ? `Mount file ${after} of volume ${volume} alone there` : `Mount the file of volume ${volume} at ${after}`;
  return fix(
    {
      ...said,
      failureClass: "volume-mount",
      rootCause: `${place(said.object, said.container)} needs ${file} of volume ${volume}, and ${what}.`,
      confidence: CONFIDENCE.likely,
    },
    [{ object: said.object, path: [...mountPathAt(found, index), field], before, after }],
    [words],
  );
}
