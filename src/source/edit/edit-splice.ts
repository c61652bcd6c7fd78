import { isCollection, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from "yaml";
import { isObject, type Json } from "../../cluster/objects.ts";
import { spliceLiteral } from "./block-scalar.ts";
import { EditRefused, type Splice } from "./edit-refused.ts";
import { type Container, columnOf, deepEnd, isBlockScalar, isFirstOnLine, lineStart, nextLine, styleOf } from "./yaml-layout.ts";
import { type ScalarStyle, scalarText } from "./yaml-scalars.ts";
import { flowText, isNested, itemLines, keyText, nestedLines, pairLines } from "./yaml-write.ts";

/** A step down: the `index`th pair or item of a container. */
export interface Step {
  container: Container;
  index: number;
}

/** The value at a step; null where a key or dash has nothing behind it. */
function valueAt({ container, index }: Step): ParsedNode | null {
  if (isMap(container)) return container.items[index]?.value ?? null;
  return container.items[index] ?? null;
}

/** Splices for one document's text. Never re-serialises what is there. */
export class Splicer {
  readonly #text: string;
  readonly #root: ParsedNode | null;

  constructor(text: string, root: ParsedNode | null) {
    this.#text = text;
    this.#root = root;
  }

  #style(near: ParsedNode | null) {
    const style = styleOf(this.#text, this.#root);
    const first = near && isMap(near) ? near.items[0]?.key : undefined;
    const json = first ? isScalar(first) && first.type === "QUOTE_DOUBLE" && isCollection(near) && near.flow === true : this.#isJson();
    return { ...style, json };
  }

  #isJson(): boolean {
    const root = this.#root;
    return isMap(root) && root.flow === true && root.items.every(({ key }) => isScalar(key) && key.type === "QUOTE_DOUBLE");
  }

  /** Gives a key another name. */
  rename({ container, index }: Step, name: string): Splice {
    const key = isMap(container) ? container.items[index]?.key : undefined;
    if (!isScalar(key) || !key.range) throw new EditRefused("not-found", "there is no such key");
    return { from: key.range[0], to: key.range[1], text: keyText(name, key.type === "QUOTE_DOUBLE") };
  }

  /** Puts another value where one is. */
  replace(step: Step, value: Json): Splice {
    const old = valueAt(step);
    if (!old) throw new EditRefused("unsupported", "a key without a colon");
    if (isBlockScalar(old)) {
      if (typeof value === "string") return spliceLiteral(this.#text, old, value);
      throw new EditRefused("block-scalar", "the value is a block of text (| or >), which stays text");
    }
    const { range } = old;
    if (isCollection(old) && !old.flow) return this.#replaceBlock(step, old, value);
    const empty = range[0] === range[1];
    const style = this.#style(step.container);
    if (empty && isNested(value) && !step.container.flow) {
      const column = this.#columnOfStep(step);
      return this.#linesAfter(range[0], nestedLines(value, column, style), style.eol);
    }
    const text =
      typeof value === "object" && value !== null
        ? flowText(value, style.json)
        : scalarText(value, style.json ? "double" : styleOfScalar(old), step.container.flow ? "flow" : "block");
    return { from: range[0], to: range[1], text: empty && /[:-]/.test(this.#text[range[0] - 1] ?? "") ? ` ${text}` : text };
  }

  /** A block collection becomes a scalar, an empty collection, or a mapping a list and the reverse. */
  #replaceBlock(step: Step, old: Container & ParsedNode, value: Json): Splice {
    if (isNested(value)) return this.#reform(step, old, value);
    const from = isMap(step.container) ? this.#afterColon(step) : old.range[0];
    const to = deepEnd(old);
    if (/#/.test(this.#text.slice(from, old.range[0]))) throw new EditRefused("unsupported", "a comment stands between the key and its value");
    const text = typeof value === "object" && value !== null ? flowText(value, false) : scalarText(value, "plain");
    const newline = /\r?\n$/.exec(this.#text.slice(from, to))?.[0] ?? "";
    return { from, to, text: `${isMap(step.container) ? " " : ""}${text}${newline}` };
  }

  /** The lines of a block below its key, written anew. */
  #reform(step: Step, old: Container & ParsedNode, value: Json): Splice {
    const from = lineStart(this.#text, old.range[0]);
    const to = nextLine(this.#text, deepEnd(old));
    const isAlone = isMap(step.container) && !step.container.flow && isFirstOnLine(this.#text, old.range[0]) && old.anchor === undefined;
    const gone = to === undefined ? "" : this.#text.slice(from, to);
    if (!isAlone || !gone.endsWith("\n") || /(?:^|\s)[#&*]/.test(gone))
      throw new EditRefused("unsupported", "a block mapping and a list cannot become each other where anything else stands in their lines");
    const style = this.#style(step.container);
    const lines = nestedLines(value, this.#columnOfStep(step), style);
    return { from, to: from + gone.length, text: lines.map((line) => line + style.eol).join("") };
  }

  #afterColon({ container, index }: Step): number {
    const key = isMap(container) ? container.items[index]?.key : undefined;
    const colon = key ? /^\s*:/.exec(this.#text.slice(key.range[1], key.range[1] + 80)) : null;
    if (!key || !colon) throw new EditRefused("unsupported", "the key is not followed by a colon");
    return key.range[1] + colon[0].length;
  }

  #columnOfStep({ container, index }: Step): number {
    const start = isMap(container) ? container.items[index]?.key.range[0] : container.range[0];
    return columnOf(this.#text, start ?? 0);
  }

  /** Adds a pair (`key` given) or an item behind the last one, or an item before position `at`. */
  insert(container: Container, key: string | undefined, value: Json, at = container.items.length): Splice {
    if (container.flow) return this.#insertFlow(container, key, value, at);
    const style = this.#style(container);
    const column = this.#columnOfStep({ container, index: 0 });
    const lines = key === undefined ? itemLines(value, column, style) : pairLines(key, value, column, style);
    lines[0] = " ".repeat(column) + lines[0];
    if (at > 0) {
      const previous = container.items[at - 1];
      const node = isMap(container) ? container.items[at - 1]?.value : (previous as ParsedNode | undefined);
      const end = node ? deepEnd(node) : isMap(container) ? container.items[at - 1]?.key.range[1] : undefined;
      if (end === undefined) throw new EditRefused("unsupported", "there is nothing to add behind");
      return this.#linesAfter(end, lines, style.eol);
    }
    if (!isFirstOnLine(this.#text, container.range[0])) throw new EditRefused("unsupported", "the list begins on its parent's line");
    const from = lineStart(this.#text, container.range[0]);
    return { from, to: from, text: lines.map((line) => line + style.eol).join("") };
  }

  #linesAfter(end: number, lines: string[], eol: string): Splice {
    const from = nextLine(this.#text, end);
    if (from === undefined) throw new EditRefused("unsupported", "something else follows on the same line");
    const unterminated = from === this.#text.length && this.#text[from - 1] !== "\n";
    return { from, to: from, text: unterminated ? lines.map((line) => eol + line).join("") : lines.map((line) => line + eol).join("") };
  }

  #insertFlow(container: Container, key: string | undefined, value: Json, at: number): Splice {
    const json = this.#style(container).json;
    const text = (key === undefined ? "" : `${keyText(key, json)}: `) + flowText(value, json);
    if (container.items.length === 0) {
      const inside = this.#text.slice(container.range[0] + 1, container.range[1] - 1);
      if (inside.trim() !== "") throw new EditRefused("unsupported", "a comment stands in the empty collection");
      return { from: container.range[0] + 1, to: container.range[1] - 1, text };
    }
    if (at === 0) {
      const first = this.#startOf({ container, index: 0 });
      return { from: first, to: first, text: `${text}, ` };
    }
    const end = this.#endOf({ container, index: at - 1 });
    const start = this.#startOf({ container, index: at - 1 });
    const indent = isFirstOnLine(this.#text, start) ? `${styleOf(this.#text, null).eol}${this.#text.slice(lineStart(this.#text, start), start)}` : " ";
    return { from: end, to: end, text: `,${indent}${text}` };
  }

  #startOf({ container, index }: Step): number {
    const start = isMap(container) ? container.items[index]?.key.range[0] : container.items[index]?.range[0];
    if (start === undefined) throw new EditRefused("not-found", "there is no such item");
    return start;
  }

  #endOf(step: Step): number {
    const value = valueAt(step);
    if (value) return deepEnd(value);
    const key = isMap(step.container) ? step.container.items[step.index]?.key : undefined;
    if (!key) throw new EditRefused("not-found", "there is no such item");
    return key.range[1];
  }

  /** Takes a pair or an item away. `owner` is the step to the container itself, undefined for the document's root. */
  remove(step: Step, owner: Step | undefined): Splice {
    const { container, index } = step;
    if (container.items.length === 1) {
      if (!owner) throw new EditRefused("unsupported", "nothing would be left of the document");
      if (container.flow) return { from: container.range[0] + 1, to: container.range[1] - 1, text: "" };
      return this.replace(owner, isSeq(container) ? [] : {});
    }
    if (container.flow) return this.#removeFlow(step);
    const start = isSeq(container) ? this.#dashOf(step) : this.#startOf(step);
    const to = nextLine(this.#text, this.#endOf(step));
    if (to === undefined) throw new EditRefused("unsupported", "something else follows on the same line");
    if (isFirstOnLine(this.#text, start)) {
      const from = lineStart(this.#text, start);
      const last = to === this.#text.length && this.#text[to - 1] !== "\n";
      return last ? { from: this.#text[from - 2] === "\r" ? from - 2 : from - 1, to, text: "" } : { from, to, text: "" };
    }
    const next = this.#startOf({ container, index: index + 1 });
    if (index !== 0 || isSeq(container) || /\S/.test(this.#text.slice(to, next)) || /\n.*\n/.test(this.#text.slice(to, next))) {
      throw new EditRefused("unsupported", "the key shares its line with something else");
    }
    return { from: start, to: next, text: "" };
  }

  #dashOf(step: Step): number {
    const start = this.#startOf(step);
    const dash = /-[ \t]*$/.exec(this.#text.slice(lineStart(this.#text, start), start));
    if (!dash) throw new EditRefused("unsupported", "the item does not stand behind its dash");
    return lineStart(this.#text, start) + dash.index;
  }

  #removeFlow({ container, index }: Step): Splice {
    const last = index === container.items.length - 1;
    const from = last ? this.#endOf({ container, index: index - 1 }) : this.#startOf({ container, index });
    const to = last ? this.#endOf({ container, index }) : this.#startOf({ container, index: index + 1 });
    if (/#/.test(this.#text.slice(from, to))) throw new EditRefused("unsupported", "a comment may stand in the flow collection");
    return { from, to, text: "" };
  }
}

function styleOfScalar(node: ParsedNode): ScalarStyle {
  const type = isScalar(node) ? (node as Scalar.Parsed).type : undefined;
  return type === "QUOTE_SINGLE" ? "single" : type === "QUOTE_DOUBLE" ? "double" : "plain";
}

/** The item of a list that a keyed segment means, or -1. */
export function keyedIndex(list: Json, key: string, value: string): number {
  return Array.isArray(list) ? list.findIndex((item) => isObject(item) && Object.hasOwn(item, key) && String(item[key]) === value) : -1;
}
