import { listAt, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { withoutHash } from "../source/plan/differences.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { configMapPaths } from "./class-paths.ts";
import type { GateInput } from "./gate.ts";
import { configMapsOf, findTarget, isAffixed } from "./target-match.ts";

/**
 * The literals of a generator are the values of a ConfigMap: one of a map that the failing workload reads may change, come or go where the class permits that of
 * ConfigMaps; also in a new entry that is merged into the base's. What it becomes is judged on the rendered map, like any other value.
 */
export function generatorLiteralPermitted(input: GateInput, document: OfferedDocument, { path, before, after }: FieldChange): boolean {
  if (textAt(document.value, "kind") !== "Kustomization" && !/(?:^|\/)kustomization\.ya?ml$|(?:^|\/)Kustomization$/.test(document.file)) return false;
  if (configMapPaths(input.proposal.failureClass).length === 0) return false;
  const [list, entry, field] = path;
  if (list !== "configMapGenerator" || entry === undefined || path.length > 4) return false;
  const generator = getIn(document.value, path.slice(0, 2));
  const name = generator === undefined && typeof entry === "object" ? entry.value : textAt(generator, "name");
  const isMerged = generator === undefined && before === undefined && ((field === "name" && after === name) || (field === "behavior" && after === "merge"));
  if (field !== "literals" && !isMerged) return false;
  const values = [before, after].flatMap((value) => (Array.isArray(value) ? value : [value]));
  if (!isMerged && !values.every((value) => value === undefined || (typeof value === "string" && /^[\w.-]{1,253}=/.test(value)))) return false;
  const read = [...configMapsOf(findTarget(input.rendered, input.target))];
  return name !== "" && listAt(document.value, "secretGenerator").length === 0 && read.some((map) => isAffixed(withoutHash(map), name));
}
