import type { Json } from "../cluster/objects.ts";
import { adjacent, apart, type Hunk, hunksBetween, putBack } from "../source/edit/hunks.ts";
import { applyChanges, type Difference, differences, isProgress } from "../source/plan/differences.ts";
import { readTextBasis, type TextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** Renderings that the search may cost. */
const TRIES = 24;

/**
 * Lines of the last good revision with which the rendered objects become exactly the wanted ones, and nothing else changes: for what no single YAML field decides
 * (files of generators, JSON patches, values under names of their own). Undefined where there are none.
 */
export async function restoreText(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const { workspace, lastGood, rendered } = input;
  const wanted = applyChanges(rendered, changes);
  if (!lastGood || !Array.isArray(wanted)) return undefined;
  const basis = await readTextBasis(workspace, lastGood.workspace);
  const budget = { left: TRIES };
  let blocks = candidates(basis, changes);
  while (budget.left > 0) {
    const { chosen, remaining } = await putTogether(input, basis, blocks, wanted, budget);
    if (remaining === 0 && chosen.length > 0) return filesOf(basis, chosen);
    // What seemed a step may have been one into a dead end: a line that goes, where the whole is to be of another form.
    const [first] = chosen;
    if (!first) return undefined;
    blocks = blocks.filter((block) => !block.includes(first));
  }
  return undefined;
}

/** Takes every block that makes less differ and nothing else. */
async function putTogether(
  input: DiagnosisInput,
  basis: TextBasis,
  blocks: readonly Hunk[][],
  wanted: Parameters<typeof differences>[1],
  budget: { left: number },
): Promise<{ chosen: Hunk[]; remaining: number }> {
  let remaining = differences(input.rendered, wanted);
  let chosen: Hunk[] = [];
  for (const block of blocks) {
    if (remaining.size === 0 || budget.left-- <= 0) break;
    if (block.some((hunk) => chosen.includes(hunk))) continue;
    const step = await tried(input, basis, [...chosen, ...block], wanted);
    if (!step || !isProgress(remaining, step)) continue;
    chosen = [...chosen, ...block];
    remaining = step;
  }
  return { chosen, remaining: remaining.size };
}

async function tried(
  { workspace }: DiagnosisInput,
  basis: TextBasis,
  hunks: readonly Hunk[],
  wanted: Parameters<typeof differences>[1],
): Promise<Map<string, Difference> | undefined> {
  const outcome = await workspace.renderWith(filesOf(basis, hunks));
  return outcome.kind === "rendered" ? differences(outcome.objects, wanted) : undefined;
}

/** Single changes first, those that hold the wanted values before others; then the lines of which they are made, changes that stand together, and whole files. */
function candidates({ files }: TextBasis, changes: readonly ObjectChange[]): Hunk[][] {
  const words = [...new Set(changes.flatMap(({ path, before, after }) => [...textsOf(before), ...textsOf(after), String(path.at(-1))]))].filter(
    (word) => word.length > 1,
  );
  const open = files.filter(
    ({ text, lastGood }) => text !== undefined && lastGood !== undefined && text !== lastGood && !isSecret(text) && !isSecret(lastGood),
  );
  const perFile = open.map(({ path, text, lastGood }) => hunksBetween(path, lastGood, text));
  const score = (block: readonly Hunk[]) =>
    block.reduce((sum, { before, after }) => sum + words.filter((word) => [...before, ...after].some((line) => line.includes(word))).length, 0);
  const byScore = (blocks: Hunk[][]) => blocks.toSorted((a, b) => score(b) - score(a));
  const blocks = perFile.flatMap(adjacent).filter((block) => block.length > 1);
  const whole = perFile.filter((hunks) => hunks.length > 1);
  const lines = perFile.flat().flatMap((hunk) => (hunk.after.length === 0 && hunk.before.length > 1 ? apart(hunk) : []));
  return [...byScore(perFile.flat().map((hunk) => [hunk])), ...byScore(lines.map((line) => [line])), ...byScore(blocks), ...byScore(whole)];
}

function textsOf(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === "object") return Object.values(value).flatMap(textsOf);
  return String(value)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function isSecret(text: string): boolean {
  return /^kind: *["']?(?:Secret|SealedSecret)\b|^sops:/m.test(text);
}

function filesOf({ files }: TextBasis, hunks: readonly Hunk[]): FileChange[] {
  return files.flatMap(({ path, text }): FileChange[] => {
    const own = hunks.filter((hunk) => hunk.path === path);
    return own.length === 0 || text === undefined ? [] : [{ path, before: text, after: putBack(text, own) }];
  });
}
