/** What is written in capitals and is no variable: codes of Node and of C, and what a program says that it did not find. */
const CODES = /^(?:ERR_|ORA_|SELF_SIGNED_CERT|UNABLE_TO_|DEPTH_ZERO_|CERT_(?:HAS|NOT)_)|_(?:NOT_FOUND|ERROR|EXCEPTION|FAILED|FAILURE)$/;
const LONG = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;
const SHORT = "([A-Z][A-Z0-9]{2,})";
/** How programs say that a single word in capitals is a variable. */
const SAID: readonly RegExp[] = [
  new RegExp(`\\b(?:[Ee]nv(?:ironment)? ?var(?:iable)?s?|[Vv]ariable)(?: not found)?:? ["'\`$]?${SHORT}\\b`, "g"),
  new RegExp(
    `\\b${SHORT}["'\`]? (?:environment )?(?:variable )?(?:is |was |are )?(?:not set|unset|not defined|not provided|required|missing|must be set|undefined)\\b`,
    "g",
  ),
  new RegExp(`\\b${SHORT}["'\`]?: (?:parameter (?:null or )?not set|unbound variable|not set|is required|missing required)\\b`, "g"),
  new RegExp(
    `\\b(?:KeyError: |key not found: |os\\.environ\\[|ENV\\[|ENV\\.fetch\\(|process\\.env\\.|[Rr]equired key |[Mm]issing required (?:setting |key )?)["'\`]?${SHORT}\\b`,
    "g",
  ),
];
/** As a field of a structured log: `msg="required environment variable is not set" name=REGION`. */
const FIELD = new RegExp(`\\b(?:name|key|var|variable|env)"?[=:] ?["']?${SHORT}\\b`, "g");
/** Words that programs write in capitals whatever they are about. */
const WORDS = new Set([
  ..."ERROR FATAL WARN WARNING INFO DEBUG PANIC CRITICAL TRACE EMERG ALERT NOTICE SEVERE".split(" "),
  ..."NULL TRUE FALSE NONE JSON YAML TOML HTML HTTP HTTPS GRPC SQL CSRF CORS TLS SSL TCP UDP DNS URI UTF API JWT UUID".split(" "),
  ..."SELECT INSERT UPDATE DELETE FROM WHERE JOIN TABLE COLUMN INDEX VIEW VALUES INTO ORDER GROUP HAVING LIMIT ALTER CREATE DROP GRANT AND NOT".split(" "),
  ..."GET PUT POST PATCH HEAD OPTIONS".split(" "),
]);
/** errno's names: ENOENT, ECONNREFUSED. */
const ERRNO = /^E(?:ACCES|ADDR|AGAIN|AI_|BADF|BUSY|CONN|EXIST|HOST|INTR|INVAL|IO$|ISDIR|MFILE|NET|NO[A-Z]{2,}|PERM|PIPE|ROFS|TIMEDOUT|XDEV)/;

/**
 * The environment variables that a complaint may be about. What has an underscore is one in nearly all programs; a single word only where the message says so:
 * programs write much in capitals. In the order of the text.
 */
export function missedNames(text: string): string[] {
  const said = text.slice(0, 1000);
  const long = [...said.matchAll(LONG)].map((match) => ({ name: match[0], at: match.index })).filter(({ name }) => !CODES.test(name));
  const short = [...SAID, FIELD]
    .flatMap((pattern) => [...said.matchAll(pattern)].map((match) => ({ name: match[1] ?? "", at: match.index + match[0].lastIndexOf(match[1] ?? "") })))
    .filter(({ name }) => !WORDS.has(name) && !ERRNO.test(name));
  return [...long, ...short].sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** What pydantic and envy call by the name of a field: that of the variable, in small letters. */
const FIELD_NAME = /^\s*([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\s*$/;
const MISSING_FIELD = /\bmissing value for field ([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b/;

/**
 * The same for one line of a log: where it names none, the next line does (clap: `--database-url <DATABASE_URL> [env: DATABASE_URL=]`), or the one before it, by
 * the name of a field (pydantic: `database_url`, and below it `Field required`).
 */
export function missedAt(log: readonly { text: string }[], at: number): string[] {
  const [above, line, below] = [log[at - 1], log[at], log[at + 1]].map((one) => (one?.text ?? "").slice(0, 1000)) as [string, string, string];
  const own = missedNames(line);
  if (own.length > 0) return own;
  const field = MISSING_FIELD.exec(line)?.[1] ?? (/\bField required\b/.test(line) ? FIELD_NAME.exec(above)?.[1] : undefined);
  return field === undefined ? [...below.matchAll(/\[env: ([A-Z][A-Z0-9_]*)=/g)].flatMap(([, name]) => name ?? []) : [field.toUpperCase()];
}
