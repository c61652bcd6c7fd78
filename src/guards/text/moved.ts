import { linesMoved } from "../../source/slips/moved-lines.ts";
import type { GateInput } from "../gate.ts";
import { renderErrors } from "../render-errors.ts";

/** Whether all that changes is the depth of lines that the commit brought, to where their key was, or to where their neighbours are, since the error says that it is unknown where it stands. */
export function areLinesMoved({ texts, evidence }: Pick<GateInput, "texts" | "evidence">, { path, text }: { path: string; text: string }): boolean {
  const file = texts?.hasLastGood ? texts.files.find((one) => one.path === path) : undefined;
  return file !== undefined && ["", ...renderErrors({ evidence })].some((error) => linesMoved(file, error).includes(text));
}
