import { isObject, type Json, sameRef } from "./cluster/objects.ts";
import type { Proposal } from "./diagnosis/diagnosis.ts";
import { classPaths } from "./guards/class-paths.ts";
import { leafChanges, leaves } from "./guards/leaf-changes.ts";
import { matchesPattern } from "./guards/path-pattern.ts";
import { type Difference, differences } from "./source/differences.ts";
import { tryEditFiles } from "./source/document-edits.ts";
import type { FieldChange } from "./source/field-path.ts";
import type { DocumentEdit, OfferedDocument, Place, Workspace } from "./source/workspace.ts";
import { parseProposalYaml, parseYaml } from "./source/yaml-documents.ts";

type Subject = Pick<Proposal, "failureClass" | "target" | "documents">;

/** Most values that are proven one by one; no fix needs as many. */
const MOST = 6;

/**
 * Values that a proposal gives to settings where nothing (or an empty text) gave one, as far as rendering proves each to change nothing but what the failure class
 * permits in the failing object. What no scalar decides yet has no place that could be found otherwise.
 */
export async function provenAdditions(workspace: Workspace, subject: Subject, offered: readonly OfferedDocument[]): Promise<Place[]> {
  const additions = offered.flatMap((document) => additionsIn(document, subject.documents)).slice(0, MOST);
  const before = additions.length > 0 ? await workspace.render() : undefined;
  if (before?.kind !== "rendered") return [];
  const proven: Place[] = [];
  for (const addition of additions) {
    const edited = await tryEditFiles(workspace.tree, [addition]);
    const after = edited.kind === "edited" ? await workspace.renderWith(edited.files) : undefined;
    if (after?.kind !== "rendered") continue;
    const { file, document, path, within } = addition;
    if (isPermitted(subject, [...differences(before.objects, after.objects).values()])) {
      proven.push({ file, document, path, ...(within ? { within } : {}), part: "whole" });
    }
  }
  return proven;
}

function isPermitted({ failureClass, target }: Subject, changes: readonly Difference[]): boolean {
  const patterns = classPaths(failureClass, { kind: target.object.kind, container: target.container });
  const paths = changes.flatMap(({ path, wanted }) => (wanted === undefined ? [path] : leaves(path, wanted).map((leaf) => leaf.path)));
  const isTarget = changes.every(({ object }) => sameRef(object, target.object));
  return paths.length > 0 && isTarget && paths.every((path) => patterns.some((pattern) => matchesPattern(pattern, path)));
}

function additionsIn({ id, file, index, role, value }: OfferedDocument, proposed: Proposal["documents"]): DocumentEdit[] {
  const text = role === "settings" ? proposed.find((document) => document.id === id)?.yaml : undefined;
  const parsed = text === undefined ? undefined : parseProposalYaml(text);
  if (parsed?.kind !== "parsed") return [];
  return leafChanges(value, parsed.documents[0]).flatMap((change) => {
    const at = { file, document: index, path: change.path };
    if (isAddition(change)) return [{ ...at, value: change.after }];
    return nestedAdditions(change).map(({ path, after }): DocumentEdit => ({ ...at, within: path, value: after }));
  });
}

function isAddition({ before, after }: FieldChange): boolean {
  return after !== undefined && (before === undefined || before === null || before === "");
}

/** In text that holds YAML itself, such as the values of an Application. */
function nestedAdditions({ before, after }: FieldChange): FieldChange[] {
  const [old, now] = [mappingIn(before), mappingIn(after)];
  return old && now ? leafChanges(old, now).filter(isAddition) : [];
}

function mappingIn(text: Json | undefined): Json | undefined {
  const outcome = typeof text === "string" && text.includes("\n") ? parseYaml(text) : undefined;
  const value = outcome?.kind === "parsed" && outcome.documents.length === 1 ? outcome.documents[0]?.value : undefined;
  return isObject(value) ? value : undefined;
}
