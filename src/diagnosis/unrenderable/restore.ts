import { adjacent, type Hunk, hunksBetween, putBack } from "../../source/edit/hunks.ts";
import { oldKeyNewValue } from "../../source/slips/renamed-key.ts";
import type { FileChange } from "../../source/workspace.ts";
import { renamedFile } from "./references.ts";
import { saysNothing } from "./says-nothing.ts";
import { type Renders, repairOf, type Sources, type TextRepair } from "./text-repair.ts";

/** Single changes that are tried before everything is put back and taken out again one by one. */
const SINGLES = 12;
/** With more changes than this nobody can say which lines matter. */
const MOST = 200;

/**
 * The smallest set of changes since the last good revision that have to be put back so that the source renders, as far as the budget goes. Not where that would only
 * take out what a commit brought and wanted.
 */
export async function restore(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  const found = await smallest(sources, renders);
  if (found?.how !== "restored") return found;
  return saysNothing(found.hunks.map(reversed), sources.basis) && !(await losesMoved(sources, found)) ? found : undefined;
}

/** Whether a file would come back as it was that is elsewhere now and says something new: nothing that is rendered may read it there. */
async function losesMoved(sources: Sources, { files }: TextRepair): Promise<boolean> {
  for (const { path, before, after } of files) {
    const moved = before === undefined ? await renamedFile(sources, { file: "", wrong: path }) : undefined;
    if (moved !== undefined && (await sources.workspace.tree.read(moved)) !== after) return true;
  }
  return false;
}

/** A repair's hunks as changes since the last good revision. */
function reversed({ path, at, before, after }: Hunk): Hunk {
  return { path, at, before: after, after: before };
}

async function smallest(sources: Sources, renders: Renders): Promise<TextRepair | undefined> {
  if (!sources.basis.hasLastGood) return undefined;
  // A file that is new cannot be put back: to delete it is not the bot's to decide.
  const hunks = sources.basis.files.flatMap(({ path, text, lastGood }) => (lastGood === undefined ? [] : hunksBetween(path, lastGood, text)));
  if (hunks.length === 0 || hunks.length > MOST) return undefined;
  const blocks = ranked(adjacent(hunks), sources.message);
  const renderable = async (put: readonly Hunk[]) => (await renders.try(sources.workspace, filesOf(sources, put))) !== undefined;
  for (const block of blocks.slice(0, SINGLES)) {
    if (!(await renderable(block))) continue;
    const needed = await narrowed(block, renderable);
    return (await keyAlone(sources, needed, renders)) ?? made(sources, needed);
  }
  if (blocks.length < 2 || !(await renderable(blocks.flat()))) return undefined;
  let needed = blocks;
  // The likeliest culprits stay longest.
  for (const block of [...blocks].reverse()) {
    const without = needed.filter((other) => other !== block);
    if (without.length > 0 && (await renderable(without.flat()))) needed = without;
  }
  return made(sources, needed.flat());
}

/** Of a block one line, where one is enough: the rest of the change stays. */
async function narrowed(block: Hunk[], renderable: (put: readonly Hunk[]) => Promise<boolean>): Promise<Hunk[]> {
  if (block.length < 2 || block.length > 8) return block;
  const single: Hunk[] = [];
  for (const hunk of block) if (await renderable([hunk])) single.push(hunk);
  // Where each of several lines would do, only all together are what worked.
  return single.length === 1 ? single : block;
}

/** A line whose key was renamed and whose value was raised at once: the value is wanted, where it does as well. */
async function keyAlone(sources: Sources, [hunk, ...more]: readonly Hunk[], renders: Renders): Promise<TextRepair | undefined> {
  const line = hunk && more.length === 0 ? oldKeyNewValue(hunk) : undefined;
  const text = sources.basis.files.find(({ path }) => path === hunk?.path)?.text;
  if (!hunk || line === undefined || text === undefined) return undefined;
  const repair = repairOf("key", hunk.path, text, putBack(text, [{ ...hunk, before: [line] }]));
  return (await renders.try(sources.workspace, repair.files)) && repair;
}

function made(sources: Sources, hunks: Hunk[]): TextRepair {
  return { how: "restored", files: filesOf(sources, hunks), hunks: hunks.map(({ path, at, before, after }) => ({ path, at, before: after, after: before })) };
}

function filesOf({ basis }: Sources, put: readonly Hunk[]): FileChange[] {
  return basis.files.flatMap(({ path, text }): FileChange[] => {
    const own = put.filter((hunk) => hunk.path === path);
    return own.length === 0 ? [] : [{ path, before: text, after: putBack(text ?? "", own) }];
  });
}

/** What the error names comes first, then what is small. The text is untrusted: it orders the search and decides nothing. */
function ranked(blocks: Hunk[][], message: string): Hunk[][] {
  const lines = new Set([...message.slice(0, 8000).matchAll(/\bline (\d{1,6})\b|\.(?:ya?ml|tpl):(\d{1,6})/g)].map((match) => Number(match[1] ?? match[2])));
  const score = (block: Hunk[]): number => {
    const first = block[0];
    if (!first) return 0;
    const size = block.reduce((sum, { before, after }) => sum + before.length + after.length, 0);
    const isNamed = message.includes(first.path.slice(first.path.lastIndexOf("/") + 1));
    const isNear = [...lines].some((line) => block.some(({ at, after }) => line >= at - 1 && line <= at + after.length + 2));
    return (isNamed ? 200 : 0) + (isNear ? 100 : 0) - Math.min(size, 90);
  };
  return blocks
    .map((block) => ({ block, score: score(block) }))
    .sort((a, b) => b.score - a.score)
    .map(({ block }) => block);
}
