import { BUILT_IN } from "../../cluster/schema-errors.ts";
import { type Hunk, hunksBetween, linesOf } from "../../source/edit/hunks.ts";
import type { TextBasis } from "../../source/slips/text-basis.ts";
import type { FileChange, Workspace } from "../../source/workspace.ts";
import type { DiagnosisInput } from "../diagnosis.ts";

/** A change of text that makes a source render again. */
export interface TextRepair {
  /**
   * Lines of the last good version; a reference to what exists; white space alone, also where only what it says is wrong; a space or a dash; quotes around one value, or its type; the key of a line, whose
   * value stays; the successor of an apiVersion; a patch of what is gone; a word that a schema lists; a folder listed as what it is; a name in a template, the
   * end of a block, or a slip in an action; two lists of one key as one.
   */
  how:
    | "restored"
    | "block"
    | "action"
    | "reference"
    | "layout"
    | "depth"
    | "punctuation"
    | "quotes"
    | "type"
    | "key"
    | "successor"
    | "leftover"
    | "word"
    | "component"
    | "name"
    | "generator"
    | "listing"
    | "doubled"
    | "needed"
    | "value";
  files: FileChange[];
  /** What changes, by line of the head. */
  hunks: Hunk[];
  /** For a reference: the names, and what they are of (a file, a chart, the kind of an object). */
  reference?: { kind: string; wrong: string; right: string; isRename: boolean };
}

/** Where the search looks, and what it asks of a result. */
export interface Sources {
  message: string;
  basis: TextBasis;
  workspace: Workspace;
  lastGood: DiagnosisInput["lastGood"];
}

/** How much rendering may cost. */
export class Renders {
  #left = 40;

  /** The objects that the source renders to with these files, or undefined where it does not, or the budget is spent. */
  async try(workspace: Workspace, files: readonly FileChange[]) {
    if (this.#left <= 0) return undefined;
    this.#left--;
    const outcome = await workspace.renderWith(files);
    return outcome.kind === "rendered" && outcome.objects.length > 0 ? outcome.objects : undefined;
  }

  /** The same where all of them fit their schemas, as far as these are built in. */
  async valid(workspace: Workspace, files: readonly FileChange[]) {
    const objects = await this.try(workspace, files);
    return objects?.every((object) => BUILT_IN.errors(object).length === 0) ? objects : undefined;
  }
}

/** The only one of some repairs with which the source renders; undefined where several do, or none. */
export async function onlyRendering(workspace: Workspace, candidates: readonly TextRepair[], renders: Renders): Promise<TextRepair | undefined> {
  const found: TextRepair[] = [];
  for (const candidate of candidates) if (await renders.try(workspace, candidate.files)) found.push(candidate);
  return found.length === 1 ? found[0] : undefined;
}

/** A repair made of one changed text. */
export function repairOf(how: TextRepair["how"], path: string, before: string, after: string): TextRepair {
  return { how, files: [{ path, before, after }], hunks: hunksBetween(path, before, after) };
}

/** Whether all lines that a repair brings stood in its files at the last good revision. */
export function comesBack({ hunks }: TextRepair, basis: TextBasis): boolean {
  return hunks.every(({ path, after }) => hadLines(basis, path, after));
}

/** Whether all lines that a repair changes stood in its files at the last good revision, as they are: then something else changed. */
export function wasThere({ hunks }: TextRepair, basis: TextBasis): boolean {
  return hunks.every(({ path, before }) => hadLines(basis, path, before));
}

function hadLines({ files }: TextBasis, path: string, lines: readonly string[]): boolean {
  const then = new Set(linesOf(files.find((file) => file.path === path)?.lastGood ?? ""));
  return lines.every((line) => then.has(line));
}
