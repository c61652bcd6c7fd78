import { linesOf } from "../../source/edit/hunks.ts";
import { parseYaml, type YamlRule } from "../../source/edit/yaml-documents.ts";
import { type BasisFile, isPlainYaml, type TextBasis } from "../../source/slips/text-basis.ts";
import { isFolded } from "./folded.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Lines before and behind the one that the parser names. */
export const AROUND = 3;

/** The one file that cannot be read, and the line that the parser names, from 0; undefined where there is none, or more than one. */
export function onlyBroken({ files }: TextBasis, rules: readonly YamlRule[] = ["syntax"]): (BasisFile & { text: string; line: number }) | undefined {
  const broken = files.flatMap((file) => {
    const outcome = file.text !== undefined && isPlainYaml(file.path) ? parseYaml(file.text) : undefined;
    return file.text !== undefined && outcome?.kind === "refused" && rules.includes(outcome.rule) ? [{ ...file, text: file.text, line: outcome.line - 1 }] : [];
  });
  return broken.length === 1 ? broken[0] : undefined;
}

/** The one change of one line's indentation with which the file can be read, and the source renders to objects that fit their schemas. */
export async function repairLayout(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const only = onlyBroken(sources.basis);
  if (!only) return undefined;
  const found = new Map<string, TextRepair>();
  for (const text of candidates(only.text, only.line)) {
    const outcome = parseYaml(text);
    const repair = repairOf("layout", only.path, only.text, text);
    const moved = repair.hunks.flatMap(({ after }) => after);
    if (outcome.kind !== "parsed" || isFolded(outcome.documents, moved)) continue;
    const objects = await renders.valid(sources.workspace, repair.files);
    const key = JSON.stringify(objects);
    // YAML does not care how far a line is indented below its parent: of those that say the same the first is the most natural.
    if (objects && !found.has(key)) found.set(key, repair);
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

function candidates(text: string, line: number): string[] {
  const lines = linesOf(text);
  const texts = new Set<string>();
  for (let i = Math.max(0, line - AROUND); i <= Math.min(lines.length - 1, line + AROUND); i++) {
    const here = lines[i] ?? "";
    if (here.trim() === "") continue;
    for (const depth of depths(lines, i)) {
      const changed = `${" ".repeat(depth)}${here.trimStart()}`;
      if (changed !== here) texts.add([...lines.slice(0, i), changed, ...lines.slice(i + 1)].join(""));
    }
  }
  return [...texts];
}

/** Indentations that the neighbours have, the most natural first; a line without a tab moves by at most two columns, since more than that is no slip of a finger. */
function depths(lines: readonly string[], at: number): number[] {
  const here = /^[ \t]*/.exec(lines[at] ?? "")?.[0] ?? "";
  const near = [...lines.slice(Math.max(0, at - 6), at), ...lines.slice(at + 1, at + 7)].filter(
    (line) => line.trim() !== "" && !line.trimStart().startsWith("#"),
  );
  const known = new Set(near.flatMap((line) => (/^ *(?=[^ \t])/.test(line) ? [/^ */.exec(line)?.[0].length ?? 0] : [])));
  const above = [...lines.slice(0, at)].reverse().find((line) => line.trim() !== "") ?? "";
  const natural = (/^ */.exec(above)?.[0].length ?? 0) + (/:\s*(?:#.*)?$/.test(above) ? 2 : 0);
  const all = here.includes("\t") ? [...known, natural] : [...known].filter((depth) => Math.abs(depth - here.length) <= 2);
  return [...new Set(all)].sort((a, b) => Math.abs(a - natural) - Math.abs(b - natural) || a - b);
}
