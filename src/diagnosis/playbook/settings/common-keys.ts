import { namesWord } from "../words.ts";

/** Keys of settings that are everyday words of log lines: `i/o timeout`, `database is locked`, `cannot reach server`. */
const COMMON = new Set(
  [
    ..."level levels logging logger message error errors debug info format output trace warn warning".split(" "),
    ..."timeout interval delay retry retries limit limits size count rate period deadline duration".split(" "),
    ..."host hosts hostname port ports address addr addresses endpoint endpoints listen bind url uri proxy".split(" "),
    ..."server servers client clients database databases cache redis queue broker brokers cluster pool connection connections".split(" "),
    ..."user username password token secret auth name names type mode path paths file files directory folder".split(" "),
    ..."enabled disabled true false null none version config default value values data storage service services app application".split(" "),
    ..."request requests response worker workers thread threads memory upstream backend root schema table index key keys http https".split(" "),
  ].map((key) => key.toLowerCase()),
);

/** Whether a word stands in lines about anything. */
export function isEveryday(word: string): boolean {
  return COMMON.has(word.toLowerCase());
}

/** Whether a message is about a word of a settings file. An everyday word has to be quoted, be told by its place in the file, or be what is found wrong. */
export function namesSettingWord(message: string, word: string, file: string): boolean {
  if (!namesWhole(message, word)) return false;
  return !isEveryday(word) || isMeant(message, word, file);
}

/** `maxmemory` is no word of `maxmemory-policy`, nor `cache` one of `cache.ttl`. */
function namesWhole(message: string, word: string): boolean {
  if (!namesWord(message, word)) return false;
  const quoted = word.replaceAll(/[^\w]/g, "\\$&");
  return new RegExp(`(?<!\\w-|\\w)${quoted}(?![\\w]|[-.]\\w)`).test(message.slice(0, 4000));
}

function isMeant(message: string, word: string, file: string): boolean {
  const text = message.slice(0, 2000);
  // A key of a JSON log line is quoted as well.
  if (new RegExp(`(["'\`])${word}\\1(?!\\s?:)`).test(text)) return true;
  const [, section] = new RegExp(`(\\w+)\\.${word}\\b`).exec(text) ?? [];
  if (section !== undefined && namesWord(file, section)) return true;
  if (new RegExp(`\\b(?:field|key|property|option|directive|setting|attribute)s? ${word}\\b (?:is |was )?(?:not|un)`, "i").test(text)) return true;
  if (
    new RegExp(
      `\\bstruct field (?:\\w+\\.)*${word} of type\\b|\\b${word} (?:is |was )?(?:required|missing|mandatory|not (?:set|defined|configured))\\b`,
      "i",
    ).test(text)
  )
    return true;
  return new RegExp(`\\b(?:invalid|unsupported|illegal) (?:log )?${word}\\b|\\b${word} (?:must|should|has to|cannot be|may not be)\\b`, "i").test(text);
}
