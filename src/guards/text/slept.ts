import { isTemplate } from "../../source/slips/template-quotes.ts";
import type { BasisFile } from "../../source/slips/text-basis.ts";

const CONDITION = /^(\s*)\{\{-?\s*(?:if|with|range)\b([^}]*)\}\}\s*$/;
/** Longer blocks are no single setting. */
const LONGEST = 20;

/**
 * What templates say below a condition on a value that came or changed since the last good revision: it slept until the commit set the value, so that the commit
 * explains it though it did not touch it.
 * @param keys the words of the lines that the commit keeps
 */
export function sleptText(files: readonly BasisFile[], keys: ReadonlySet<string>): string {
  return files
    .filter(({ path }) => isTemplate(path))
    .flatMap(({ text = "" }) => {
      const lines = text.split("\n");
      return lines.flatMap((line, at) => {
        const [, indent = "", condition = ""] = CONDITION.exec(line.slice(0, 500)) ?? [];
        const isSet = [...condition.matchAll(/\.([A-Za-z_]\w*)(?![\w.])/g)].some(([, key = ""]) => keys.has(key));
        const length = lines.slice(at + 1, at + 1 + LONGEST).findIndex((one) => new RegExp(`^${indent}\\{\\{-?\\s*end\\b`).test(one));
        return isSet && length >= 0 ? lines.slice(at + 1, at + 1 + length) : [];
      });
    })
    .join("\n");
}
