// What a program says that a setting may be, in the line in which it refuses what it is.

/** How programs begin the list of what they take. */
const LIST =
  /\b(?:one of|any of|either|choose from|(?<!\bnot )(?:allowed|valid|supported|accepted|possible|permitted|known|available|expected)(?: \w{1,12})?(?: are| is)?:?|(?:values|options|choices|levels|modes)(?: are)?:)(?=[\s:([{"'|,])/gi;
const BOOLEAN = /ParseBool|\bbool(?:ean)?\b/i;
const TRUE: ReadonlySet<string> = new Set(["yes", "y", "on", "enabled", "enable", "t", "1"]);
const FALSE: ReadonlySet<string> = new Set(["no", "n", "off", "disabled", "disable", "f", "0", "none"]);
/** Words of the sentence around the list. */
const FILLERS: ReadonlySet<string> = new Set("and or but got is was not the a an to of be must value values received given instead these following".split(" "));
/** What can be a misspelt word of a list; an address is none, and neither is a host's name. */
const WORD = /^[\w -]{1,60}$/;
/** Longest list that is read, in characters. */
const LONGEST = 300;

/** The words that a complaint lists as allowed; none where it lists fewer than two. */
export function wordsAllowedBy(complaint: string): string[] {
  const text = complaint.slice(0, 2000);
  const lists = [...text.matchAll(LIST)].map(({ index, 0: start }) => {
    const [rest = ""] = text.slice(index + start.length, index + start.length + LONGEST).split(/[.;](?:\s|$)|\b(?:but|got|received)\b|\n/);
    if (!/[,|'"[({]|\bor\b/.test(rest)) return [];
    return [...new Set((rest.match(/[A-Za-z][\w-]{0,30}/g) ?? []).filter((word) => !FILLERS.has(word.toLowerCase())))];
  });
  return lists.findLast((words) => words.length >= 2) ?? [];
}

/**
 * The one allowed word that a value was surely meant to be: the same but for case and separators, one that is the other's beginning (`warning` and `warn`), or
 * almost the same by the given judgement; of booleans what means the same. Undefined where several are, or where it is allowed already.
 */
export function allowedWord(complaint: string, value: string, isAlmost: (wrong: string, right: string) => boolean): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_.]/g, "");
  const allowed = wordsAllowedBy(complaint);
  if (allowed.includes(value) || !WORD.test(value)) return undefined;
  const given = plain(value);
  const begins = (word: string) => Math.min(word.length, given.length) >= 3 && (plain(word).startsWith(given) || given.startsWith(plain(word)));
  const ways: ((word: string) => boolean)[] = [(word) => plain(word) === given, begins, (word) => isAlmost(value, word)];
  const found = ways.map((isIt) => allowed.filter(isIt)).find((words) => words.length > 0);
  if (found) return found.length === 1 ? found[0] : undefined;
  if (!BOOLEAN.test(complaint.slice(0, 2000))) return undefined;
  return TRUE.has(given) ? "true" : FALSE.has(given) ? "false" : undefined;
}
