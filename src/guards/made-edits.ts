import type { Json } from "../cluster/objects.ts";
import { type FieldChange, sameJson } from "../source/edit/field-path.ts";
import { formatOf, isYamlFile, textValue } from "../source/edit/plain-text.ts";
import { parseYaml } from "../source/edit/yaml-documents.ts";
import type { DocumentEdit, FileChange, OfferedDocument } from "../source/workspace.ts";
import { changedDocuments } from "./changed-documents.ts";
import { applyChanges } from "./leaf-changes.ts";

/**
 * Why the files do not hold exactly the edits, or undefined. Both texts are parsed again: what was written counts, not what was meant. Only a document whose
 * text is that of an offered one, byte by byte, is known already.
 */
export function differsFromEdits(edits: readonly DocumentEdit[], files: readonly FileChange[], offered: readonly OfferedDocument[] = []): string | undefined {
  const wanted = new Set(edits.map(({ file }) => file));
  const stray = files.find(({ path }) => !wanted.has(path));
  if (stray) return `${stray.path} was not to be changed`;
  if (new Set(files.map(({ path }) => path)).size !== wanted.size || files.length !== wanted.size)
    return "not every file that was to be changed is there exactly once";
  for (const file of files) {
    const own = edits.filter((edit) => edit.file === file.path);
    const difference = fileDiffers(own, file, offered);
    if (difference) return `${file.path}: ${difference}`;
  }
  return undefined;
}

function fileDiffers(edits: readonly DocumentEdit[], { path, before, after }: FileChange, offered: readonly OfferedDocument[]): string | undefined {
  if (before === undefined) return newFileDiffers(edits, after);
  if (!isYamlFile(path)) return textDiffers(edits, { path, before, after });
  const part = changedDocuments(before, after);
  const known = offered.find(({ file, text }) => file === path && isWholeOf(text, part.before));
  const [old, now] = [known ? { kind: "parsed" as const, documents: [known] } : parseYaml(part.before), parseYaml(part.after)];
  if (old.kind === "refused" || now.kind === "refused") return "the file cannot be read as YAML";
  if (old.documents.length !== now.documents.length) return "the number of documents changed";
  const own = edits.map((edit) => ({ ...edit, document: edit.document - part.offset }));
  if (own.some(({ document }) => document < 0 || document >= old.documents.length)) return "an edit is not there";
  const odd = old.documents.findIndex(({ value }, i) => !sameJson(expected(value, own, i), now.documents[i]?.value));
  return odd < 0 ? undefined : `document ${odd + part.offset + 1} is not what the edits make of it`;
}

/** Whether a document's text is all that is there, but for comments and its marker in front of it. */
function isWholeOf(text: string, part: string): boolean {
  if (text === "" || !part.endsWith(text)) return false;
  const [rest = "", ...more] = part
    .slice(0, part.length - text.length)
    .split("\n")
    .reverse();
  return rest === "" && more.every((line) => /^\uFEFF?(?:---)?\s*$/.test(line) || line.trimStart().startsWith("#"));
}

/** What a generator reads and is no YAML is compared as what it stands for. */
function textDiffers(edits: readonly DocumentEdit[], { path, before = "", after }: FileChange): string | undefined {
  const format = formatOf(
    path,
    edits.map((edit) => edit.path),
  );
  const made = expected(textValue(path, before, format), edits, 0);
  return sameJson(made, textValue(path, after, format)) ? undefined : "the text is not what the edits make of it";
}

/** A new file comes from one edit that is the whole of its only document. */
function newFileDiffers([edit, ...more]: readonly DocumentEdit[], after: string): string | undefined {
  if (!edit || more.length > 0 || edit.path.length > 0) return "a fix makes no new file";
  const now = parseYaml(after, "proposal");
  const [document, ...others] = now.kind === "parsed" ? now.documents : [];
  return document && others.length === 0 && sameJson(document.value, edit.value) ? undefined : "the new file is not what was approved";
}

function expected(value: Json, edits: readonly DocumentEdit[], document: number): Json | undefined {
  const changes = edits.filter((edit) => edit.document === document).map(({ path, value: after }): FieldChange => ({ path, before: undefined, after }));
  return applyChanges(value, changes);
}
