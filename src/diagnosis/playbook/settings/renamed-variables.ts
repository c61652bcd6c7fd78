import { isObject, type Json } from "../../../cluster/objects.ts";
import { type FieldChange, sameJson } from "../../../source/edit/field-path.ts";

/** A variable that went, and the new one with the same value. */
interface Rename {
  from: string;
  to: string;
  gone: FieldChange;
}

/**
 * Variables that one commit renamed in the same way as one that the program misses (APP_PORT and APP_HOST to SHOP_PORT and SHOP_HOST): it reads the others by
 * their old names too, though it ends at the first that it does not find.
 */
export function renamedAlike(changed: readonly FieldChange[], missed: readonly string[]): { name: string; difference: FieldChange }[] {
  const renames = renamesIn(changed);
  const known = renames.filter(({ from }) => missed.includes(from));
  const alike = renames.filter(({ from, to }) => !missed.includes(from) && known.some((one) => isSameWay([one.from, one.to], [from, to])));
  return alike.map(({ from, gone }) => ({ name: from, difference: gone }));
}

function renamesIn(changed: readonly FieldChange[]): Rename[] {
  const went = changed.filter((change) => nameOf(change) !== undefined && change.after === undefined);
  const came = changed.filter((change) => nameOf(change) !== undefined && change.before === undefined);
  return went.flatMap((gone) => {
    const candidates = came.filter(({ after }) => sameJson(contentOf(after), contentOf(gone.before)));
    const [to] = candidates;
    return to && candidates.length === 1 ? [{ from: nameOf(gone) ?? "", to: nameOf(to) ?? "", gone }] : [];
  });
}

function nameOf({ path }: FieldChange): string | undefined {
  const last = path.at(-1);
  return typeof last === "object" && path.at(-2) === "env" ? last.value : undefined;
}

function contentOf(item: Json | undefined): Json {
  return isObject(item) ? { ...item, name: null } : null;
}

/** Whether two renames put one beginning, or one ending, in the place of another. */
function isSameWay([from, to]: [string, string], [otherFrom, otherTo]: [string, string]): boolean {
  const tail = commonTail(from, to);
  const head = commonHead(from, to);
  const beginning = [from.slice(0, from.length - tail), to.slice(0, to.length - tail)] as const;
  const ending = [from.slice(head), to.slice(head)] as const;
  const begins = otherFrom.startsWith(beginning[0]) && otherTo === beginning[1] + otherFrom.slice(beginning[0].length);
  const ends = otherFrom.endsWith(ending[0]) && otherTo === otherFrom.slice(0, otherFrom.length - ending[0].length) + ending[1];
  return begins || ends;
}

function commonTail(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

function commonHead(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}
