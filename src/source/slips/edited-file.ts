import { type Edit, editDocument } from "../edit/edit.ts";
import type { FileChange } from "../workspace.ts";
import type { BasisFile } from "./text-basis.ts";

/** A file that is there, and its text. */
export interface TextFile {
  path: string;
  text: string;
}

/** The files of these that are there. */
export function presentFiles(files: readonly BasisFile[]): TextFile[] {
  return files.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

/** A file with these edits; empty where one of them cannot be made. */
export function edited({ path, text }: TextFile, edits: readonly Edit[]): FileChange[] {
  const outcome = editDocument(text, edits);
  return outcome.kind === "edited" ? [{ path, before: text, after: outcome.text }] : [];
}
