import { type KubeObject, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";

/** Whether what changed led, as it was, to a Service that is gone since: put back, it would lead nowhere as well. */
export function ledToGone({ input, now }: { input: DiagnosisInput; now: KubeObject }, changed: readonly FieldChange[]): boolean {
  const namespace = textAt(now, "metadata", "namespace");
  const servicesOf = (objects: readonly KubeObject[]) =>
    objects
      .filter((object) => object.kind === "Service" && textAt(object, "metadata", "namespace") === namespace)
      .map((one) => textAt(one, "metadata", "name"));
  const today = new Set([...servicesOf(input.rendered), ...servicesOf(input.observation.surroundings)]);
  const gone = servicesOf(input.lastGood?.objects ?? []).filter((name) => !today.has(name));
  return changed.some(({ before }) => gone.some((name) => namesHost(before, name)));
}

/** Where a value is an address, or has one in it: `http://stock/`, `stock:80`, `db-0.stock`, or `stock` alone. Not where it is a path or a user. */
function namesHost(value: FieldChange["before"], name: string): boolean {
  if (typeof value === "string") return new RegExp(`(?:^|://|[@,.\\s="'])${name.replaceAll(".", "\\.")}(?:$|[/:.,\\s"'])`).test(value.slice(0, 4000));
  if (Array.isArray(value)) return value.some((item) => namesHost(item, name));
  return typeof value === "object" && value !== null && Object.values(value).some((item) => namesHost(item, name));
}
