import { isObject } from "../../cluster/objects.ts";
import { AutofixError } from "../../errors.ts";
import type { RepositoryTree } from "../git/repository.ts";
import { indexOf } from "../git/repository-paths.ts";
import type { DocumentEdit, FileChange } from "../workspace.ts";
import { type EditOutcome, editDocument } from "./edit.ts";
import { sameJson } from "./field-path.ts";
import { editText, isYamlFile } from "./plain-text.ts";
import { parseYaml } from "./yaml-documents.ts";
import { pairLines, type YamlStyle } from "./yaml-write.ts";

export type FilesOutcome = { kind: "edited"; files: FileChange[] } | (Extract<EditOutcome, { kind: "refused" }> & { file: string });

/** Makes the edits in memory, file by file; a file that the edits leave as it is does not appear. */
export async function tryEditFiles(tree: RepositoryTree, edits: readonly DocumentEdit[]): Promise<FilesOutcome> {
  const files: FileChange[] = [];
  for (const path of new Set(edits.map(({ file }) => file))) {
    const before = await tree.read(path);
    const created = before === undefined ? newFile(edits.filter(({ file }) => file === path)) : undefined;
    if (created !== undefined) {
      files.push({ path, before: undefined, after: created });
      continue;
    }
    if (before === undefined) return { kind: "refused", code: "not-found", message: "there is no such file", file: path };
    const own = edits.filter(({ file }) => file === path);
    // A delivery's live manifest stands in for a file that no listing shows.
    const isYaml = isYamlFile(path) || !indexOf(tree).files.has(path);
    const outcome = isYaml ? editDocument(before, own) : editText(path, before, own);
    if (outcome.kind === "refused") return { ...outcome, file: path };
    if (outcome.text !== before) files.push({ path, before, after: outcome.text });
  }
  return { kind: "edited", files };
}

const STYLE: YamlStyle = { eol: "\n", step: 2, indentedLists: true, json: false };

/** The text of a file that one edit makes whole: a mapping at the root of its only document. */
function newFile([edit, ...more]: readonly DocumentEdit[]): string | undefined {
  if (!edit || more.length > 0 || edit.path.length > 0 || edit.document !== 0 || !isObject(edit.value)) return undefined;
  const lines = Object.entries(edit.value).flatMap(([key, value]) => pairLines(key, value, 0, STYLE));
  const text = lines.map((line) => `${line}\n`).join("");
  const outcome = parseYaml(text);
  return outcome.kind === "parsed" && outcome.documents.length === 1 && sameJson(outcome.documents[0]?.value, edit.value) ? text : undefined;
}

/**
 * Like {@link tryEditFiles}, for edits that passed the guards and therefore ought to be possible.
 * @throws AutofixError `source/edit-refused` where one is not
 */
export async function editFiles(tree: RepositoryTree, edits: readonly DocumentEdit[]): Promise<FileChange[]> {
  const outcome = await tryEditFiles(tree, edits);
  if (outcome.kind === "edited") return outcome.files;
  throw new AutofixError("source/edit-refused", `${outcome.file} cannot be edited: ${outcome.message}`);
}
