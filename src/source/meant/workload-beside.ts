import { type KubeObject, listAt, type ObjectRef, objectAt, textAt } from "../../cluster/objects.ts";
import { folderOf } from "../git/repository-paths.ts";
import type { OfferedDocument } from "../workspace.ts";
import { fitsPods, isWorkloadIn } from "./followed-selector.ts";
import { isService } from "./renamed-service.ts";

/**
 * The one workload whose manifest stands in the same file as a Service's, else in the same folder, and that no Service selects: what belongs together is kept together.
 * Undefined where none or several do.
 */
export function workloadBeside(documents: readonly OfferedDocument[], rendered: readonly KubeObject[], service: ObjectRef): KubeObject | undefined {
  const name = nameBeside(documents, service);
  const [only, ...more] = rendered.filter((object) => isWorkloadIn(object, service.namespace) && textAt(object, "metadata", "name") === name);
  const isTaken = rendered.some((other) => isService(other) && only !== undefined && fitsPods(objectAt(other, "spec", "selector"), only));
  return more.length === 0 && !isTaken ? only : undefined;
}

function nameBeside(documents: readonly OfferedDocument[], service: ObjectRef): string | undefined {
  const manifests = documents.filter(({ role }) => role === "object");
  const own = manifests.find(({ value }) => textAt(value, "kind") === "Service" && textAt(value, "metadata", "name") === service.name);
  if (!own) return undefined;
  const workloads = manifests.filter(({ value }) => listAt(value, "spec", "template", "spec", "containers").length > 0);
  const near = [workloads.filter(({ file }) => file === own.file), workloads.filter(({ file }) => folderOf(file) === folderOf(own.file))];
  const [only, ...more] = near.find((found) => found.length > 0) ?? [];
  return only && more.length === 0 ? textAt(only.value, "metadata", "name") : undefined;
}
