import { isObject, type Json, listAt, type ObjectRef, objectAt, textAt } from "../../cluster/objects.ts";
import { isInside, nameOf } from "../git/repository-paths.ts";
import type { InputDocument } from "../input-documents.ts";
import type { OfferedDocument } from "../workspace.ts";
import { inOrderWithTargeted } from "./candidates.ts";

/** Most documents that are offered at once. */
const MAX_OFFERED = 12;
/** Longest document that is offered, in characters. */
const MAX_TEXT = 30_000;

/** The documents that a fix of this object may need: its own and patches on it, settings (kustomizations, values), then what refers to it or it refers to. */
export function offeredDocuments(documents: readonly InputDocument[], object: ObjectRef, folder: string): OfferedDocument[] {
  const open = documents.filter(({ secret, text, file }) => !secret && text.length <= MAX_TEXT && nameOf(file) !== "Chart.yaml");
  const own = inOrderWithTargeted(open, object);
  const settings = open.filter(({ role }) => role === "settings").sort((a, b) => rank(a, folder) - rank(b, folder));
  const related = open.filter((document) => document.role !== "settings" && own.some(({ value }) => isRelated(value, document.value)));
  const rest = own.length === 0 ? open : [];
  const ordered = [...new Set([...own.filter(({ role }) => role === "object"), ...own, ...settings, ...related, ...rest])].slice(0, MAX_OFFERED);
  return ordered.map(({ file, index, role, text, value, format }, i) => ({ id: `D${i + 1}`, file, index, role, text, value, ...(format ? { format } : {}) }));
}

/** The delivery's own folder first, a chart's defaults last. */
function rank({ file }: InputDocument, folder: string): number {
  return nameOf(file) === "values.yaml" ? 2 : isInside(file, folder) ? 0 : 1;
}

/** One names the other, or one selects the other's pods. */
function isRelated(own: Json, other: Json): boolean {
  if (mentions(own, textAt(other, "metadata", "name")) || mentions(other, textAt(own, "metadata", "name"))) return true;
  return selects(own, other) || selects(other, own);
}

function mentions(value: Json, name: string): boolean {
  if (name === "") return false;
  if (typeof value === "string") return value === name;
  if (Array.isArray(value)) return value.some((item) => mentions(item, name));
  return isObject(value) && Object.entries(value).some(([key, item]) => (key === "metadata" ? false : mentions(item, name)));
}

function selects(service: Json, workload: Json): boolean {
  if (textAt(service, "kind") !== "Service") return false;
  const selector = Object.entries(objectAt(service, "spec", "selector"));
  const labels = objectAt(workload, "spec", "template", "metadata", "labels");
  return selector.length > 0 && listAt(workload, "spec", "template", "spec", "containers").length > 0 && selector.some(([key, value]) => labels[key] === value);
}
