import { isEmptyMapping, isObject, type Json, type KubeObject, type ObjectRef, refOf, sameRef } from "./cluster/objects.ts";
import type { Proposal } from "./diagnosis/diagnosis.ts";
import { followsImage } from "./guards/beside.ts";
import { classPaths, configMapPaths } from "./guards/class-paths.ts";
import { droppedOperations } from "./guards/json-patch.ts";
import { leafChanges, leaves } from "./guards/leaf-changes.ts";
import { matchesPattern } from "./guards/path-pattern.ts";
import { configMapsOf } from "./guards/target-match.ts";
import { tryEditFiles } from "./source/edit/document-edits.ts";
import { type FieldChange, type FieldPath, getIn, samePath } from "./source/edit/field-path.ts";
import { parseProposalYaml, parseYaml } from "./source/edit/yaml-documents.ts";
import { type Difference, differences, withoutHash } from "./source/plan/differences.ts";
import { rekeyedItems } from "./source/plan/rekeyed-items.ts";
import type { DocumentEdit, OfferedDocument, Place, Workspace } from "./source/workspace.ts";

type Subject = Pick<Proposal, "failureClass" | "target" | "documents">;

/** Most values that are proven one by one; no fix needs as many. */
const MOST = 6;

/**
 * Values that a proposal gives to settings, or takes out of them, as far as rendering proves each of them to change nothing but what the failure class permits in
 * the failing object and in the ConfigMaps that it reads. That covers what nothing gave a value yet, which has no place that could be found beforehand.
 */
export async function provenChanges(workspace: Workspace, subject: Subject, offered: readonly OfferedDocument[]): Promise<Place[]> {
  const changes = offered.flatMap((document) => changesIn(document, subject.documents)).slice(0, MOST);
  const before = changes.length > 0 ? await workspace.render() : undefined;
  if (before?.kind !== "rendered") return [];
  const proven: Place[] = [];
  for (const change of changes) {
    const edited = await tryEditFiles(workspace.tree, [change]);
    const after = edited.kind === "edited" ? await workspace.renderWith(edited.files) : undefined;
    if (after?.kind !== "rendered") continue;
    const { file, document, path, within } = change;
    if (isPermitted(subject, before.objects, [...differences(before.objects, after.objects).values()])) {
      proven.push({ file, document, path, ...(within ? { within } : {}), part: "whole" });
    }
  }
  return proven;
}

/** The failing object, ConfigMaps that it reads where the class is about those, and what follows from one missing image in others. */
function isPermitted({ failureClass, target }: Subject, rendered: readonly KubeObject[], changes: readonly Difference[]): boolean {
  const own = classPaths(failureClass, { kind: target.object.kind, container: target.container });
  const failing = rendered.find((object) => sameRef(refOf(object), target.object));
  const maps = new Set([...configMapsOf(failing)].map(withoutHash));
  const patternsOf = ({ kind, name }: ObjectRef) => (kind === "ConfigMap" && maps.has(name.replace(/-#$/, "")) ? configMapPaths(failureClass) : []);
  const before = ({ object, path, wanted }: Difference): FieldChange => ({ path, before: fieldIn(rendered, object, path), after: wanted });
  const ofTarget = changes.filter(({ object }) => sameRef(object, target.object)).map(before);
  const renamed = rekeyedItems(
    rendered,
    changes.map(({ object, path, wanted }) => ({ object, path, before: fieldIn(rendered, object, path), after: wanted })),
  );
  const isFine = (change: Difference): boolean => {
    const { object, path, wanted } = change;
    // An item under another key is one scalar that changed: `mountPath`.
    const item = renamed.find(({ gone, come }) => [gone, come].some((one) => sameRef(one.object, object) && samePath(one.path, path)));
    const key = item?.change.path.at(-1);
    if (item && key !== undefined) return sameRef(object, target.object) && own.some((pattern) => matchesPattern(pattern, [...item.gone.path, key]));
    if (followsImage({ proposal: { failureClass }, target: target.object }, object, before(change), ofTarget)) return true;
    const patterns = sameRef(object, target.object) ? own : patternsOf(object);
    const paths = wanted === undefined ? [path] : leaves(path, wanted).map((leaf) => leaf.path);
    return paths.every((one) => patterns.some((pattern) => matchesPattern(pattern, one)));
  };
  return changes.length > 0 && changes.every(isFine);
}

function fieldIn(rendered: readonly KubeObject[], object: ObjectRef, path: FieldPath): Json | undefined {
  const found = rendered.find((one) => sameRef(refOf(one), object));
  return found && getIn(found, path);
}

function changesIn({ id, file, index, role, value }: OfferedDocument, proposed: Proposal["documents"]): DocumentEdit[] {
  const text = role === "settings" ? proposed.find((document) => document.id === id)?.yaml : undefined;
  const parsed = text === undefined ? undefined : parseProposalYaml(text);
  if (parsed?.kind !== "parsed") return [];
  return leafChanges(value, parsed.documents[0]).flatMap((change) => {
    const at = { file, document: index, path: change.path };
    const dropped = change.path.length === 0 ? droppedOperations(change.before, change.after) : undefined;
    if (dropped) return dropped.map((i): DocumentEdit => ({ ...at, path: [i], value: undefined }));
    const nested = nestedChanges(change);
    if (nested.length === 0 && (isScalarChange(change) || isTakenBack(change))) return [{ ...at, value: change.after }];
    return nested.map(({ path, after }): DocumentEdit => ({ ...at, within: path, value: after }));
  });
}

/** A value, an empty mapping such as that of an `emptyDir`, or a list of values such as the literals of a generator, that is given or becomes another; nothing that goes. */
function isScalarChange({ after }: FieldChange): boolean {
  const isScalar = (value: Json | undefined) => value !== undefined && value !== null && typeof value !== "object";
  return Array.isArray(after) ? after.every(isScalar) : isEmptyMapping(after) || isScalar(after);
}

/** What goes, or what a layer of values takes back from the ones below it. */
function isTakenBack({ after }: FieldChange): boolean {
  return after === undefined || after === null;
}

/** In text that holds YAML itself, such as the values of an Application, or the operations of a JSON patch. */
function nestedChanges({ before, after }: FieldChange): FieldChange[] {
  const [old, now] = [collectionIn(before), collectionIn(after)];
  const dropped = droppedOperations(old, now);
  if (dropped) return dropped.map((i) => ({ path: [i], before: getIn(old, [i]), after: undefined }));
  return old && now ? leafChanges(old, now).filter(isScalarChange) : [];
}

function collectionIn(text: Json | undefined): Json | undefined {
  const outcome = typeof text === "string" && text.includes("\n") ? parseYaml(text) : undefined;
  const value = outcome?.kind === "parsed" && outcome.documents.length === 1 ? outcome.documents[0]?.value : undefined;
  return isObject(value) || Array.isArray(value) ? value : undefined;
}
