import type { Scalar } from "yaml";
import { EditRefused, type Splice } from "./edit-refused.ts";

/** A block of text may change in this many of its lines at once: a scalar of YAML inside it, not a rewritten script. Lines may come, or go, together. */
const MAX_REPLACED = 1;

/**
 * Changes single lines of a literal block (`|`), or adds or removes some; every other line keeps its bytes. Folded blocks, blocks with an indentation indicator and
 * larger changes are refused: what their lines mean depends on the lines around them. The editor's gate parses the result again.
 * @throws EditRefused `block-scalar`
 */
export function spliceLiteral(text: string, node: Scalar.Parsed, value: string): Splice {
  const header = /^\|[-+]?[ \t]*(?:[ \t]#[^\r\n]*)?\r?\n/.exec(text.slice(node.range[0], node.range[1]));
  if (node.type !== "BLOCK_LITERAL" || !header) throw refused();
  const start = node.range[0] + header[0].length;
  const source = text.slice(start, node.range[1]).split("\n");
  const [before, after] = [String(node.value).split("\n"), value.split("\n")];
  const head = common(before, after);
  const tail = common(before.slice(head).reverse(), after.slice(head).reverse());
  const removed = before.length - head - tail;
  const added = after.slice(head, after.length - tail);
  if ((removed > MAX_REPLACED && added.length > 0) || removed + head > source.length || (added.length === 0 && removed === 0)) throw refused();
  const indent = /^ */.exec(source.find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
  const eol = source[0]?.endsWith("\r") ? "\r\n" : "\n";
  const offsetOf = (line: number) => start + source.slice(0, line).reduce((sum, part) => sum + part.length + 1, 0);
  const from = offsetOf(head);
  if (from > node.range[1]) throw refused();
  const to = Math.min(offsetOf(head + removed), text.length);
  const unterminated = to === text.length && text[to - 1] !== "\n";
  const made = added.map((line) => (line === "" ? "" : indent + line) + eol).join("");
  return { from, to, text: unterminated ? made.slice(0, -eol.length) : made };
}

function common(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

function refused(): EditRefused {
  return new EditRefused("block-scalar", "the value is a block of text (| or >), of which only single lines of a literal block can be edited");
}
