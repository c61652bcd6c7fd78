// A name in a chart's template that leads nowhere, by helm's own error.
import { templateNames } from "../../source/slips/template-names.ts";
import type { GateInput } from "../gate.ts";
import { editDistance } from "../nearness.ts";
import { renderErrors } from "../render-errors.ts";

/**
 * Whether all that changes in a template is that one name, to the only one that is like it; what the template makes then is judged against the last good
 * revision.
 */
export function isTemplateNamed({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  const errors = renderErrors({ evidence });
  return errors.some((error) => templateNames(texts?.files ?? [], error, isMisspelling).some((one) => one.path === path && one.after === text));
}

function isMisspelling(wrong: string, right: string): boolean {
  return wrong !== right && editDistance(wrong, right, 2) <= 2;
}
