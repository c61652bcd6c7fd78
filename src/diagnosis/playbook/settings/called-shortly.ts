import { textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { variablesOf } from "../../environment.ts";
import { plain } from "../../near-match.ts";
import { changedSettings } from "../../settings.ts";
import { variableOf } from "../blame/named-change.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { isEveryday } from "./common-keys.ts";

const BEFORE = String.raw`\b(?:missing|invalid|bad|illegal|unsupported|unknown|required|empty)(?: (?:required|mandatory))?(?: (?:setting|option|property|value|config|configuration|key|parameter|variable|field)s?)?(?: (?:for|of))?:? ["'\x60]?$`;
const BEFORE_IMPERATIVE = String.raw`\b(?:specify|set|provide|configure|define)(?: an?| the)? ["'\x60]?$`;
const BEHIND = String.raw`^["'\x60]?:? {0,2}(?:(?:is|was|are|has been) )?(?:not (?:been )?(?:set|configured|specified|provided|given|defined|valid|supported|allowed)|invalid|illegal|required|missing|empty|mandatory|undefined|unknown|unsupported|must\b|should\b|has to\b|cannot\b|may not\b|needs to\b)`;
const [SAID_BEFORE, SAID_IMPERATIVE, SAID_BEHIND] = [BEFORE, BEFORE_IMPERATIVE, BEHIND].map((pattern) => new RegExp(pattern, "i"));
/** Names as programs write them: `client-id`, `inter.broker.listener.name`, `sslmode`. */
const TOKENS = /(?<![\w.-])[A-Za-z][A-Za-z0-9]*(?:[-._][A-Za-z0-9]+){0,8}(?![\w-])/g;
/** A word of fewer letters stands in too many sentences. */
const SHORTEST = 4;

/** What programs say of their data as well, where no setting is meant. */
const ANYTHING: ReadonlySet<string> = new Set("name type key value data code path file item user".split(" "));

/** What became of the variable: it has another value, it went, or it went and what it held came under another name. */
type Became = "changed" | "gone" | "renamed";

/**
 * Whether a complaint is about a variable by the name that the program itself has for it, which is without the prefix that its image gives all of them: `provider
 * missing setting: client-id` of OAUTH2_PROXY_CLIENT_ID, `hostname is not configured` of KC_HOSTNAME. What is a prefix other variables of the container show, or that
 * the commit gave the variable another name. Not where another variable may be meant that was there before.
 */
export function calledShortly(crashCase: CrashCase): (text: string, name: string, became: Became) => boolean {
  const { input, now, found, changed } = crashCase;
  const settings = changedSettings(input, now, found).filter(({ file }) => file === undefined);
  const set = settings.map(({ key, variable = key, before, after }): FieldChange => ({ path: ["env", { key: "name", value: variable }], before, after }));
  const [were, are] = [namesIn([...changed, ...set], "before"), namesIn([...changed, ...set], "after")];
  const all = [...new Set([...variablesOf(input, now, found).map(({ name }) => name), ...were, ...are])];
  const known = all.filter((name) => were.includes(name) || !are.includes(name)).map(plain);
  return (text, name, became) => {
    const others = all.filter((other) => other !== name);
    const short = endingsOf(name)
      .filter(([prefix, ending]) => (became === "renamed" || isShared(prefix, others)) && mayBeMeant(ending, became))
      .map(([, ending]) => plain(ending))
      .filter((ending) => !known.some((other) => other !== plain(name) && other.endsWith(ending)));
    return short.length > 0 && subjectsOf(text).some((token) => short.includes(plain(token)));
  };
}

/** The variables that changes are about, as they were or as they are: of each its own, or those of the whole list. */
function namesIn(changes: readonly FieldChange[], side: "before" | "after"): string[] {
  return changes.flatMap((change) => {
    const [own, value] = [variableOf(change.path), change[side]];
    if (own !== undefined) return value === undefined ? [] : [own];
    return change.path.at(-1) === "env" && Array.isArray(value) ? value.map((item) => textAt(item, "name")) : [];
  });
}

/** A name apart, wherever it may be cut: a prefix and the rest. One without parts (PGSSLMODE) behind its first two letters. */
function endingsOf(name: string): [prefix: string, ending: string][] {
  if (/^[A-Z]{6,}$/.test(name)) return [[name.slice(0, 2), name.slice(2)]];
  return [...name.matchAll(/_+/g)].map(({ index, 0: bar }) => [name.slice(0, index + bar.length), name.slice(index + bar.length)]);
}

function isShared(prefix: string, others: readonly string[]): boolean {
  return others.some((other) => other.startsWith(prefix) && (prefix.endsWith("_") || /^[A-Z]{6,}$/.test(other)));
}

/** A single everyday word may be about anything, where the variable is there and only has another value. */
function mayBeMeant(ending: string, became: Became): boolean {
  const word = ending.toLowerCase();
  return word.includes("_") || !(ANYTHING.has(word) || (became === "changed" && isEveryday(word)));
}

/** The names that a line says something is wrong with: right before it, or right behind it. */
function subjectsOf(text: string): string[] {
  const start = text.slice(0, 2000);
  return [...start.matchAll(TOKENS)].flatMap(({ 0: token, index }) => {
    const [before, behind] = [start.slice(Math.max(0, index - 60), index), start.slice(index + token.length, index + token.length + 60)];
    const isSubject = token.length >= SHORTEST && (SAID_BEFORE?.test(before) || SAID_IMPERATIVE?.test(before) || SAID_BEHIND?.test(behind));
    return isSubject ? [token] : [];
  });
}
