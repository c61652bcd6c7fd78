import { isObject, type Json, type KubeObject, type ObjectRef, refOf, sameRef } from "../../cluster/objects.ts";
import { tryEditFiles } from "../edit/document-edits.ts";
import { type FieldPath, getIn, listKey, type Segment, sameJson, samePath } from "../edit/field-path.ts";
import { imageParts } from "../image-reference.ts";
import { refused } from "../refusal.ts";
import type { Place, SourceRefusal } from "../workspace.ts";
import { type Candidate, candidatesFor, describePlace } from "./candidates.ts";
import { describeField } from "./differences.ts";
import { type NotEditable, nothingDecides } from "./nothing-decides.ts";
import type { PlanParts } from "./planner.ts";

/** Finds the one place that decides a field: changes each candidate to a sentinel, renders, and looks whether the field follows. */
export async function locateField(parts: PlanParts, object: ObjectRef, path: FieldPath): Promise<Place | SourceRefusal> {
  const field = describeField(object, path);
  if (object.kind === "Secret") return refused("secret-data", `${field} is secret data, which Kube AutoFix never edits`, []);
  const rendered = parts.objects.find((candidate) => sameRef(refOf(candidate), object));
  if (!rendered) return refused("object-not-rendered", `The source does not render ${object.kind} ${object.name}`, []);
  const value = getIn(rendered, path);
  if (value === undefined) return refused("no-place", `${field} is not set`, []);
  const leaf = firstLeaf(value);
  if (!leaf) return refused("no-place", `${field} is empty`, []);
  const found = await locateScalar(parts, object, [...path, ...leaf.path], leaf.value);
  if ("kind" in found || leaf.path.length === 0) return found;
  const whole = found.within ?? found.path;
  const cut = whole.length - leaf.path.length;
  const parent = whole.slice(0, cut);
  if (cut > 0 && samePath(whole.slice(cut), leaf.path)) return found.within ? { ...found, within: parent } : { ...found, path: parent };
  return refused("no-place", `${field} is put together from several values`, [describePlace(found)]);
}

function firstLeaf(value: Json): { path: Segment[]; value: Exclude<Json, object | null> } | undefined {
  if (typeof value !== "object") return { path: [], value };
  if (value === null) return undefined;
  const list = Array.isArray(value) ? value : undefined;
  const key = list && list.length > 0 ? listKey(list) : undefined;
  const steps: [Segment, Json][] = list
    ? list.map((item, i) => [key && isObject(item) ? { key, value: String(item[key]) } : i, item])
    : Object.entries(isObject(value) ? value : {});
  for (const [segment, item] of steps) {
    const leaf = firstLeaf(item);
    if (leaf && segment !== key) return { path: [segment, ...leaf.path], value: leaf.value };
  }
  return undefined;
}

async function locateScalar(parts: PlanParts, object: ObjectRef, path: FieldPath, value: Json): Promise<Place | SourceRefusal> {
  const field = describeField(object, path);
  const winners: Candidate[] = [];
  const notEditable: NotEditable[] = [];
  const all = candidatesFor(parts.documents, object, path, value);
  const candidates = [...all.filter(({ part }) => part !== "image-name"), ...all.filter(({ part }) => part === "image-name")];
  for (const candidate of candidates) {
    if (candidate.part === "image-name" && winners.length > 0) continue;
    const probed = await probe(parts, object, path, value, candidate);
    if (typeof probed === "object") notEditable.push(probed);
    if (probed !== "decides") continue;
    winners.push(candidate);
    if (candidate.how === "document") break;
  }
  const [winner, other] = winners;
  if (other) return refused("several-places", `${field} follows several places in git`, winners.map(describePlace));
  if (winner) {
    const { file, document, path: place, within, part } = winner;
    return { file, document, path: place, ...(within ? { within } : {}), part };
  }
  return nothingDecides(parts, { object, path }, candidates.map(describePlace), notEditable);
}

async function probe(parts: PlanParts, object: ObjectRef, path: FieldPath, value: Json, candidate: Candidate): Promise<"decides" | "not" | NotEditable> {
  const sentinel = sentinelFor(candidate, path);
  if (sentinel === undefined) return "not";
  const { file, document, path: place, within } = candidate;
  const edited = await tryEditFiles(parts.workspace.tree, [{ file, document, path: place, ...(within ? { within } : {}), value: sentinel }]);
  if (edited.kind === "refused") return { place: describePlace(candidate), code: edited.code, message: edited.message };
  const rendered = await parts.workspace.renderWith(edited.files);
  if (rendered.kind !== "rendered") return "not";
  const after = getIn(
    rendered.objects.find((other) => sameObject(other, object)),
    path,
  );
  if (after === undefined || sameJson(after, value)) return "not";
  return candidate.part !== "whole" || String(after) === String(sentinel) ? "decides" : "not";
}

function sameObject(other: KubeObject, object: ObjectRef): boolean {
  return sameRef(refOf(other), object);
}

/** Another value of the same type and shape. For an image only the tag: another name would escape the entry of `images:` that overrides it. */
function sentinelFor({ part, value }: Candidate, path: FieldPath): Json | undefined {
  if (part === "image-digest") return `sha256:${"5".repeat(64)}`;
  if (part === "image-tag") return "0.0.0-probe";
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string" || value.includes("${")) return undefined;
  if (/^\d{1,9}$/.test(value)) return String(Number(value) + 1);
  if (part === "whole" && path.at(-1) === "image") return `${imageParts(value).name}:0.0.0-probe`;
  return `${value}-probe`;
}
