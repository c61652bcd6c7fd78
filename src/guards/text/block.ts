import { blockClosed } from "../../source/slips/template-blocks.ts";
import type { GateInput } from "../gate.ts";

/** Whether all that comes is the `end` of the one block of a template that came since the last good revision without it. */
export function isBlockClosed({ texts }: Pick<GateInput, "texts">, { path, text }: { path: string; text: string }): boolean {
  const file = texts?.hasLastGood ? texts.files.find((one) => one.path === path) : undefined;
  return file !== undefined && blockClosed(file) === text;
}
