import { type Json, stringsIn } from "../../cluster/objects.ts";
import { contentOf } from "../../source/edit/indentation.ts";

/** Whether YAML reads one of these lines as the rest of the text of the line before it, as `REGION:eu` below `LOG: info`: nobody meant that. */
export function isFolded(documents: readonly { value: Json }[], lines: readonly string[]): boolean {
  const contents = lines.map(contentOf).filter((content) => content !== "");
  return documents.some(({ value }) => stringsIn(value).some((text) => contents.some((content) => joins(text, content))));
}

function joins(text: string, content: string): boolean {
  const at = text.indexOf(` ${content}`);
  return at > 0 && /\S/.test(text[at - 1] ?? "");
}
