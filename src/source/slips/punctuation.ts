// One space or dash that YAML needs and that somebody forgot: `REGION:eu`, one too many inside of an image (`nginx: 1.27`), a comma in JSON, an item of a list that
// begins without its dash, and a document without the line before it.
import { hunksBetween, linesOf, withLineAt } from "../edit/hunks.ts";
import { contentOf, indentOf, touchedLines } from "../edit/indentation.ts";
import { type BasisFile, isPlainYaml } from "./text-basis.ts";

const GLUED = /^([ \t]*(?:- +)*[A-Za-z_][\w.-]{0,100}):(?![\s/:]|$)([^\n]{1,300}\r?\n?)$/;
const KEY = /^([ \t]*)((?:- +)?)([\w.-]{1,100}):(?:\s|$)/;
/** More places than this are no slip of one hand. */
const MOST = 12;

/**
 * The file's texts with one such place mended, where its lines came or changed since the last good revision: nothing but a space, a comma, or a dash and the
 * indentation below it, or the line between two documents, differs.
 */
export function punctuated({ path, text, lastGood }: BasisFile): string[] {
  if (text === undefined || lastGood === undefined || !isPlainYaml(path)) return [];
  const lines = linesOf(text);
  const touched = touchedLines(hunksBetween(path, lastGood, text));
  const texts = lines.flatMap((line, at): string[] =>
    touched.has(at)
      ? [...spaced(lines, at, line), ...joined(lines, at, line), ...separated(path, lines, at, line), ...dashed(lines, at, touched), ...parted(lines, at)]
      : [],
  );
  return [...new Set(texts)].slice(0, MOST);
}

/** An image and its tag with a blank between them, which would be two keys of one line. */
const PARTED_IMAGE = /^([ \t]*(?:- +)*image: +[\w][\w./-]{0,200}(?::\d{1,5}\/[\w./-]{1,200})?): +([\w][\w.-]{0,127}[ \t]*\r?\n?)$/;

function joined(lines: readonly string[], at: number, line: string): string[] {
  const [, name, tag] = PARTED_IMAGE.exec(line) ?? [];
  return name === undefined || tag === undefined ? [] : [withLineAt(lines, at, `${name}:${tag}`)];
}

/** An entry of a JSON file that another one follows has a comma behind it. */
function separated(path: string, lines: readonly string[], at: number, line: string): string[] {
  const said = line.trimEnd();
  const isOpen = /["\d}\]el]$/.test(said) && /^\s*["[{]/.test(lines[at + 1] ?? "");
  return path.endsWith(".json") && isOpen ? [withLineAt(lines, at, `${said},${line.slice(said.length)}`)] : [];
}

function spaced(lines: readonly string[], at: number, line: string): string[] {
  const [, key, value] = GLUED.exec(line) ?? [];
  return key === undefined || value === undefined ? [] : [withLineAt(lines, at, `${key}: ${value}`)];
}

/** A document begins at this line: the one before it has an apiVersion already, and every other key of this one too. */
function parted(lines: readonly string[], at: number): string[] {
  if (!/^apiVersion: +\S/.test(lines[at] ?? "")) return [];
  const before = lines.slice(lines.slice(0, at).findLastIndex((line) => /^---(?:\s|$)/.test(line)) + 1, at);
  const isWhole = ["apiVersion", "kind", "metadata"].every((key) => before.some((line) => line.startsWith(`${key}:`)));
  return isWhole ? [[...lines.slice(0, at), "---\n", ...lines.slice(at)].join("")] : [];
}

/** An item begins at this line: its dash stands where those of the items before it do, and the rest of the item below its first key. */
function dashed(lines: readonly string[], at: number, touched: ReadonlySet<number>): string[] {
  const [, indent = "", dash, key] = KEY.exec(lines[at] ?? "") ?? [];
  if (dash !== "" || key === undefined) return [];
  const start = { indent, key };
  const column = beginsItem(lines, at, start) ? indent.length : isInsideItem(lines, at, start) ? indent.length - 2 : undefined;
  if (column === undefined) return [];
  let to = at + 1;
  while (to < lines.length && isInItem(lines[to] ?? "", start)) to++;
  const block = lines.slice(at, to);
  if (!block.every((_, i) => touched.has(at + i))) return [];
  // The rest may stand below the first key already.
  const by = column === indent.length && block.some((line, i) => i > 0 && indentOf(line).length === column) ? "  " : "";
  const item = block.map((line, i) => `${i === 0 ? `${" ".repeat(column)}- ` : `${indentOf(line)}${by}`}${line.slice(indentOf(line).length)}`);
  return [[...lines.slice(0, at), ...item, ...lines.slice(to)].join("")];
}

/** A second time the first key of an item, below it. */
function isInsideItem(lines: readonly string[], at: number, { indent, key }: Start): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const [, depth = "", dash = "", other] = KEY.exec(lines[i] ?? "") ?? [];
    if (other !== undefined && depth.length + 2 === indent.length && dash === "- ") return other === key;
    if (other !== undefined && depth.length < indent.length) return false;
  }
  return false;
}

interface Start {
  indent: string;
  key: string;
}

/** The first line of a group, or one with the first key of the item before it, at that item's dash. */
function beginsItem(lines: readonly string[], at: number, { indent, key }: Start): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i] ?? "";
    if (contentOf(line) === "" || contentOf(line).startsWith("#")) continue;
    const depth = indentOf(line).length;
    if (depth > indent.length) continue;
    const [, , dash, other] = KEY.exec(line) ?? [];
    if (depth === indent.length) return dash !== "" && dash !== undefined && other === key;
    return i === at - 1 && /:\s*(?:#.*)?$/.test(line);
  }
  return false;
}

function isInItem(line: string, { indent, key }: Start): boolean {
  if (contentOf(line) === "") return false;
  const depth = indentOf(line).length;
  return depth > indent.length || (depth === indent.length && !/^[ \t]*-(?:\s|$)/.test(line) && KEY.exec(line)?.[3] !== key);
}
