import { isCollection, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, visit } from "yaml";
import { linesOf } from "../edit/hunks.ts";

/**
 * A file of YAML in which one key of a mapping stands twice, with lists or mappings that have nothing in common: strict readers refuse it. What the second one holds
 * comes behind what the first one does. Undefined where nothing stands twice, or several things, or both hold an entry of one name.
 */
export function withJoinedKey(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const [doubled, ...more] = doubledIn(text);
  if (!doubled || more.length > 0 || !haveNothingInCommon(doubled.first.value, doubled.second.value)) return undefined;
  const lines = linesOf(text);
  const [first, second] = [doubled.first, doubled.second].map(({ key }) => blockAt(lines, text.slice(0, startOf(key)).split("\n").length - 1));
  if (!first || !second) return undefined;
  const [own, come] = [lines.slice(first.from, first.to), lines.slice(second.from, second.to)];
  const moved = come.map((line) => (line.trim() === "" ? line : `${" ".repeat(first.depth)}${line.slice(second.depth)}`));
  const head = [...lines.slice(0, first.from), ...own, ...moved, ...lines.slice(first.to, second.from - 1)];
  return [...head, ...lines.slice(second.to)].join("");
}

const LONGEST = 200_000;

interface Doubled {
  first: Pair<unknown, unknown>;
  second: Pair<unknown, unknown>;
}

function doubledIn(text: string): Doubled[] {
  const found: Doubled[] = [];
  for (const document of parseAllDocuments(text, { uniqueKeys: false })) {
    if (!("errors" in document) || document.errors.length > 0) return [];
    visit(document, {
      Map(_, { items, flow }) {
        for (const [i, second] of items.entries()) {
          const first = items.slice(0, i).find(({ key }) => isScalar(key) && isScalar(second.key) && key.value === second.key.value);
          if (first && !flow) found.push({ first, second });
        }
      },
    });
  }
  return found;
}

/** Both are lists of named items or both are mappings, over several lines, and no name stands in both. */
function haveNothingInCommon(first: unknown, second: unknown): boolean {
  const [own, come] = [namesIn(first), namesIn(second)];
  return own !== undefined && come !== undefined && isSeq(first) === isSeq(second) && come.every((name) => !own.includes(name));
}

function namesIn(value: unknown): unknown[] | undefined {
  if (!isCollection(value) || value.flow || value.items.length === 0) return undefined;
  if (isMap(value)) return value.items.map(({ key }) => (isScalar(key) ? key.value : undefined));
  const names = isSeq(value) ? value.items.map((item) => (isMap(item) ? item.get("name") : undefined)) : [];
  return names.includes(undefined) ? undefined : names;
}

function startOf(key: unknown): number {
  return (key as Node | null)?.range?.[0] ?? 0;
}

interface Block {
  /** Where its own lines begin and end; the key stands right before. */
  from: number;
  to: number;
  depth: number;
}

/** Undefined where the key does not stand on a line of its own. */
function blockAt(lines: readonly string[], at: number): Block | undefined {
  const indent = /^( *)["']?[\w./-]+["']?:\s*(?:#.*)?$/.exec((lines[at] ?? "").trimEnd())?.[1]?.length;
  const depthOf = (line: string | undefined) => (line ?? "").length - (line ?? "").trimStart().length;
  const depth = depthOf(lines[at + 1]);
  if (indent === undefined || depth < indent || (depth === indent && !lines[at + 1]?.trimStart().startsWith("- "))) return undefined;
  let to = at + 1;
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.trim() === "") continue;
    if (depthOf(line) < depth || (depth === indent && depthOf(line) === depth && !line.trimStart().startsWith("- "))) break;
    to = i + 1;
  }
  return { from: at + 1, to, depth };
}
