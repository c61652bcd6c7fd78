import { at, isObject, type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { type LogLine, logLines, type TroubledContainer } from "../../pods.ts";
import { quoteEach } from "../../quotes.ts";
import { type ContainerAt, podSpecPath } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, orElse, place, restoring } from "../entry.ts";
import { namesWord } from "../words.ts";

/** What resolvers say of a name, in the words of glibc, musl, Go, Node, Java, BIND's and busybox' nslookup. */
const UNRESOLVED =
  /\blookup \S|name resolution|getaddrinfo|translate host name|unknown ?host|\bENOTFOUND\b|EAI_AGAIN|no such host|bad address|NXDOMAIN|non-existing domain|name or service not known|name does not resolve|nodename nor servname|no servers could be reached|host not found|resolv\w* (?:host|address|name)/i;
/** What scripts say after them: of a name with a dot, since modules and symbols are not resolved either. */
const SAID_BY_SCRIPT = /(?:cannot|can't|could not|couldn't|unable to|failed to|does not|doesn't) resolve ["']?([a-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,10})\b/i;

/** No answer at all, other than an answer that there is no such name: options that say how to ask decide about this only. */
const NO_ANSWER = /timed? ?out|timeout|temporary failure|try again|EAI_AGAIN|no servers could be reached|misbehaving|SERVFAIL|refused/i;

/** The last complaint that speaks of a name that is not found. */
export function unresolvedLine(crashCase: CrashCase): LogLine | undefined {
  const lines = [...complaints(crashCase), ...crashCase.log.slice(-1)];
  return lines.findLast(({ text }) => saysUnresolved(text));
}

function saysUnresolved(text: string): boolean {
  return UNRESOLVED.test(text.slice(0, 2000)) || SAID_BY_SCRIPT.test(text.slice(0, 2000));
}

/** A container that runs and does not get ready, or an init container that does not end, since it asks for a name again and again; its probe is as it was. */
export function waitsForNames(input: DiagnosisInput, container: TroubledContainer, now: KubeObject, found: ContainerAt): Finding | undefined {
  const object = input.incident.target;
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, found.path);
  if (changed.some(({ path }) => String(path[found.path.length]).endsWith("Probe"))) return undefined;
  const statement = {
    failureClass: "dns-policy" as const,
    rootCause: "",
    object,
    container: container.name,
    quotes: quoteEach(input.evidence, [container.events.map(({ note }) => note)], { container: container.name, pods: container.pods }),
    confidence: CONFIDENCE.likely,
  };
  const crashCase: CrashCase = { input, container, now, found, past, changed, log: logLines(input, container), statement };
  const line = unresolvedLine(crashCase);
  return line && resolverChanged(crashCase, line);
}

/**
 * Names do not resolve since the pod's own resolver settings changed. Whom it asks and where it looks go back before how it asks: options of the same commit
 * are wanted, unless they are all that changed.
 * @param host the name that is not found, where the log says it
 */
export function resolverChanged(crashCase: CrashCase, line: LogLine, host?: string): Finding | undefined {
  const { now, past, statement } = crashCase;
  const spec = podSpecPath(now.kind);
  if (!past || !spec || !saysUnresolved(line.text) || crashCase.changed.some((change) => isNamed(change, line.text))) return undefined;
  const changed = ["dnsPolicy", "dnsConfig"].flatMap((field) => changedBelow(past, now, [...spec, field]));
  const parts = changed.flatMap(apart);
  const options = parts.filter(({ path }) => path.includes("options"));
  const others = parts.filter((part) => !options.includes(part));
  const blamed = others.length > 0 ? withoutSearches(others, crashCase, host) : options.filter((option) => explains(option, line.text));
  if (blamed.length === 0) return undefined;
  const back = blamed.length === parts.length ? changed : blamed;
  const rootCause = `${place(statement.object, statement.container)} resolves no names since its DNS settings changed.`;
  const confidence = others.length > 0 ? statement.confidence : Math.min(statement.confidence, CONFIDENCE.likely);
  const said = withLine(crashCase, line, { ...statement, failureClass: "dns-policy" as const, rootCause, confidence });
  return back === changed ? restoring(said, past, changed) : orElse(restoring(said, past, back), restoring(said, past, changed));
}

/** A variable or argument that changed as well, and of which the line has a word: then it may be the name that is wrong. */
function isNamed({ path, after }: FieldChange, said: string): boolean {
  const isAddress = path.includes("env") || path.includes("args");
  const words = [...textsOf(after), textAt(after, "value")].flatMap((text) => text.slice(0, 1000).split(/[^\w.-]+/));
  return isAddress && words.some((word) => word.length >= 4 && namesWord(said, word));
}

/** A whole `dnsConfig` that came or went, entry by entry: `nameservers`, `searches`, `options`. */
function apart(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  const whole = path.at(-1) === "dnsConfig" ? [before, after].find(isObject) : undefined;
  if (!whole) return [change];
  return Object.keys(whole).map((key) => ({ path: [...path, key], before: at(before, key), after: at(after, key) }));
}

/** Search domains have no part in it where one of the new nameservers answered by its name, and what it was asked for is a whole name. */
function withoutSearches(changes: readonly FieldChange[], { log }: CrashCase, host = ""): readonly FieldChange[] {
  const nameservers = changes.filter(({ path }) => path.includes("nameservers"));
  const known = nameservers.flatMap(({ before }) => textsOf(before));
  const come = nameservers.flatMap(({ after }) => textsOf(after)).filter((server) => !known.includes(server));
  const isWhole = host.split(".").length > 2 && !host.endsWith(".svc");
  const hasAnswered = come.some((server) => log.some(({ text }) => namesWord(text, server)));
  return isWhole && hasAnswered ? changes.filter(({ path }) => !path.includes("searches")) : changes;
}

/** `ndots` decides which names are looked for, all other options how and how long. */
function explains({ path, before, after }: FieldChange, said: string): boolean {
  const item = path.find((step) => typeof step === "object");
  const names = typeof item === "object" ? [item.value] : [before, after].flatMap((list) => listAt(list).map((one) => textAt(one, "name")));
  return names.some((name) => (name === "ndots") !== NO_ANSWER.test(said));
}

function textsOf(value: FieldChange["after"]): string[] {
  return typeof value === "string" ? [value] : listAt(value).map((item) => textAt(item));
}
