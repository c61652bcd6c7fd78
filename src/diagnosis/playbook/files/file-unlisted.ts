import { type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import { lostFile } from "../../../source/meant/lost-file.ts";
import { mountPathOf } from "../../../source/meant/mounted-files.ts";
import type { Finding } from "../../diagnosis.ts";
import { isConfigMap } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { podSpecOf, podSpecPath } from "../../workload.ts";
import { type CrashCase, isHarmless, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { ABSENT, filesIn } from "./volume-file.ts";

/** How far above "no such file" its path may stand: chains of causes tell the one after the other. */
const NEAR = 2;

/** The program misses a file of a ConfigMap that its volume lists no more, or not yet: that one entry comes, and the list is as it is otherwise. */
export function fileUnlisted(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, statement } = crashCase;
  const path = podSpecPath(now.kind);
  if (past?.from !== "revision" || !path) return undefined;
  const volumes = listAt(podSpecOf(now), "volumes");
  const mapsAmong = (objects: readonly KubeObject[]) => objects.filter((one) => isConfigMap(one, textAt(now, "metadata", "namespace")));
  const maps = { today: mapsAmong(input.rendered), past: mapsAmong(input.lastGood?.objects ?? []) };
  for (const { line, file } of missed(crashCase)) {
    for (const mount of listAt(found.value, "volumeMounts")) {
      const name = textAt(mount, "name");
      const inside = fileWithin(mountPathOf(mount), textAt(mount, "subPath"), file);
      const [then, today] = [listAt(podSpecOf(past.object), "volumes"), volumes].map((all) => all.find((one) => textAt(one, "name") === name));
      const back = inside === undefined || !then || !today ? undefined : lostFile(then, today, maps, inside);
      if (!back) continue;
      const gap = back.isNew
        ? `does not list key ${back.key}, which is new in ConfigMap ${back.map}`
        : `does not list key ${back.key} of ConfigMap ${back.map} any more`;
      const rootCause = `${place(statement.object, statement.container)} does not find ${file}: volume ${name} ${gap}.`;
      const said = withLine(crashCase, line, { ...statement, failureClass: "volume-mount" as const, rootCause, confidence: CONFIDENCE.confirmed });
      const change = {
        object: statement.object,
        path: [...path, "volumes", { key: "name", value: name }, ...back.path],
        before: back.before,
        after: back.after,
      };
      const again = back.isNew ? "" : ` again, as ${past.words}`;
      return fix(said, [change], [`List key ${back.key} of ConfigMap ${back.map} in volume ${name}${again}`]);
    }
  }
  return undefined;
}

/** The path of a file within a volume that is mounted as a whole, or in part. */
function fileWithin(folder: string, part: string, file: string): string | undefined {
  const rest = file === folder ? "" : file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
  if (folder === "" || rest === undefined) return undefined;
  const inside = [part, rest].filter((one) => one !== "").join("/");
  return inside === "" ? undefined : inside;
}

/** The files that are not there, the last one first: said in one line, or with the reason in one of the next lines. */
function missed({ log }: CrashCase): { line: LogLine; file: string }[] {
  const said = log.filter(({ text }) => !isHarmless(text));
  return said
    .flatMap((line, i) => {
      if (!ABSENT.test(line.text.slice(0, 1000))) return [];
      const above = said.slice(Math.max(0, i - NEAR), i + 1).reverse();
      const naming = above.find(({ text }) => filesIn(text.slice(0, 1000)).length > 0);
      return naming ? filesIn(naming.text.slice(0, 1000)).map((file) => ({ line: naming, file })) : [];
    })
    .reverse();
}
