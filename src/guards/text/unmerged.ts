// A generator that kustomize cannot merge, as git shows that it says all of its ConfigMap by itself; or one that does not say that it is merged into the base's.
import { mergedGenerators, unmergedGenerator } from "../../source/slips/unmerged-generator.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Whether all that changes is that one line; what it makes is judged against the last good revision, where there is one. */
export function isUnmerged({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  if (!texts) return false;
  const errors = renderErrors({ evidence });
  return errors.some((error) => {
    const ways = [unmergedGenerator(texts.files, error), ...mergedGenerators(texts.files, error)];
    return ways.some((change) => change?.path === path && change.after === text);
  });
}
