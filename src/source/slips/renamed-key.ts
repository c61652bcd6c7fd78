import type { Hunk } from "../edit/hunks.ts";

const LINE = /^(?<lead>\s*(?:- )?)(?<key>[\w.-]{1,100}):(?<gap>[ \t]+)(?<value>\S[^\n]{0,500})(?<end>\n?)$/;

/**
 * `tag: 9.4.0` became `version: 9.4.1`: the line with its old key and its new value. Undefined for any other change: the key has to stand alone in its line, at
 * the same depth, and the values have to be of one form, which is the same text but for its numbers.
 */
export function oldKeyNewValue({ before, after }: Pick<Hunk, "before" | "after">): string | undefined {
  if (before.length !== 1 || after.length !== 1) return undefined;
  const [old, now] = [LINE.exec(before[0] ?? "")?.groups, LINE.exec(after[0] ?? "")?.groups];
  if (!old || !now || old.lead !== now.lead || old.key === now.key || old.value === now.value) return undefined;
  const isOneForm = /\d/.test(old.value ?? "") && form(old.value) === form(now.value);
  return isOneForm ? `${now.lead}${old.key}:${now.gap}${now.value}${now.end}` : undefined;
}

function form(value: string | undefined): string {
  return (value ?? "").replaceAll(/\d+/g, "0");
}
