import { linesOf, withLineAt } from "../edit/hunks.ts";
import { nameOf } from "../git/repository-paths.ts";
import type { FileChange } from "../workspace.ts";
import { presentFiles } from "./edited-file.ts";
import type { BasisFile } from "./text-basis.ts";

/** A version that YAML reads as a number, and what was written. */
export interface QuotedVersion {
  wrong: string;
  right: string;
  change: FileChange;
}

const APP_VERSION = /^(appVersion: *)(\d{1,9}\.\d{1,9})( *(?:#.*)?\r?\n?)$/;

/** Charts whose `appVersion: 1.10` is 1.1 to templates, with quotes around it (Chart.yaml wants a text there). */
export function quotedVersions(files: readonly BasisFile[]): QuotedVersion[] {
  return presentFiles(files).flatMap(({ path, text }) => {
    const lines = nameOf(path) === "Chart.yaml" ? linesOf(text) : [];
    return lines.flatMap((line, at): QuotedVersion[] => {
      const [, key = "", written = "", rest = ""] = APP_VERSION.exec(line) ?? [];
      const read = String(Number(written));
      if (written === "" || read === written) return [];
      return [{ wrong: read, right: written, change: { path, before: text, after: withLineAt(lines, at, `${key}"${written}"${rest}`) } }];
    });
  });
}
