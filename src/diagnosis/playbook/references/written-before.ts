import { textAt } from "../../../cluster/objects.ts";
import { type FieldChange, getIn } from "../../../source/edit/field-path.ts";
import { takenFromMap } from "../../../source/meant/taken-from-map.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { configMapIn, type Past } from "../../history.ts";
import { containersOf } from "../../workload.ts";

/**
 * What a container's variables were before the commit put them into a ConfigMap that it takes them from and that is not there (yet): nothing is lost where they are
 * written out again.
 */
export function writtenBefore(input: DiagnosisInput, past: Past, now: Parameters<typeof containersOf>[0], map: string): FieldChange[] {
  const made = configMapIn(input.rendered, textAt(now, "metadata", "namespace"), map);
  return containersOf(now).flatMap(({ path, value }) => {
    const then = getIn(past.object, path);
    const written = made && then !== undefined ? takenFromMap(then, value, made) : undefined;
    if (!written) return [];
    const variables: FieldChange[] =
      getIn(value, ["env"]) === undefined
        ? [{ path: [...path, "env"], before: written, after: undefined }]
        : written.map((item) => ({ path: [...path, "env", { key: "name", value: textAt(item, "name") }], before: item, after: undefined }));
    return [...variables, { path: [...path, "envFrom"], before: undefined, after: getIn(value, ["envFrom"]) }];
  });
}
