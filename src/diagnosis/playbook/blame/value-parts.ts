import { UNREACHED } from "../addresses/unreached.ts";
import { namesWord } from "../words.ts";

const SCHEME = /^(?:[a-z][a-z0-9+.-]{0,30}:){1,3}(?:\/\/[^/?#]{0,300})?([^?#:]{1,500})/i;

/** An option of a runtime with a path of its own: `-javaagent:/otel/agent.jar=debug`, `--require=/otel/register.js`, `-Dlog.file=file:/etc/log.xml`. */
const OPTION = /^--?[A-Za-z][\w.-]{0,80}[:=](?:file:)?(\/[^\s=:?#"']{1,500})/;

/**
 * The paths within a value that programs name without what stands around them: that of `filesystem:/app/sql/next`, of an option, and of each item of a list. A single
 * name is no path: it may stand in any line.
 */
function pathsIn(value: string): string[] {
  const items = value.slice(0, 2000).split(/[,;\s]+/);
  const paths = items
    .map((item) => SCHEME.exec(item)?.[1] ?? OPTION.exec(item)?.[1] ?? (items.length > 1 && item.startsWith("/") ? item : ""))
    .map((path) => path.replace(/\/+$/, ""));
  return paths.filter((path) => path.split("/").filter((part) => part !== "").length >= 2);
}

/** The paths that a value has and that the one before it did not have. */
export function newPathsIn(values: readonly string[], before: readonly string[]): string[] {
  const known = before.flatMap(pathsIn);
  return values.flatMap(pathsIn).filter((path) => !known.includes(path));
}

/** What a value is made of and the one before it was not: the database at the end of an address, one option of several. */
function newPartsIn(values: readonly string[], before: readonly string[]): string[] {
  const split = (value: string) => value.slice(0, 2000).match(/[A-Za-z0-9_][\w.-]*\w/g) ?? [];
  const known = new Set(before.flatMap(split));
  return values.flatMap((value) => split(value).filter((part) => part !== value && part.length >= 3 && !known.has(part) && /[A-Za-z]/.test(part)));
}

/** What programs have names for, and put before them. */
const KIND =
  "(?:database|vhost|virtual host|bucket|topic|queue|exchange|schema|index|collection|keyspace|stream|table|profile|plugin|module|option|flag|role|adapter|driver)";

/** A part of a value may be any word: it is meant where it is quoted, or stands behind what it is. */
function namesPart(text: string, part: string): boolean {
  const start = text.slice(0, 2000);
  if (!start.includes(part)) return false;
  const word = part.replaceAll(/[^\w]/g, "\\$&");
  return new RegExp(`(["'\`])${word}\\1|\\[${word}\\]|\\b${KIND} ${word}(?![\\w-])`, "i").test(start);
}

/** `bad number of schedulers two`: a complaint of a few words that ends with the part. */
function endsWithBad(text: string, part: string): boolean {
  const line = text.trim();
  return (
    line.endsWith(` ${part}`) && line.length <= 100 && /^(?:[\w-]{1,30}: ){0,2}(?:bad|invalid|illegal|unknown|unsupported|unrecogni[sz]ed)\b[\w ]+$/i.test(line)
  );
}

const WANTED = /\b(?:must|should|has to|have to|needs? to|expect(?:s|ed)?|require[sd]?)\b/i;

/**
 * Whether a complaint is about a part of a value that is new in it, or about one that it lacks now: a part by name, the scheme of an address (`A rediss:// URL must
 * have …`), a host that is not reached, a word that has to be there (`URL must start with 'jdbc'`).
 */
export function isAboutParts(text: string, values: readonly string[], before: readonly string[]): boolean {
  const come = newPartsIn(values, before);
  const start = text.slice(0, 2000);
  if (come.some((part) => namesPart(text, part) || endsWithBad(start, part) || (part.length >= 4 && UNREACHED.test(start) && namesWord(start, part))))
    return true;
  const schemes = schemesIn(values).filter((scheme) => !schemesIn(before).includes(scheme));
  if (schemes.some((scheme) => namesScheme(start, scheme))) return true;
  if (schemes.length > 0 && BEGINS.test(start) && schemesIn(before).some((scheme) => start.includes(`${scheme}://`))) return true;
  const wanted = WANTED.test(start) ? [...start.matchAll(/(["'`])([A-Za-z][\w.-]{2,40})\1/g)].map(([, , word = ""]) => word) : [];
  const has = (all: readonly string[], word: string) => all.some((value) => namesWord(value, word));
  return values.length > 0 && wanted.some((word) => has(before, word) && !has(values, word));
}

/** With what an address has to begin: `the URL must start with the protocol postgres://`. */
const BEGINS = /\b(?:must|should|has to|needs to|expected to) (?:start|begin)\b|\b(?:expected|supported|allowed|valid|known) (?:url )?(?:scheme|protocol)s?\b/i;
/** What programs call the scheme of an address, which decides what they load for it. */
const SCHEME_KIND = "(?:scheme|protocol|transport|dialect|driver|adapter|adaptor|backend|plugin|provider)s?";

/** A scheme in an address, or behind the word for it: `No such transport: rabbitmq`, `sqlalchemy.dialects:postgres`, `unknown driver "pg"`. */
function namesScheme(text: string, scheme: string): boolean {
  const word = scheme.replaceAll(/[^\w]/g, "\\$&");
  return text.includes(`${scheme}://`) || new RegExp(`\\b${SCHEME_KIND}(?: (?:type|name|of|is))?[:=]? ?["'\x60]?${word}(?![\\w+-])`, "i").test(text);
}

function schemesIn(values: readonly string[]): string[] {
  return values.flatMap((value) => [...value.slice(0, 2000).matchAll(/(?:^|[\s,;:])([a-z][a-z0-9+.-]{1,30}):\/\//g)].map(([, scheme = ""]) => scheme));
}
