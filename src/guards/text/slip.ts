import { lineSlipsMended } from "../../source/slips/line-slips.ts";
import type { GateInput } from "../gate.ts";

/** Whether all that changes is a slip in one action of a template that came since the last good revision: a brace, or `nindent` for `indent`; or the commas of one value for `--set`. */
export function isSlipMended({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  const file = texts?.hasLastGood ? texts.files.find((one) => one.path === path) : undefined;
  return file !== undefined && lineSlipsMended(file).includes(text);
}
