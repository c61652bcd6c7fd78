import { type KubeObject, objectAt, textAt } from "../../cluster/objects.ts";
import { fitsPods, isWorkloadIn } from "./followed-selector.ts";

/**
 * The keys of a Service's selector that no workload of its namespace has as labels, where the rest of it fits the pods of the Deployment that is called like the
 * Service, and no others. A StatefulSet's pods may get labels from a controller while they run (which of them leads), and are left out.
 */
export function unlabelledKeys(service: KubeObject, rendered: readonly KubeObject[]): string[] | undefined {
  const [name, namespace] = [textAt(service, "metadata", "name"), textAt(service, "metadata", "namespace")];
  const selector = objectAt(service, "spec", "selector");
  const workloads = rendered.filter((object) => isWorkloadIn(object, namespace));
  const hasKey = (key: string) => workloads.some((one) => JSON.stringify(objectAt(one, "spec")).includes(`"${key}":`));
  const gone = Object.keys(selector).filter((key) => !hasKey(key));
  const left = Object.fromEntries(Object.entries(selector).filter(([key]) => !gone.includes(key)));
  const [only, ...more] = workloads.filter((workload) => fitsPods(left, workload));
  const isOwn = only?.kind === "Deployment" && more.length === 0 && textAt(only, "metadata", "name") === name;
  return isOwn && gone.length > 0 ? gone : undefined;
}
