/** Levels of the usual loggers, by word and by number (pino, bunyan). */
const LEVEL = "(?:trace|debug|info|notice|warn|warning|error|err|fatal|panic|dpanic|critical|crit|alert|emerg|[1-6]0)";
const VALUE = String.raw`(?:"(?:[^"\\]|\\.){0,300}"|[^\s,}"]{1,100})`;
/**
 * What stands before the name of a level that is not the line's own, but one that the program does not take: `unrecognized level: "warning"`, `--log-level=warning`.
 * For the beginning of a pattern.
 */
export const NOT_ITS_OWN = String.raw`(?<!\b(?:unknown|unrecogni[sz]ed|unsupported|invalid|illegal|bad|unexpected|wrong|no such|not a valid|pars(?:e|ing))\b[^={}\]",;\n]{0,40})(?<!--[\w.-]{0,40})`;
/** What a logger says of the line itself: how bad, when, from where. */
const FIELDS = new RegExp(
  String.raw`(?<![\w.])${NOT_ITS_OWN}"?(?:(?:level|lvl|severity|log\.level|levelname)"?\s?[=:]\s?"?${LEVEL}\b"?|(?:ts|time|timestamp|@timestamp|caller|source|logger|service|app|hostname|pid)"?(?:=|:\s?(?=["\d]))${VALUE})`,
  "gi",
);
/** The key of the message, which is no word of it. */
const MESSAGE_KEY = /(?<![\w.])"?(?:msg|message|error|err)"?(?:=|:(?="))/gi;
/** The level as its first word in capitals: `2026-11-29 13:00:44 ERROR …`, `[FATAL] …`. In quotes it is what the line is about. */
const FIRST_LEVEL = new RegExp(
  String.raw`^(.{0,60}?)${NOT_ITS_OWN}(?<!["'\x60])\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|PANIC|CRITICAL|SEVERE|ALERT|EMERG)\b`,
);

/** All that pydantic was given, which it shows with whatever it misses of it: `[type=missing, input_value={'max_items': '40', …}, input_type=dict]`. */
const GIVEN = /\binput_value=\{.{0,2000}?\}(?=, input_type=)/g;

/** Quotes within the text of a structured line. */
const ESCAPED = /\\+(["'`])/g;

/** What a log line says, without what its logger adds: a setting is not to blame because a logger has a field of that name. */
export function messageIn(text: string): string {
  return text.slice(0, 4000).replaceAll(FIELDS, " ").replaceAll(GIVEN, " ").replaceAll(MESSAGE_KEY, " ").replace(FIRST_LEVEL, "$1").replaceAll(ESCAPED, "$1");
}
