import { configMapKeys } from "../../../cluster/config-map.ts";
import { type Json, listAt, textAt } from "../../../cluster/objects.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { configMapIn } from "../../history.ts";
import { nearMatch } from "../../near-match.ts";
import { mountPathAt, podSpecOf } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { renamedKey } from "../references/successor.ts";
import { namesWord } from "../words.ts";

/** One file of a ConfigMap, mounted by a key that it does not have: the kubelet makes an empty folder of it. */
interface Gap {
  index: number;
  file: string;
  key: string;
  map: string;
  known: string[];
}

/** The program finds a folder where it looks for its file, because the mounted key has another name now. */
export function subPathGone(crashCase: CrashCase): Finding | undefined {
  const { input, found, log, statement } = crashCase;
  const mounts = listAt(found.value, "volumeMounts");
  for (const { index, file, key, map, known } of mounts.flatMap((mount, i) => gapOf(crashCase, mount, i))) {
    const line = log.findLast(({ text }) => namesWord(text, file));
    const meant =
      known.find((one) => file.endsWith(`/${one}`)) ??
      renamedKey(input, statement.object, map, key) ??
      nearMatch(key, known) ??
      (known.length === 1 ? known[0] : undefined);
    if (!line || meant === undefined) continue;
    const rootCause = `${place(statement.object, statement.container)} finds no file at ${file}: key ${key}, which is mounted there, is not in ConfigMap ${map}.`;
    const change: ObjectChange = { object: statement.object, path: [...mountPathAt(found, index), "subPath"], before: key, after: meant };
    const words = [`Mount key ${meant} of ConfigMap ${map} at ${file} instead of ${key}`];
    return fix({ ...withLine(crashCase, line, { ...statement, failureClass: "volume-mount", rootCause }), confidence: CONFIDENCE.likely }, [change], words);
  }
  return undefined;
}

function gapOf({ input, now, statement }: CrashCase, mount: Json, index: number): Gap[] {
  const [file, key] = [textAt(mount, "mountPath"), textAt(mount, "subPath")];
  const volume = listAt(podSpecOf(now), "volumes").find((one) => textAt(one, "name") === textAt(mount, "name"));
  const map = textAt(volume, "configMap", "name");
  const made = configMapIn(input.rendered, statement.object.namespace, map);
  const known = configMapKeys(made);
  const isGap = key !== "" && made !== undefined && listAt(volume, "configMap", "items").length === 0 && !known.includes(key);
  return isGap ? [{ index, file, key, map, known }] : [];
}
