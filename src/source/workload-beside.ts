import { listAt, type ObjectRef, textAt } from "../cluster/objects.ts";
import { folderOf } from "./repository-paths.ts";
import type { OfferedDocument } from "./workspace.ts";

/**
 * The name of the one workload whose manifest stands in the same file as a Service's, else in the same folder: what belongs together is kept together. Undefined where
 * none or several do.
 */
export function workloadBeside(documents: readonly OfferedDocument[], service: ObjectRef): string | undefined {
  const manifests = documents.filter(({ role }) => role === "object");
  const own = manifests.find(({ value }) => textAt(value, "kind") === "Service" && textAt(value, "metadata", "name") === service.name);
  if (!own) return undefined;
  const workloads = manifests.filter(({ value }) => listAt(value, "spec", "template", "spec", "containers").length > 0);
  const near = [workloads.filter(({ file }) => file === own.file), workloads.filter(({ file }) => folderOf(file) === folderOf(own.file))];
  const [only, ...more] = near.find((found) => found.length > 0) ?? [];
  return only && more.length === 0 ? textAt(only.value, "metadata", "name") : undefined;
}
