import { at, type KubeObject, refOf, textAt } from "../../../cluster/objects.ts";
import { servicesIn } from "../../../cluster/selecting.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { changedBelow, pastOf, restore } from "../../history.ts";

/** Target ports of Services that were renamed together with the container ports of these changes: they go back with them. */
export function followingPorts(input: DiagnosisInput, workload: KubeObject, changed: readonly FieldChange[]): ObjectChange[] {
  const names = new Set(changed.flatMap(({ path, after }) => (path.at(-1) === "name" ? [after] : path.at(-2) === "ports" ? [at(after, "name")] : [])));
  return servicesIn(input.rendered, textAt(workload, "metadata", "namespace")).flatMap((service) => {
    const ports = changedBelow(pastOf(input, refOf(service)), service, ["spec", "ports"]);
    const following = ports.filter(({ path, after }) => path.at(-1) === "targetPort" && typeof after === "string" && names.has(after));
    return restore(refOf(service), following);
  });
}
