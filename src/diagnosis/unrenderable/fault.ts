import { linesOf } from "../../source/edit/hunks.ts";
import { parseYaml } from "../../source/edit/yaml-documents.ts";
import { isPlainYaml } from "../../source/slips/text-basis.ts";
import { danglingReferences } from "./references.ts";
import type { Sources } from "./text-repair.ts";

/** The place that keeps a source from being rendered. */
export interface Fault {
  file: string;
  /** From 1. */
  line: number;
  /** What is wrong there, without a full stop. */
  words: string;
}

/** Template positions as helm writes them: `shop/templates/service.yaml:9:31`, the chart's name first. */
const TEMPLATE = /\b[\w.-]{1,100}\/(templates\/[\w./-]{1,200}):(\d{1,6})(?::\d{1,6})?/g;

/** The first fault in the files themselves: text that is no YAML, a reference that leads nowhere, else the template that the error names. */
export function findFault(sources: Sources): Fault | undefined {
  const { files } = sources.basis;
  for (const { path, text } of files) {
    const outcome = text !== undefined && isPlainYaml(path) ? parseYaml(text) : undefined;
    if (text !== undefined && outcome?.kind === "refused") {
      const words = outcome.message.replace(/^line \d+: /, "");
      return { file: path, line: openQuote(text, words) ?? outcome.line, words };
    }
  }
  const [dangling] = danglingReferences(sources);
  if (dangling) {
    const text = files.find(({ path }) => path === dangling.file)?.text ?? "";
    const line = linesOf(text).findIndex((one) => one.includes(dangling.wrong)) + 1;
    return { file: dangling.file, line, words: `it refers to ${dangling.kind} ${dangling.wrong}, which does not exist` };
  }
  for (const [, template = "", line = ""] of sources.message.slice(0, 8000).matchAll(TEMPLATE)) {
    const named = files.filter(({ path, text }) => text !== undefined && path.endsWith(`/${template}`));
    if (named.length === 1 && named[0]) return { file: named[0].path, line: Number(line), words: "the template cannot be executed" };
  }
  return undefined;
}

/** The parser notices at the end of the file that a quotation mark is missing; people want the line where it is. From 1. */
function openQuote(text: string, words: string): number | undefined {
  const quote = /^Missing closing (["'])/.exec(words)?.[1];
  if (quote === undefined) return undefined;
  const line = linesOf(text).findIndex((one) => !one.trimStart().startsWith("#") && one.split(quote).length % 2 === 0);
  return line < 0 ? undefined : line + 1;
}
