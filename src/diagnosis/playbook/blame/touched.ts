import { wordsOf } from "../../near-match.ts";
import type { CrashCase } from "../crash/crash-case.ts";

/** Words of names and values that say nothing about what they are for. */
const EVERYDAY = new Set(
  "app url uri env var the and for with not use true false yes off none null http https www com svc local cluster default value name max min size num prod dev".split(
    " ",
  ),
);

/**
 * Whether a log speaks, with any word at all, of what these texts are about: names and values of a change that nothing else speaks against. A program that ends with
 * words about another thing ends for another thing; one that says nothing may end for anything.
 */
export function touches({ log }: Pick<CrashCase, "log">, texts: readonly string[]): boolean {
  if (log.length === 0) return true;
  const spelt = texts.flatMap((text) => text.slice(0, 2000).match(/[A-Z]?[a-z]+|[A-Z]+|\d{2,}/g) ?? []);
  const words = new Set(spelt.map((word) => word.toLowerCase()).filter((word) => word.length >= 3 && !EVERYDAY.has(word)));
  const said = log.flatMap(({ text }) => wordsOf(text.slice(0, 2000).replaceAll(/([a-z])([A-Z])/g, "$1 $2")));
  return [...words].some((word) => said.some((one) => one === word || (word.length >= 4 && one.startsWith(word))));
}
