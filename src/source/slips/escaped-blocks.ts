import { linesOf, withLineAt } from "../edit/hunks.ts";
import type { FileChange } from "../workspace.ts";
import { isTemplate } from "./template-quotes.ts";
import type { BasisFile } from "./text-basis.ts";

/** A block that a template writes no deeper than the key that should hold it: it lands in what stands around the key. */
export interface EscapedBlock {
  /** As written: `nindent 8`. */
  wrong: string;
  right: string;
  change: FileChange;
}

const KEY = /^( *)(?:- )?[\w.-]{1,60}: *\r?\n?$/;
const BLOCK = /^( *)\{\{-[^{}\n]{1,500}\| ?nindent (\d{1,3}) *-?\}\} *\r?\n?$/;
const CONDITION = /^ *\{\{-? *(?:if|with|range)\b[^{}\n]*\}\} *\r?\n?$/;

/** The same with the block as deep as its action stands, right below the key. Only lines that came or changed since the last good revision. */
export function escapedBlocks(files: readonly BasisFile[]): EscapedBlock[] {
  return files.flatMap(({ path, text, lastGood }) => {
    if (text === undefined || !isTemplate(path)) return [];
    const then = new Set(linesOf(lastGood ?? ""));
    const lines = linesOf(text);
    return lines.flatMap((line, at): EscapedBlock[] => {
      const [, indent = "", columns] = BLOCK.exec(line) ?? [];
      const holder = lines.slice(0, at).findLast((one) => !CONDITION.test(one));
      const key = KEY.exec(holder ?? "")?.[1]?.length;
      const isEscaped = columns !== undefined && key !== undefined && Number(columns) <= key && indent.length > key;
      if (!isEscaped || then.has(line)) return [];
      const meant = line.replace(/\| ?nindent \d{1,3}/, `| nindent ${indent.length}`);
      return [{ wrong: `nindent ${columns}`, right: `nindent ${indent.length}`, change: { path, before: text, after: withLineAt(lines, at, meant) } }];
    });
  });
}
