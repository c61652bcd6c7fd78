import { type KubeObject, stringsIn, textAt } from "../../../cluster/objects.ts";
import { servicesIn } from "../../../cluster/selecting.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";

/** Whether what changed led, as it was, to a Service that is gone since: put back, it would lead nowhere as well. */
export function ledToGone({ input, now }: { input: DiagnosisInput; now: KubeObject }, changed: readonly FieldChange[]): boolean {
  const namespace = textAt(now, "metadata", "namespace");
  const namesOf = (objects: readonly KubeObject[]) => servicesIn(objects, namespace).map((one) => textAt(one, "metadata", "name"));
  const today = namesOf([...input.rendered, ...input.observation.surroundings]);
  const gone = namesOf(input.lastGood?.objects ?? []).filter((name) => !today.includes(name));
  return changed.some(({ before }) => gone.some((name) => namesHost(before, name)));
}

/** Where a value is an address, or has one in it: `http://stock/`, `stock:80`, `db-0.stock`, or `stock` alone. Not where it is a path or a user. */
function namesHost(value: FieldChange["before"], name: string): boolean {
  const isAddress = new RegExp(`(?:^|://|[@,.\\s="'])${name.replaceAll(".", "\\.")}(?:$|[/:.,\\s"'])`);
  return stringsIn(value).some((text) => isAddress.test(text.slice(0, 4000)));
}
