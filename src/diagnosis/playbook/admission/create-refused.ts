import type { KubeObject } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { containersOf } from "../../workload.ts";
import { restoring, type Statement } from "../entry.ts";

/** A workload of whose pods the API server creates none, and why. */
export interface CreateRefusal {
  input: DiagnosisInput;
  now: KubeObject;
  message: string;
  quotes: Finding["quotes"];
}

/** Limits and requests of these resources as they were when it worked, of the one container in which they changed. */
export function resourcesBack({ input, now }: CreateRefusal, statement: Statement, resources: readonly string[]): Finding | undefined {
  const past = pastOf(input, statement.object);
  const found = containersOf(now).map(({ name, path }) => ({
    name,
    changed: changedBelow(past, now, [...path, "resources"]).filter((change) => isOf(change, resources)),
  }));
  const [only, ...others] = found.filter(({ changed }) => changed.length > 0);
  return past && only && others.length === 0 ? restoring({ ...statement, container: only.name }, past, only.changed) : undefined;
}

/** Whether a difference below `resources` is about one of these, itself or within a whole list that came or went. */
function isOf({ path, before, after }: FieldChange, resources: readonly string[]): boolean {
  if (resources.includes(String(path.at(-1)))) return true;
  return [before, after].some(
    (value) =>
      JSON.stringify(value ?? null)
        .match(/"(cpu|memory|ephemeral-storage)"/g)
        ?.some((word) => resources.includes(word.slice(1, -1))) ?? false,
  );
}
