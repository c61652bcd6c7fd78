/** Nobody names the cause behind this many characters of a line. */
const CHARACTERS = 4000;

/** Whether a text holds a word, with no letter, digit or underscore next to it. Linear in the text. */
export function namesWord(text: string, word: string): boolean {
  if (word === "") return false;
  const limited = text.slice(0, CHARACTERS);
  for (let i = limited.indexOf(word); i >= 0; i = limited.indexOf(word, i + 1)) {
    if (!isPart(limited[i - 1]) && !isPart(limited[i + word.length])) return true;
  }
  return false;
}

function isPart(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}

/**
 * Whether a text names a variable, in whatever spelling its framework gives it: `DATABASE_URL`, `database_url` (pydantic), `database.url` (Spring, viper),
 * `ConnectionStrings:Orders` for `ConnectionStrings__Orders` (.NET).
 */
export function namesVariable(text: string, name: string): boolean {
  if (namesWord(text, name)) return true;
  const wanted = plain(name);
  if (wanted.length < 6 || !/[_.-]/.test(name)) return false;
  return (text.slice(0, CHARACTERS).match(/[A-Za-z][\w.:-]{4,200}/g) ?? []).some((word) => plain(word) === wanted);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * Whether a text says all words of a variable's name, in any order and written out: `application encryption key` for `APP_KEY`, `KafkaOptions … BootstrapServers` for
 * `Kafka__BootstrapServers`. The first of many is often the framework's, or the program's own.
 */
export function speaksOf(text: string, name: string): boolean {
  const said = text.slice(0, CHARACTERS).match(/[A-Za-z][A-Za-z0-9]*/g) ?? [];
  const words = new Set(said.flatMap((word) => [word.toLowerCase(), ...partsOf(word)]));
  const wanted = partsOf(name);
  const telling = wanted.length > 2 ? wanted.slice(1) : wanted;
  return telling.length >= 2 && telling.every((part) => part.length >= 3 && [...words].some((word) => word === part || isWrittenOut(part, word)));
}

/** `app` and `application`; a plural is the same word. */
function isWrittenOut(short: string, word: string): boolean {
  return word.startsWith(short) && (short.length <= 4 || word.length - short.length <= 2);
}

function partsOf(name: string): string[] {
  return (name.match(/[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])/g) ?? []).map((part) => part.toLowerCase());
}
