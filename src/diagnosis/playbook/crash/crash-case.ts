import type { KubeObject } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import type { Past } from "../../history.ts";
import type { LogLine, TroubledContainer } from "../../pods.ts";
import { quoteEach } from "../../quotes.ts";
import type { ContainerAt } from "../../workload.ts";
import { NOT_ITS_OWN } from "../blame/log-message.ts";
import type { fix } from "../entry.ts";

/** All about one container whose program ends with an error. */
export interface CrashCase {
  input: DiagnosisInput;
  container: TroubledContainer;
  now: KubeObject;
  found: ContainerAt;
  past: Past | undefined;
  /** Fields below the container that differ from the good state. */
  changed: FieldChange[];
  log: LogLine[];
  statement: Parameters<typeof fix>[0];
}

/** Words of programs, runtimes and loggers that something went wrong. */
const ERROR =
  /error|fatal|panic|\[alert\]|fail|invalid|cannot|can't|can not|unable|exception|refused|denied|emerg|crit|unknown|unrecogni[sz]ed|unexpected|undefined|missing|required|not (?:set|found|defined|provided|in (?:choices|the list)|one of)|no such|not permitted|could not|must (?:not )?be|not (?:allowed|supported|configured|specified|recogni[sz]ed|valid|accepted)|unsupported|has been specified|does not exist|doesn't exist|no module named|no enum constant|illegal|rejected|expired|traceback|abort|refusing|malformed|out of range|bad (?:number|integer|value|port|format)|not an? (?:number|integer|boolean|valid|port|url|duration|float)|unparse?able|incompatible|not compatible|out of memory|already in use|EADDRINUSE|unwrap\(\)|\b(?:is|was|are|be) empty\b|\btoo (?:large|small|long|short|high|low|big|many|few)\b|\bexceeds\b|(?:greater|less|larger|smaller|more) than\b|mismatch|does not match|conflicts? with|duplicate|should be|unbound variable|mandatory|\binteger expression expected\b|expected [^,]{1,80}\bgot\b|\bbut got\b|\bplease (?:set|specify|provide)\b|\bnot resolvable\b|usage:|"level":[56]0/i;
/** Words behind a level that the line is about: `LOG_LEVEL: warning is not supported`. */
const IS_ABOUT = String.raw`(?!["'\x60]?,? {0,2}(?:is|was|isn't) )`;
/** A line that says itself that it is no error: `level=INFO`, `"level":30` (pino), `[notice]`, `info: …`, `note: …`. */
const HARMLESS = new RegExp(
  [
    String.raw`${NOT_ITS_OWN}\blevel"?[=:] ?"?(?:info|debug|trace|warn|warning|notice|[1-4]0)\b${IS_ABOUT}`,
    String.raw`^\S{0,40} {0,3}\[?(?:info|debug|trace|warn|warning|notice|note)\b${IS_ABOUT}\]?[ :]`,
    String.raw`\[(?:info|debug|notice|warn|warning)\]`,
  ].join("|"),
  "i",
);
/** The same in capitals, anywhere before the message (which may list levels itself), and klog's first letter. */
const HARMLESS_LEVEL =
  /^(?:(?![Ee]rror|[Ii]nvalid|[Ee]xception|[Ff]atal|FATAL|ERROR|[Mm]ust be|one of|[Nn]ot in |[Cc]hoices|(?:[Uu]n(?:known|recogni[sz]ed|supported)|[Ii]llegal|[Bb]ad) (?:[\w-]{1,20} )?level).){0,80}\b(?:INFO|DEBUG|TRACE|WARN|WARNING|NOTICE)\b|^[IW]\d{4} \d\d:/;

/** Whether a line says itself that something went wrong. */
export function isComplaint(text: string): boolean {
  return ERROR.test(text.slice(0, 1000)) && !isHarmless(text);
}

/** Whether a line says itself that it is no error. */
export function isHarmless(text: string): boolean {
  const head = text.slice(0, 300);
  return HARMLESS.test(head) || HARMLESS_LEVEL.test(head);
}

/**
 * The lines with which the program complains, the ones that matter most last: first what is no complaint by its own words but stands near one (the lines of
 * a stack trace), then complaints.
 */
export function complaints({ log }: Pick<CrashCase, "log">): LogLine[] {
  const isOne = (line: LogLine | undefined) => line !== undefined && isComplaint(line.text);
  const near = log.filter((line, i) => !isOne(line) && !isHarmless(line.text) && [1, 2, 3, 4].some((up) => isOne(log[i - up])));
  return [...near, ...log.filter(isOne)];
}

/** The line that says most about the end: the last complaint that is no frame of a stack trace and no general farewell, else the last line. */
export function lastWords({ log }: Pick<CrashCase, "log">): LogLine | undefined {
  const own = log.filter(({ text }) => isComplaint(text) && !isFrame(text));
  return own.findLast(({ text }) => !FAREWELLS.some((words) => text.includes(words))) ?? own.at(-1) ?? log.at(-1);
}

/** How runtimes take leave after they, or the program, have said what is wrong. */
export const FAREWELLS = [
  "Could not create the Java Virtual Machine",
  "A fatal exception has occurred",
  "Application run failed",
  "APPLICATION FAILED TO START",
  "Worker failed to boot",
  "Worker (pid",
  "Shutting down: Master",
  "Exception in worker process",
  "Traceback (most recent call last)",
  "For more information, try",
  "throw er; // Unhandled",
  "npm ERR!",
  "npm error",
];

export function isFrame(text: string): boolean {
  return /^(?:at |File "|\.{3} \d+ (?:common frames|more)|goroutine \d+|from \/|\/\S+:\d+ \+0x)/.test(text.trim());
}

/** The same statement, quoting the very line that decides. */
export function withLine<T extends { quotes: CrashCase["statement"]["quotes"] }>(
  { input, container, statement }: Pick<CrashCase, "input" | "container" | "statement">,
  line: LogLine,
  changes: T,
): T {
  const quotes = quoteEach(input.evidence, [[line.quoted, line.text]], { container: container.name, pods: container.pods });
  return { ...changes, quotes: [...quotes, ...statement.quotes.filter(({ quote }) => !quotes.some((other) => other.quote === quote))] };
}
