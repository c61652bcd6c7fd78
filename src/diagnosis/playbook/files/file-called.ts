import { describeRef } from "../../../cluster/objects.ts";
import { askedFile } from "../../../source/meant/asked-file.ts";
import type { Finding } from "../../diagnosis.ts";
import { podSpecOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { missedFiles } from "./volume-file.ts";

/** The program does not find a file whose ConfigMap has it under the same name with another ending: it gets the name that the program asks for. */
export function fileCalled(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  for (const { line, file } of missedFiles(crashCase)) {
    const asked = askedFile(podSpecOf(now), found.value, file, input.rendered);
    if (!asked) continue;
    const { map, from, to, text } = asked;
    const rootCause = `${place(statement.object, statement.container)} reads ${file}, and ${describeRef(map)} has it as ${from}.`;
    const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested });
    return fix(
      said,
      [
        { object: map, path: ["data", to], before: undefined, after: text },
        { object: map, path: ["data", from], before: text, after: undefined },
      ],
      [`Call ${from} in ${describeRef(map)} ${to}: the file that the program asks for, which nobody else reads`],
    );
  }
  return undefined;
}
