import { listAt, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { withoutHash } from "../source/plan/differences.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { configMapPaths } from "./class-paths.ts";
import type { GateInput } from "./gate.ts";
import { configMapsOf, findTarget, isAffixed } from "./target-match.ts";

/**
 * The literals of a generator are the values of a ConfigMap: one of a map that the failing workload reads may change, come or go where the class permits that of
 * ConfigMaps. What it becomes is judged on the rendered map, like any other value.
 */
export function generatorLiteralPermitted(input: GateInput, document: OfferedDocument, { path, before, after }: FieldChange): boolean {
  if (textAt(document.value, "kind") !== "Kustomization" && !/(?:^|\/)kustomization\.ya?ml$|(?:^|\/)Kustomization$/.test(document.file)) return false;
  if (configMapPaths(input.proposal.failureClass).length === 0) return false;
  const [list, entry, literals] = path;
  if (list !== "configMapGenerator" || entry === undefined || literals !== "literals") return false;
  const values = [before, after].flatMap((value) => (Array.isArray(value) ? value : [value]));
  if (!values.every((value) => value === undefined || (typeof value === "string" && /^[\w.-]{1,253}=/.test(value)))) return false;
  const generator = getIn(document.value, path.slice(0, 2));
  const name = textAt(generator, "name");
  const read = [...configMapsOf(findTarget(input.rendered, input.target))];
  return name !== "" && listAt(document.value, "secretGenerator").length === 0 && read.some((map) => isAffixed(withoutHash(map), name));
}
