// A folder that kustomize says is listed as a component and is none, or the other way round.
import { componentRepair } from "../../source/slips/component-kinds.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/**
 * Whether a file changes in the one way that makes kustomize take the folder of which its own error speaks; what that brings is judged against the last good
 * revision, where there is one: the folder was listed before, and is not exchanged for another.
 */
export function isAsComponent({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  if (!texts) return false;
  const errors = renderErrors({ evidence });
  return errors.some((error) => {
    const change = componentRepair(texts.files, error);
    return change?.path === path && change.after === text;
  });
}
