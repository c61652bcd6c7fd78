// A value that a HelmRelease takes by `targetPath` is read as `--set` reads it, where a comma begins the next value (Flux docs, "Values references"; Helm docs, "The
// format and limitations of --set"): `eu,us` is written `eu\,us`.
import { hunksBetween, linesOf, withLineAt } from "../edit/hunks.ts";
import { touchedLines } from "../edit/indentation.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

const LIST = /^([ \t]+[\w.-]{1,100}: +)([\w.:/-]{1,100}(?:,[\w.:/-]{1,100}){1,20})(\s*)$/;
/** More places than this are no slip of one hand. */
const MOST = 6;

/** The file's texts with the commas of one value escaped, on a line that came or changed since the last good revision. */
export function commasEscaped({ path, text, lastGood }: BasisFile): string[] {
  if (text === undefined || lastGood === undefined || !isPlainYaml(path)) return [];
  const lines = linesOf(text);
  const touched = touchedLines(hunksBetween(path, lastGood, text));
  const texts = lines.flatMap((line, at) => {
    const [, key, value, end] = touched.has(at) ? (LIST.exec(line) ?? []) : [];
    return value === undefined ? [] : [withLineAt(lines, at, `${key}${value.replaceAll(",", "\\,")}${end}`)];
  });
  return texts.slice(0, MOST);
}
