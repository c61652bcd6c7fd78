import { linesOf, withLineAt } from "../../source/edit/hunks.ts";
import { withWord, wordOf, wordsAllowed } from "../../source/meant/schema-words.ts";
import { isPlainYaml } from "../../source/slips/text-basis.ts";
import { nearMatch } from "../near-match.ts";
import { onlyRendering, type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** The one value that a chart's schema does not list, spelt like the only word of the list that is almost the same. Undefined where several values would do. */
export async function spell({ basis, workspace, message }: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const candidates = basis.files.flatMap(({ path, text }) => {
    const lines = text !== undefined && isPlainYaml(path) ? linesOf(text) : [];
    return lines.flatMap((line, at) => {
      const word = nearMatch(wordOf(line) ?? "", wordsAllowed(message, line));
      return word === undefined ? [] : [repairOf("word", path, text ?? "", withLineAt(lines, at, withWord(line, word)))];
    });
  });
  return onlyRendering(workspace, candidates.slice(0, MOST), renders);
}

/** Values that are tried: each costs a rendering. */
const MOST = 5;
