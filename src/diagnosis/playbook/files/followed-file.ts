import { objectAt } from "../../../cluster/objects.ts";
import { isToldFile } from "../../../source/meant/mounted-files.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { configMapIn } from "../../history.ts";
import { pastOfMap, type SettingChange } from "../../settings.ts";
import { containersOf } from "../../workload.ts";

/** Whether a file went from a ConfigMap where another one came, and a program is told to read that: it was renamed on purpose. */
export function isFollowed(input: DiagnosisInput, { map, file, before, after }: SettingChange): boolean {
  const now = configMapIn(input.rendered, map.namespace, map.name);
  if (file === undefined || before === undefined || after !== undefined || !now) return false;
  const old = objectAt(pastOfMap(input, now), "data");
  const came = Object.keys(objectAt(now, "data")).filter((key) => !Object.hasOwn(old, key));
  const containers = input.rendered.flatMap(containersOf).map(({ value }) => value);
  return came.some((key) => isToldFile(containers, key));
}
