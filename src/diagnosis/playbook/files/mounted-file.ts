import { type Json, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { fileMeant, mountedFolders, withFile } from "../../../source/meant/mounted-files.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { podSpecOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { filesIn, missedFiles } from "./volume-file.ts";

/** The program is told a file that its ConfigMap does not hold, in a folder where one alone could be meant: it is told that one. */
export function mountedFile(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const folders = mountedFolders(podSpecOf(now), found.value, input.rendered, input.lastGood?.objects);
  for (const { line, file } of [...missedFiles(crashCase), ...foldersRead(crashCase)]) {
    const meant = fileMeant(file, folders);
    const [change, ...more] = meant === undefined ? [] : tellings(crashCase, file, meant);
    if (!change || meant === undefined || more.length > 0) continue;
    const rootCause = `${place(statement.object, statement.container)} is told to read ${file}, and its ConfigMap has no such file.`;
    const words = `Tell it ${meant} instead of ${file}: the only such file that is mounted`;
    return fix(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }), [change], [words]);
  }
  return undefined;
}

/** What the program was told to read as a file, and is a folder. */
function foldersRead(crashCase: CrashCase): ReturnType<typeof missedFiles> {
  const lines = complaints(crashCase).filter(({ text }) => /is a directory|EISDIR/i.test(text.slice(0, 1000)));
  return lines.flatMap((line) => filesIn(line.text.slice(0, 1000)).map((file) => ({ line, file })));
}

/** Where the container is told the file: in variables, its command and its arguments. */
function tellings({ found, statement }: CrashCase, wrong: string, right: string): ObjectChange[] {
  const told = (path: FieldPath, value: Json | undefined): ObjectChange[] => {
    const after = typeof value === "string" ? withFile(value, wrong, right) : undefined;
    return value === undefined || after === undefined ? [] : [{ object: statement.object, path, before: value, after }];
  };
  const words = ["command", "args"].flatMap((list) => listAt(found.value, list).flatMap((word, i) => told([...found.path, list, i], word)));
  const variables = listAt(found.value, "env").flatMap((item) =>
    told([...found.path, "env", { key: "name", value: textAt(item, "name") }, "value"], textAt(item, "value")),
  );
  return [...words, ...variables];
}
