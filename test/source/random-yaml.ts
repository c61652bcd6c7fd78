import { isObject, type Json } from "../../src/cluster/objects.ts";

/** Numbers below a bound, the same for one seed. */
export type Choose = (below: number) => number;

/** mulberry32: small and good enough to choose layouts by. */
export function chooser(seed: number): Choose {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Layout {
  choose: Choose;
  step: number;
  compact: boolean;
}

const COMMENTS = [" # why", "   # a: b", "\t# tab\tin it", " #"];

/**
 * The documents as people might have written them: block and flow, all kinds of quotes, literal blocks, comments with tabs, blank lines, any indentation, LF or CRLF.
 * Independent of the editor's own writer. What it writes need not mean the same value: parse it first.
 */
export function writeYaml(documents: readonly Json[], choose: Choose): string {
  const layout: Layout = { choose, step: 2 + 2 * choose(2), compact: choose(2) === 0 };
  const texts = documents.map((value) => `${block(value, 0, layout).join("\n")}\n`);
  const text = (choose(4) === 0 ? "---\n" : "") + texts.join(choose(3) === 0 ? "--- # next\n" : "---\n");
  const ended = choose(6) === 0 ? text.replace(/\n$/, "") : text;
  return choose(4) === 0 ? ended.replaceAll("\n", "\r\n") : ended;
}

/** Lines with full indentation. */
function block(value: Json, column: number, layout: Layout): string[] {
  const { choose } = layout;
  const pad = " ".repeat(column);
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => [...between(column, layout), ...pair(`${pad}${keyText(key, choose)}:`, item, column, layout)]);
  }
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => [...between(column, layout), ...listItem(item, column, layout)]);
  return [`${pad}${inline(value, layout)}`];
}

function pair(head: string, value: Json, column: number, layout: Layout): string[] {
  const { choose, compact, step } = layout;
  const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (isNested && choose(5) > 0) return [`${head}${comment(choose)}`, ...block(value, Array.isArray(value) && compact ? column : column + step, layout)];
  if (typeof value === "string" && isLiteral(value) && choose(2) === 0) {
    const lines = value.replace(/\n$/, "").split("\n");
    return [
      `${head} |${value.endsWith("\n") ? "" : "-"}${choose(4) === 0 ? "  # text" : ""}`,
      ...lines.map((line) => (line === "" ? "" : " ".repeat(column + step) + line)),
    ];
  }
  return [`${head} ${inline(value, layout)}${comment(choose)}`];
}

function listItem(item: Json, column: number, layout: Layout): string[] {
  const { choose } = layout;
  const pad = " ".repeat(column);
  const isNested = isObject(item) && Object.keys(item).length > 0;
  if (!isNested || choose(5) === 0) return [`${pad}- ${inline(item, layout)}${comment(choose)}`];
  const [first = "", ...rest] = block(item, column + 2, { ...layout, choose: (below) => (below === 7 ? 1 : choose(below)) });
  return [`${pad}- ${first.trimStart()}`, ...rest];
}

/** Blank lines and comments between entries. */
function between(column: number, { choose }: Layout): string[] {
  const roll = choose(7) === 0 ? choose(4) : 9;
  if (roll === 0) return [""];
  if (roll === 1) return [`${" ".repeat(column)}# about what follows`];
  if (roll === 2) return ["# at the margin", ""];
  return roll === 3 ? ["   "] : [];
}

function comment(choose: Choose): string {
  return choose(5) === 0 ? (COMMENTS[choose(COMMENTS.length)] ?? "") : "";
}

function isLiteral(text: string): boolean {
  return text.includes("\n") && !/^\s|\n\n$|\r|\t|[^\n]*[ ]\n/.test(text) && text.trim() !== "";
}

function inline(value: Json, layout: Layout): string {
  const { choose } = layout;
  if (Array.isArray(value)) {
    if (value.length === 0) return choose(2) === 0 ? "[]" : "[ ]";
    return `[${value.map((item) => inline(item, layout)).join(choose(2) === 0 ? ", " : ",")}]`;
  }
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${keyText(key, choose)}: ${inline(item, layout)}`);
    return pairs.length === 0 ? "{}" : choose(2) === 0 ? `{${pairs.join(", ")}}` : `{ ${pairs.join(", ")} }`;
  }
  if (typeof value !== "string") return value === null && choose(2) === 0 ? "~" : String(value);
  const roll = choose(3);
  if (roll === 0 && /^[\x20-\x7e]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return roll === 1 && /^[\w./-][\w ./@-]*$/.test(value) && value === value.trim() ? value : JSON.stringify(value);
}

function keyText(key: string, choose: Choose): string {
  return choose(6) === 0 ? JSON.stringify(key) : /^[A-Za-z][\w./-]*$/.test(key) ? key : JSON.stringify(key);
}
