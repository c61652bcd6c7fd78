import { hunksBetween, linesOf } from "../../source/hunks.ts";
import { touchedLines } from "../../source/indentation.ts";
import { retypedForm } from "../../source/retyped-value.ts";
import { isPlainYaml } from "../../source/text-basis.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Values that are tried: the other searches need renderings too. */
const MOST = 10;

/**
 * The one value that came or changed since the last good revision and renders when it is read as the other type: kustomize and schemas of values refuse
 * `newTag: 1.10` and `replicas: "4"`. Undefined without a last good revision, or where several values would do.
 */
export async function retype(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const candidates = sources.basis.hasLastGood ? candidatesOf(sources) : [];
  if (candidates.length > MOST) return undefined;
  const found: TextRepair[] = [];
  for (const candidate of candidates) if (await renders.try(sources.workspace, candidate.files)) found.push(candidate);
  return found.length === 1 ? found[0] : undefined;
}

function candidatesOf({ basis }: Sources): TextRepair[] {
  return basis.files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || lastGood === undefined || !isPlainYaml(path)) return [];
    const lines = linesOf(text);
    return [...touchedLines(hunksBetween(path, lastGood, text))].flatMap((at) => {
      const form = retypedForm(lines[at] ?? "");
      return form ? [repairOf("type", path, text, [...lines.slice(0, at), form.line, ...lines.slice(at + 1)].join(""))] : [];
    });
  });
}
