import { type Hunk, linesOf } from "../../source/edit/hunks.ts";
import { contentOf } from "../../source/edit/indentation.ts";
import { folderOf, isKustomizationFile, joinPath } from "../../source/git/repository-paths.ts";
import type { TextBasis } from "../../source/slips/text-basis.ts";

/** A key without a value, an `end` of a template, a comment, punctuation that was left behind. */
const EMPTY = /^(?:[\w.-]{1,100}:|\{\{-?\s*end\s*-?\}\}|#.*|[^A-Za-z0-9]*)$/;

/**
 * Whether nothing that a commit wanted is lost where these lines, which came with it, are taken out again: the marks of a merge, keys without a value, what the
 * file says already, a file that does not exist or that another list has, a field that a patch takes out. What else came has a slip in it, and what it says was wanted.
 */
export function saysNothing(hunks: readonly Hunk[], basis: TextBasis): boolean {
  if (hunks.some(({ before }) => before.length > 0)) return !hunks.some((hunk) => hasNewVersion(hunk) || isReshaped(hunk) || isMovedOn(hunk, basis));
  if (hunks.some(({ after }) => after.some(isOfMerge))) return true;
  return hunks.every(({ path, after }) => {
    const known = new Set(linesOf(basis.files.find((file) => file.path === path)?.lastGood ?? "").map(contentOf));
    const isIdle = after.every((line) => EMPTY.test(contentOf(line)) || known.has(contentOf(line)));
    return isIdle || isListedInVain(path, after, basis) || onlyRemoves(after);
  });
}

/** The lines that git leaves where two branches changed the same. */
export function isOfMerge(line: string): boolean {
  return /^(?:<{7} |={7}$|>{7} |\|{7} )/.test(line.trimEnd());
}

/** Whether a version went up in lines that changed otherwise as well: that it did was wanted. */
function hasNewVersion({ before, after }: Hunk): boolean {
  const then = versionsIn(before);
  return then.length > 0 && versionsIn(after).some((version) => !then.includes(version));
}

/** Whether pairs became items with a name and a value, or the reverse, and say something else now: what they say was wanted, whatever their form. */
function isReshaped({ before, after }: Hunk): boolean {
  const isItems = (lines: readonly string[]) => lines.some((line) => /^\s*- name:\s/.test(line));
  if (isItems(before) === isItems(after) || before.length === 0 || after.length === 0) return false;
  const then = before.join("");
  return after.some((line) => {
    const value = /:\s+(\S[^\n]*?)\s*$/.exec(line)?.[1];
    return value !== undefined && !then.includes(value);
  });
}

/** Whether a file that was deleted came back under another name, with most of its lines and not all of them: what it says instead was wanted. */
function isMovedOn({ path, before }: Hunk, { files, beside }: TextBasis): boolean {
  if (files.some((file) => file.path === path && file.text !== undefined)) return false;
  const then = before.map(contentOf).filter((line) => line !== "");
  const fresh = [...files.flatMap(({ text, lastGood }) => (lastGood === undefined && text !== undefined ? [text] : [])), ...beside.values()];
  const kept = fresh.map((text) => {
    const now = new Set(linesOf(text).map(contentOf));
    return then.filter((line) => now.has(line)).length;
  });
  const most = Math.max(0, ...kept);
  return most < then.length && most * 2 >= then.length;
}

function versionsIn(lines: readonly string[]): string[] {
  return [...lines.join("").matchAll(/(?<![\w.])v?\d{1,6}(?:\.\d{1,6}){1,3}(?![\w.])/g)].map(([version]) => version);
}

/** References of a kustomization to what is not there, or to what another one of the delivery lists. */
function isListedInVain(path: string, lines: readonly string[], { files, paths }: TextBasis): boolean {
  return lines.every((line) => {
    const word = isKustomizationFile(path) ? /^[ \t]*- +["']?([\w./-]{1,300})["']?[ \t]*(?:#.*)?\r?\n?$/.exec(line)?.[1] : undefined;
    const target = word === undefined ? undefined : joinPath(folderOf(path), word);
    if (target === undefined) return false;
    const isListed = (file: string, text: string) => text.split(/[\s"',[\]]+/).some((one) => one !== "" && joinPath(folderOf(file), one) === target);
    const isFolder = [...paths].some((one) => one.startsWith(`${target}/`));
    return (
      (!paths.has(target) && !isFolder) || files.some((file) => file.path !== path && isKustomizationFile(file.path) && isListed(file.path, file.text ?? ""))
    );
  });
}

/** A JSON patch, or operations of one, that only takes fields out. */
function onlyRemoves(lines: readonly string[]): boolean {
  const operations = lines.flatMap((line) => /\bop["']?: *["']?(\w+)/.exec(line)?.[1] ?? []);
  return operations.length > 0 && operations.every((one) => one === "remove");
}
