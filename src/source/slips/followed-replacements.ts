// What kustomize's `replacements` copy from or to by a name that it no longer has: replacements are told apart by field paths, which are texts.
import { type Json, listAt, textAt } from "../../cluster/objects.ts";
import type { Edit } from "../edit/edit.ts";
import { type FieldPath, getIn } from "../edit/field-path.ts";
import { hunksBetween } from "../edit/hunks.ts";
import { yamlDocuments } from "../edit/yaml-documents.ts";
import { folderOf, isKustomizationFile, joinPath } from "../git/repository-paths.ts";
import { walk } from "../plan/candidates.ts";
import type { FileChange } from "../workspace.ts";
import { edited, presentFiles } from "./edited-file.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

/** A name that a commit gave to something, and one file of replacements that follows it. */
export interface FollowedReplacement {
  wrong: string;
  right: string;
  file: FileChange;
}

/** The files of replacements that still speak of something by a name which, since the last good revision, is another one in the manifests. */
export function followedReplacements(files: readonly BasisFile[]): FollowedReplacement[] {
  const texts = presentFiles(files).filter(({ path }) => isPlainYaml(path));
  const listed = new Set(texts.filter(({ path }) => isKustomizationFile(path)).flatMap(({ path, text }) => filesListed(path, text)));
  const places = texts.filter(({ path }) => listed.has(path) || isKustomizationFile(path));
  return renamesIn(files.filter(({ path }) => !listed.has(path) && !isKustomizationFile(path))).flatMap(({ wrong, right, owners }) =>
    places.flatMap((file) => {
      const edits = yamlDocuments(file.text).flatMap(({ value }, document) =>
        replacementsIn(value).flatMap(([path, entry]) => renamings(entry, path, { wrong, right, owners }).map((edit): Edit => ({ document, ...edit }))),
      );
      return edits.length > 0 ? edited(file, edits).map((change) => ({ wrong, right, file: change })) : [];
    }),
  );
}

function filesListed(path: string, text: string): string[] {
  const entries = yamlDocuments(text).flatMap(({ value }) => listAt(value, "replacements"));
  return entries.flatMap((entry) => (textAt(entry, "path") === "" ? [] : (joinPath(folderOf(path), textAt(entry, "path")) ?? [])));
}

/** The replacements of a document: of a kustomization, or of a file that has one or a list of them. */
function replacementsIn(value: Json): [path: FieldPath, entry: Json][] {
  if (Array.isArray(value)) return value.map((entry, i) => [[i], entry]);
  const own = listAt(value, "replacements").map((entry, i): [FieldPath, Json] => [["replacements", i], entry]);
  return own.length > 0 ? own : listAt(value, "targets").length > 0 ? [[[], value]] : [];
}

function renamings(entry: Json, path: FieldPath, { wrong, right, owners }: Renamed): { path: FieldPath; value: string }[] {
  // What is selected by its name is another object than the one in whose file something got another name.
  const isOthers = (at: FieldPath) => {
    const selected = at[path.length] === "targets" ? textAt(getIn(entry, at.slice(path.length, path.length + 2)) ?? null, "select", "name") : "";
    return selected !== "" && selected !== wrong && !owners.includes(selected);
  };
  const found: { path: FieldPath; value: string }[] = [];
  const word = new RegExp(`(?<![\\w-])${wrong.replaceAll(".", "\\.")}(?![\\w-])`, "g");
  walk(entry, [...path], (node, at) => {
    if (typeof node === "string" && node.search(word) >= 0 && !isOthers(at)) found.push({ path: at, value: node.replaceAll(word, right) });
  });
  return found;
}

interface Renamed {
  wrong: string;
  right: string;
  /** The objects of the file in which it was renamed. */
  owners: readonly string[];
}

/** Names and keys of which a single line has another one, and nothing else new. */
function renamesIn(files: readonly BasisFile[]): Renamed[] {
  return files.flatMap(({ path, text, lastGood }) => {
    if (lastGood === undefined || text === undefined) return [];
    const owners = yamlDocuments(text).map(({ value }) => textAt(value, "metadata", "name"));
    return hunksBetween(path, lastGood, text).flatMap(({ before, after }) => {
      const [old, now] = [NAMED.exec(before[0] ?? ""), NAMED.exec(after[0] ?? "")];
      const isOne = before.length === 1 && after.length === 1 && old?.[1] === now?.[1] && old?.[3] === now?.[3];
      return isOne && old?.[2] !== undefined && now?.[2] !== undefined && old[2] !== now[2] ? [{ wrong: old[2], right: now[2], owners }] : [];
    });
  });
}

/** `- name: BASE_URL`, or the key of `url: https://…`. */
const NAMED = /^(\s*(?:- )?(?:name: +)?)["']?([\w.-]+)["']?(:? *(?:.*))\n?$/;
