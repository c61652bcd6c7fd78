import { isAlmost } from "../../near-match.ts";

const OPTION = /^--?([A-Za-z][\w.-]{3,60})(?:=|$)/;

/** An option that is one of before but for a typing error, and that a complaint quotes without its dashes, as the program's own setting: `>>> 'maxmemry "48mb"'`. */
export function quotesMisspelt(text: string, options: readonly string[], before: readonly string[]): boolean {
  const nameIn = (option: string) => OPTION.exec(option)?.[1] ?? "";
  const known = before.map(nameIn);
  return options
    .map(nameIn)
    .some((name) => name !== "" && known.some((old) => old !== "" && isAlmost(name, old)) && !known.includes(name) && isQuotedAtStart(text, name));
}

function isQuotedAtStart(text: string, name: string): boolean {
  return new RegExp(`["'\`]${name.replaceAll(".", "\\.")}["'\`\\s=]`).test(text.slice(0, 1000));
}
