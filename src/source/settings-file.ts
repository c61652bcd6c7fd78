import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Json } from "../cluster/objects.ts";
import { keyName, parseYaml } from "./yaml-documents.ts";

/** A settings file as plain data. `lineOf` says on which line a path begins, from 1; for what is not there, where it would be. */
export type SettingsFile =
  | { kind: "parsed"; value: Json; lineOf(path: readonly (string | number)[]): number }
  | { kind: "refused"; line: number; message: string };

/** Far more than a person writes. */
export const MAX_SETTINGS_BYTES = 64 * 1024;

/** Reads one document of plain YAML: no anchors, aliases, tags or merge keys, and no key twice. Values are for `config/` to judge. */
export function parseSettingsFile(text: string): SettingsFile {
  if (Buffer.byteLength(text) > MAX_SETTINGS_BYTES) return { kind: "refused", line: 1, message: `The file is longer than ${MAX_SETTINGS_BYTES / 1024} KiB.` };
  const outcome = parseYaml(text, "proposal");
  if (outcome.kind === "refused") {
    const last = lineAt(text, text.trimEnd().length);
    return { kind: "refused", line: Math.min(outcome.line, last), message: asSentence(outcome.message.replace(/^line \d+: /, "")) };
  }
  const [document, second] = outcome.documents;
  if (second) return { kind: "refused", line: lineAt(text, second.start) - 1, message: "There is more than one document: settings are one mapping." };
  return {
    kind: "parsed",
    value: document?.value ?? null,
    lineOf: (path) => lineAt(text, document?.node ? offsetOf(document.node, path) : 0),
  };
}

/** Where the last part of a path that is there begins: at its key, or at the entry of a list. */
function offsetOf(root: Node, path: readonly (string | number)[]): number {
  let here: unknown = root;
  let offset = root.range?.[0] ?? 0;
  for (const part of path) {
    const found = childOf(here, part);
    if (!found) return offset;
    offset = found.offset;
    here = found.value;
  }
  return offset;
}

function childOf(node: unknown, part: string | number): { offset: number; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && keyName(key) === part);
    return pair && isScalar(pair.key) && pair.key.range ? { offset: pair.key.range[0], value: pair.value } : undefined;
  }
  const item = isSeq(node) && typeof part === "number" ? node.items[part] : undefined;
  return isNode(item) && item.range ? { offset: item.range[0], value: item } : undefined;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function asSentence(words: string): string {
  const text = words.slice(0, 300).trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
