import { type CrashCase, complaints, FAREWELLS, isFrame } from "../crash/crash-case.ts";
import { messageIn } from "./log-message.ts";
import { diedNatively, isWhat, tellsNativeCrash } from "./native-crash.ts";

/** Faults that programmers make, in the words of runtimes. */
export const OWN_FAULT =
  /NullPointerException|nil pointer dereference|index out of (?:range|bounds)|NullReferenceException|NoSuchMethodError|NoClassDefFoundError|ClassNotFoundException|undefined method|undefined symbol|symbol not found|is not a function|Cannot read propert(?:y|ies) of|AttributeError:|ImportError:|ModuleNotFoundError:|Cannot find module|has no attribute|assertion failed|unreachable code/i;
/** The same in a wider net, and what builds say that do not fit the machine: for where it is asked whether a program speaks of itself. */
const OF_ITSELF =
  /\bpanic(?:ked)?\b|nil pointer|null pointer|NoMethodError|AssertionError|IndexError|NameError|ZeroDivisionError|UnboundLocalError|IndexOutOfBounds|ClassCastException|ArithmeticException|ConcurrentModificationException|exec format error|error while loading shared libraries|GLIBC_\d|UnsupportedClassVersionError|no main manifest attribute|could not find or load main class|unable to access jarfile|missing FROM-clause|syntax error at or near|BadSqlGrammar/i;

/**
 * What the log of a crash says about a change that it does not name: `nothing` at all, a fault of the program `itself`, something with words of the `change` in it,
 * or something `else`.
 */
export type Heard = "nothing" | "itself" | "change" | "else";

/** `startup failed` says no more than that it failed. */
const LEAST_WORDS = 3;

/** @param words of the change: names, values, arguments */
export function heard(crashCase: CrashCase, words: readonly string[]): Heard {
  const isBare = (text: string) => isFrame(text) || tellsNativeCrash(text) || FAREWELLS.some((farewell) => text.includes(farewell));
  const said = [...complaints(crashCase), ...crashCase.log.filter(({ text }) => isWhat(text))].filter(({ text }) => !isBare(text));
  const texts = said.map(({ text }) => messageIn(text).slice(0, 1000)).filter((text) => partsOf(text).length >= LEAST_WORDS);
  const isNative = diedNatively(crashCase);
  if (texts.length === 0) return isNative ? "itself" : "nothing";
  const parts = new Set(words.flatMap(partsOf));
  if (texts.flatMap(partsOf).some((part) => [...parts].some((own) => part.startsWith(own)))) return "change";
  return isNative || texts.some((text) => OWN_FAULT.test(text) || OF_ITSELF.test(text)) ? "itself" : "else";
}

/** What stands in addresses, values and lines of every kind. */
const COMMON = new Set("http https svc com org net local internal cluster example true false null none error info warn debug the and not for with".split(" "));

/** `LOG_LEVEL` is log and level: the shortest words stand in any line. */
function partsOf(text: string): string[] {
  return text
    .slice(0, 1000)
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part.length >= 3 && !COMMON.has(part));
}
