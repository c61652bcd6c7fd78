// An entry of a kustomization that kustomize refuses as it is written: by its own error, in the one form in which it says the same.
import { listedWrongly } from "../../source/slips/listed-wrongly.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Whether all that changes is that: the same patches by another form, or one entry less that another one brings. */
export function isRelisted({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  if (!texts) return false;
  return renderErrors({ evidence }).some((error) => {
    const [change, ...more] = listedWrongly(texts.files, error);
    return change?.path === path && change.after === text && more.length === 0;
  });
}
