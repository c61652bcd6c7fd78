import type colours from "picocolors";
import { layTable } from "./tables.ts";
import { wrap } from "./text.ts";
import { pause } from "./waiting.ts";

type Colours = Pick<typeof colours, "bold" | "dim" | "cyan" | "green" | "red" | "yellow" | "magenta" | "blue">;

const WIDTH = 100;
/** Where the words of a line of the timeline begin. */
const INDENT = 28;

export interface Terminal {
  write(text: string): void;
  colours: Colours;
  /** Milliseconds for which a reader gets time to read before the next act. */
  pace: number;
}

/** Whose doing a line of the timeline is. */
export type Actor = "git" | "cluster" | "autofix" | "human" | "model";

/** Everything that the demo prints. */
export class Narrator {
  readonly #terminal: Terminal;
  readonly #paint: Colours;
  #muted = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#paint = terminal.colours;
  }

  /** Nothing is printed from now on: whoever interrupts the demo does not want to read how its servers go away. */
  mute(): void {
    this.#muted = true;
  }

  title(text: string, words: string): void {
    this.#line(`\n${this.#paint.bold(text)}`);
    this.#say(words, 0, this.#paint.dim);
  }

  async act(heading: string, words: string): Promise<void> {
    await pause(this.#terminal.pace);
    this.#line(`\n${this.#paint.bold(this.#paint.cyan(`━━ ${heading} ${"━".repeat(Math.max(3, WIDTH - heading.length - 4))}`))}`);
    this.#say(words, 0, this.#paint.dim);
    this.#line("");
  }

  say(words: string): void {
    this.#say(words, 2);
  }

  /** A line of the timeline; `seconds` since the breaking push, where there was one. */
  event(actor: Actor, about: string, words: string, seconds?: number): void {
    const { yellow, green, magenta, blue, red } = this.#paint;
    const paint = { git: magenta, cluster: yellow, autofix: green, human: blue, model: red }[actor];
    const time = seconds === undefined ? "" : `+${Math.round(seconds)} s`;
    const [first = "", ...rest] = wrap(words, WIDTH - INDENT);
    this.#line(`${this.#paint.dim(time.padStart(7))}  ${paint(actor.padEnd(8))} ${about.padEnd(INDENT - 18)}${first}`);
    for (const line of rest) this.#line(" ".repeat(INDENT) + line);
  }

  /** A text of GitHub's, framed. `diff` and `markdown` say how to colour it; with `tables` a table's columns are aligned. */
  box(title: string, text: string, kind: "diff" | "markdown" | "tables" = "markdown"): void {
    const { dim, bold } = this.#paint;
    const [first = "", ...more] = wrap(title, WIDTH - 4);
    this.#line(`\n  ${dim("┌")} ${bold(first)}`);
    for (const line of more) this.#line(`  ${dim("│")} ${bold(line)}`);
    this.#line(`  ${dim("│")}`);
    for (const line of this.#painted(text, kind)) this.#line(`  ${dim("│")} ${line}`.trimEnd());
    this.#line(`  ${dim("└")}`);
    this.#line("");
  }

  proven(words: string, holds: boolean): void {
    const { green, red, bold } = this.#paint;
    this.#line(`  ${holds ? green("✔") : bold(red("✘"))} ${holds ? words : bold(words)}`);
  }

  #painted(text: string, kind: "diff" | "markdown" | "tables"): string[] {
    const room = WIDTH - 4;
    let isDiff = kind === "diff";
    return grouped(text.trimEnd()).flatMap((group) => {
      const isTable = kind === "tables" && group[0]?.startsWith("|");
      const lines = isTable ? layTable(group, room) : group.flatMap((line) => wrap(line, room));
      return lines.map((line) => {
        if (line.startsWith("```")) isDiff = line === "```diff";
        else if (isDiff) return this.#diffLine(line);
        return this.#markdownLine(line);
      });
    });
  }

  #diffLine(line: string): string {
    const { green, red, dim } = this.#paint;
    if (/^(?:\+\+\+|---|@@)/.test(line)) return dim(line);
    return line.startsWith("+") ? green(line) : line.startsWith("-") ? red(line) : line;
  }

  #markdownLine(line: string): string {
    const { bold, dim, green, red, yellow } = this.#paint;
    if (/^#+ /.test(line) || line.startsWith("**")) return bold(line);
    if (/^(?:```|<\/?(?:details|summary)|\|[-|]+\|$)/.test(line)) return dim(line);
    return line
      .replace(/⛔ refused/, (word) => red(word))
      .replace(/♻️ restored/u, (word) => yellow(word))
      .replace(/✅ passed/, (word) => green(word));
  }

  #say(words: string, indent: number, paint: (text: string) => string = (text) => text): void {
    for (const line of wrap(words, WIDTH - indent)) this.#line(" ".repeat(indent) + paint(line));
  }

  #line(text: string): void {
    if (!this.#muted) this.#terminal.write(`${text.trimEnd()}\n`);
  }
}

/** Lines, with those of one table together. */
function grouped(text: string): string[][] {
  const groups: string[][] = [];
  for (const line of text.split("\n")) {
    const last = groups.at(-1);
    if (line.startsWith("|") && last?.[0]?.startsWith("|")) last.push(line);
    else groups.push([line]);
  }
  return groups;
}
