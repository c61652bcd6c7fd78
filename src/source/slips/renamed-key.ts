import type { Hunk } from "../edit/hunks.ts";

const LINE = /^(?<lead>\s*(?:- )?)(?<key>[\w.-]{1,100}):(?<gap>[ \t]+)(?<value>\S[^\n]{0,500})(?<end>\n?)$/;

/**
 * `tag: 9.4.0` became `version: 9.4.1`: the line with its old key and its new value; the same with an anchor that went. Undefined for any other change: the key has to stand alone in its line, at
 * the same depth, and the values have to be of one form, which is the same text but for its numbers.
 */
export function oldKeyNewValue({ before, after }: Pick<Hunk, "before" | "after">): string | undefined {
  if (before.length !== 1 || after.length !== 1) return undefined;
  const [old, now] = [LINE.exec(before[0] ?? "")?.groups, LINE.exec(after[0] ?? "")?.groups];
  if (!old || !now || old.lead !== now.lead) return undefined;
  if (old.key === now.key) return withAnchor(old, now);
  if (old.value === now.value) return undefined;
  const isOneForm = /\d/.test(old.value ?? "") && form(old.value) === form(now.value);
  return isOneForm ? `${now.lead}${old.key}:${now.gap}${now.value}${now.end}` : undefined;
}

/** `memory: &memory 128Mi` became `memory: 192Mi`: the new value under the anchor that it lost, which an alias may ask for. */
function withAnchor(old: Record<string, string | undefined>, now: Record<string, string | undefined>): string | undefined {
  const anchor = /^&[\w-]{1,60} (?=\S)/.exec(old.value ?? "")?.[0];
  return anchor === undefined || /^[&*]/.test(now.value ?? "") ? undefined : `${now.lead}${now.key}:${now.gap}${anchor}${now.value}${now.end}`;
}

function form(value: string | undefined): string {
  return (value ?? "").replaceAll(/\d+/g, "0");
}
