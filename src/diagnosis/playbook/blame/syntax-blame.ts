import { apart, type Hunk, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import { parseYaml } from "../../../source/edit/yaml-documents.ts";
import { isJson } from "../../../source/meant/text-slips.ts";

/** The files whose form is known here, by their names. */
const FORMS: readonly { name: RegExp; isFine(text: string): boolean }[] = [
  { name: /\.json$/i, isFine: isJson },
  { name: /\.ya?ml$/i, isFine: (text) => parseYaml(text).kind === "parsed" },
];

/**
 * The one change of a file without which it can be read again, where it cannot be read at all as it is: programs name the place behind it, or none (`invalid character
 * '}' looking for beginning of object key string`). Undefined where the file can be read, never could be, or where several changes are at fault.
 */
export function unreadableFor(file: string, before: string, today: string): Hunk | undefined {
  const form = FORMS.find(({ name }) => name.test(file));
  if (!form?.isFine(before) || form.isFine(today)) return undefined;
  const [only, ...more] = hunksBetween(file, before, today)
    .flatMap(apart)
    .filter((hunk) => form.isFine(putBack(today, [hunk])));
  return more.length === 0 ? only : undefined;
}

/** Whether a file of a form that is known here can be read. */
export function isReadable(file: string, text: string): boolean {
  return FORMS.some(({ name, isFine }) => name.test(file) && isFine(text));
}
