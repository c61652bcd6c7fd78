import { escapedVariables } from "../../source/slips/escaped-variable.ts";
import { lineSlipsMended } from "../../source/slips/line-slips.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Whether all that changes is that a variable of a program's own is no longer Flux's to fill in: by the renderer's own words, in lines that the commit brought. */
export function isVariableEscaped({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  if (!texts?.hasLastGood) return false;
  return renderErrors({ evidence }).some((error) => {
    const [only, ...more] = escapedVariables(texts.files, error);
    return more.length === 0 && only?.path === path && only.after === text;
  });
}

/** Whether all that changes is a slip in one action of a template that came since the last good revision: a brace, or `nindent` for `indent`; or the commas of one value for `--set`. */
export function isSlipMended({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  const file = texts?.hasLastGood ? texts.files.find((one) => one.path === path) : undefined;
  return file !== undefined && lineSlipsMended(file).includes(text);
}
