// Words that a chart's schema lists (values.schema.json, `enum`), and the one value that is none of them.
const ONE_OF = /at '\/([\w/.-]{1,200})': value must be one of ((?:'[^'\n]{1,80}'(?:, )?){1,40})/g;
const VALUE = /^([ \t]*(?:- +)*(["']?)([\w.-]{1,100})\2[ \t]*:[ \t]+)(["']?)([\w.-]{1,100})\4(?=[ \t]*(?:#|\r?\n|$))/;

/** The words that an error says are allowed for what this line sets, by the last part of the value's path; empty where it says nothing of it. */
export function wordsAllowed(error: string, line: string): string[] {
  const key = VALUE.exec(line)?.[3];
  const lists = [...error.slice(0, 20_000).matchAll(ONE_OF)].filter(([, pointer = ""]) => pointer.split("/").at(-1) === key);
  return lists.flatMap(([, , list = ""]) => [...list.matchAll(/'([^']+)'/g)].map(([, word = ""]) => word));
}

/** What a line sets, where it is one word. */
export function wordOf(line: string): string | undefined {
  return VALUE.exec(line)?.[5];
}

/** The line with another word, its quotes as they were. */
export function withWord(line: string, word: string): string {
  return line.replace(VALUE, (_, head: string, _quote: string, _key: string, quote: string) => `${head}${quote}${word}${quote}`);
}
