import { linesOf, withLineAt } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { lacksClosingQuote, mayLackQuotes, QUOTABLE, quotedForms } from "../../source/slips/quoted-value.ts";
import { AROUND, onlyBroken } from "./layout.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/**
 * The one value that YAML does not take as the text that it was meant as (`Sale: everything must go`, `*.example.com`, `"and so on`): in quotes it says what was written, and
 * everything renders. Undefined where two lines would do, or one in two ways.
 */
export async function putIntoQuotes(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const broken = onlyBroken(sources.basis, QUOTABLE);
  if (!broken) return undefined;
  const found: TextRepair[] = [];
  const lines = linesOf(broken.text);
  for (const [at, line] of lines.entries()) {
    // The parser notices a quotation mark that is missing far behind the line that lacks it.
    if (Math.abs(at - broken.line) > AROUND && !lacksClosingQuote(line)) continue;
    for (const form of quotedForms(line)) {
      const text = withLineAt(lines, at, form.line);
      if (!mayLackQuotes(sources.basis.hasLastGood, broken, at, form) || parseYaml(text).kind !== "parsed") continue;
      const repair = repairOf("quotes", broken.path, broken.text, text);
      if (await renders.valid(sources.workspace, repair.files)) found.push(repair);
    }
  }
  return found.length === 1 ? found[0] : undefined;
}
