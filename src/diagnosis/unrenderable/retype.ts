import { hunksBetween, linesOf, withLineAt } from "../../source/edit/hunks.ts";
import { touchedLines } from "../../source/edit/indentation.ts";
import { isOfWrongType, retypedForm, withoutUnit } from "../../source/slips/retyped-value.ts";
import { isPlainYaml } from "../../source/slips/text-basis.ts";
import { onlyRendering, type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Values that are tried: the other searches need renderings too. */
const MOST = 10;

/**
 * The one value that renders when it is read as the other type, where it came or changed since the last good revision, or where a chart's schema says that it is of the wrong
 * one: kustomize and such schemas refuse `newTag: 1.10` and `replicas: "4"`. Undefined where several values would do.
 */
export async function retype(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const candidates = candidatesOf(sources);
  return candidates.length > MOST ? undefined : onlyRendering(sources.workspace, candidates, renders);
}

function candidatesOf({ basis, message }: Sources): TextRepair[] {
  return basis.files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || !isPlainYaml(path)) return [];
    const lines = linesOf(text);
    const touched = basis.hasLastGood && lastGood !== undefined ? touchedLines(hunksBetween(path, lastGood, text)) : undefined;
    return lines.flatMap((line, at) => {
      const isWrong = isOfWrongType(message, line);
      const form = touched?.has(at) || isWrong ? retypedForm(line)?.line : undefined;
      const bare = isWrong ? withoutUnit(line) : undefined;
      return [form, bare].flatMap((one) => (one === undefined ? [] : [repairOf("type", path, text, withLineAt(lines, at, one))]));
    });
  });
}
