import type { Json } from "../../cluster/objects.ts";
import { parseYaml } from "./yaml-documents.ts";
import { lineAt, offsetOf } from "./yaml-lines.ts";

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
    lineOf: (path) => lineAt(text, document?.node ? offsetOf(document.node, path).offset : 0),
  };
}

function asSentence(words: string): string {
  const text = words.slice(0, 300).trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
