import type { Hunk } from "../../../source/edit/hunks.ts";
import { namesWord } from "../words.ts";

/**
 * A line says the key and the new value of an entry (`percent must be between 0 and 100, got 250`), or what its value has to be: the same key may stand in many
 * entries, so without the value only where no other entry of that key changed.
 */
export function namesEntry(message: string, hunk: Hunk, all: readonly Hunk[]): boolean {
  const [key, value] = entryOf(hunk) ?? [];
  if (key === undefined || value === undefined || !namesWord(message, key)) return false;
  if (value.length >= 2 && !/^(?:true|false|null|none)$/i.test(value) && namesWord(message, value)) return true;
  const isSaid = new RegExp(`\\b${key.replaceAll(/[^\w]/g, "\\$&")} (?:must|should|has to|cannot|may not|is (?:invalid|not valid|out of range))\\b`).test(
    message.slice(0, 2000),
  );
  return isSaid && all.filter((other) => entryOf(other)?.[0] === key).length === 1;
}

/** The key of the one entry that a place changes, and its new value. */
function entryOf({ before, after }: Hunk): [key: string, value: string] | undefined {
  const [was, is] = [before, after].map(([line = "", ...more]) => (more.length > 0 ? undefined : ENTRY.exec(line.slice(0, 500))));
  const [, key = "", value = ""] = is ?? [];
  return was && was[1] === key && value !== "" ? [key, value] : undefined;
}

const ENTRY = /^\s*(?:- )?["']?([A-Za-z_][\w.-]{1,60})["']?\s*[:=]\s*["']?([^"']*?)["']?,?\s*;?\s*$/;
