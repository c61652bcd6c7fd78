import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { type InputDocument, isKustomization } from "../input-documents.ts";
import { affixesOf } from "../render/affixes.ts";
import type { DocumentEdit } from "../workspace.ts";
import { type Candidate, describePlace } from "./candidates.ts";
import { type KustomizeNames, proposedValues } from "./proposed-values.ts";

/** What kustomize makes of names in these documents. */
export function namesIn(documents: readonly InputDocument[]): KustomizeNames {
  const generators = documents.filter(isKustomization).flatMap(({ value }) => ["configMapGenerator", "secretGenerator"].flatMap((key) => listAt(value, key)));
  return { generators: generators.map((generator) => textAt(generator, "name")).filter((name) => name !== ""), affixes: affixesOf(documents) };
}

/** Edits that belong together, and the place that they are about. */
export interface Proposal {
  candidate: Candidate;
  edits: DocumentEdit[];
}

/** The proposals of each candidate; the parts of one image belong together, so that a name and a tag can change at once. */
export function proposals(candidates: readonly Candidate[], before: Json, after: Json, names: KustomizeNames): Proposal[] {
  const parts = new Map<string, Proposal>();
  const all: Proposal[] = [];
  for (const candidate of candidates) {
    const { file, document, path, within } = candidate;
    const owner = describePlace(within ? { file, path, within: within.slice(0, -1) } : { file, path: path.slice(0, -1) });
    for (const value of proposedValues(candidate, before, after, names)) {
      if (sameJson(value, candidate.value)) continue;
      const edit = { file, document, path, ...(within ? { within } : {}), value };
      const group = candidate.part === "whole" ? undefined : parts.get(owner);
      if (group) group.edits.push(edit);
      else all.push({ candidate, edits: [edit] });
      const added = all.at(-1);
      if (!group && added && candidate.part !== "whole") parts.set(owner, added);
    }
  }
  return all;
}
