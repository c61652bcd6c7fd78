import { AutofixError } from "../errors.ts";
import { type EditOutcome, editDocument } from "./edit.ts";
import type { RepositoryTree } from "./repository.ts";
import type { DocumentEdit, FileChange } from "./workspace.ts";

export type FilesOutcome = { kind: "edited"; files: FileChange[] } | (Extract<EditOutcome, { kind: "refused" }> & { file: string });

/** Makes the edits in memory, file by file; a file that the edits leave as it is does not appear. */
export async function tryEditFiles(tree: RepositoryTree, edits: readonly DocumentEdit[]): Promise<FilesOutcome> {
  const files: FileChange[] = [];
  for (const path of new Set(edits.map(({ file }) => file))) {
    const before = await tree.read(path);
    if (before === undefined) return { kind: "refused", code: "not-found", message: "there is no such file", file: path };
    const outcome = editDocument(
      before,
      edits.filter(({ file }) => file === path),
    );
    if (outcome.kind === "refused") return { ...outcome, file: path };
    if (outcome.text !== before) files.push({ path, before, after: outcome.text });
  }
  return { kind: "edited", files };
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
