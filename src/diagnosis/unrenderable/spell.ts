import { linesOf } from "../../source/hunks.ts";
import { withWord, wordOf, wordsAllowed } from "../../source/schema-words.ts";
import { isPlainYaml } from "../../source/text-basis.ts";
import { nearMatch } from "../near-match.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** The one value that a chart's schema does not list, spelt like the only word of the list that is almost the same. Undefined where several values would do. */
export async function spell({ basis, workspace, message }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const candidates = basis.files.flatMap(({ path, text }) => {
    const lines = text !== undefined && isPlainYaml(path) ? linesOf(text) : [];
    return lines.flatMap((line, at) => {
      const word = nearMatch(wordOf(line) ?? "", wordsAllowed(message, line));
      return word === undefined ? [] : [repairOf("word", path, text ?? "", [...lines.slice(0, at), withWord(line, word), ...lines.slice(at + 1)].join(""))];
    });
  });
  const found: TextRepair[] = [];
  for (const candidate of candidates.slice(0, MOST)) if (await renders.try(workspace, candidate.files)) found.push(candidate);
  return found.length === 1 ? found[0] : undefined;
}

/** Values that are tried: each costs a rendering. */
const MOST = 5;
