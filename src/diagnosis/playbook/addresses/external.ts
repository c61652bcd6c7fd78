import { at, isObject, type KubeObject, listAt, objectAt, refOf, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { isLoopback } from "../../../source/meant/moved-neighbour.ts";
import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { settingsOf } from "../../settings.ts";
import { podLabelsOf } from "../../workload.ts";
import { hostOrPort, leavesHost, withAlongside } from "../blame/alongside.ts";
import { isStanding } from "../blame/named-change.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, oneStop, place, restoring, shown } from "../entry.ts";
import { namesWord } from "../words.ts";
import { ledToGone } from "./gone-address.ts";
import { forPeople, stateElsewhere } from "./outside.ts";
import { portTaken } from "./port-taken.ts";
import { resolverChanged, unresolvedLine } from "./resolver.ts";
import { serviceMeant } from "./service-meant.ts";
import { isMeant, serviceMoved } from "./service-moved.ts";
import { ledBack, straysOf } from "./stray-address.ts";
import { UNREACHED } from "./unreached.ts";

const FORBIDDEN = /forbidden: User \\?"(system:serviceaccount:[^"\\\s]{1,300})\\?" cannot (\w{1,30}) resource \\?"([^"\\\s]{1,100})\\?"/;

/** The API server refuses what the program asks it for: permissions are never touched, whatever else changed. */
export function permissionDenied({ log, statement }: CrashCase): Finding | undefined {
  const match = log.map(({ text }) => FORBIDDEN.exec(text.slice(0, 2000))).find((found) => found !== null);
  if (!match) return undefined;
  const [, user, verb, resource] = match;
  const rootCause = `${place(statement.object, statement.container)} may not ${verb} ${resource}: ${user} lacks the permission.`;
  return escalate(
    { ...statement, failureClass: "rbac-forbidden", rootCause },
    "permissions are a human's decision",
    `Grant ${verb} on ${resource} to ${user}, if the program should have it.`,
  );
}

/** The program fails on something outside of itself: another service, a resolver, a login, a port. */
export function externalTrouble(crashCase: CrashCase): Finding | undefined {
  return portTaken(crashCase) ?? loginRefused(crashCase) ?? unreachable(crashCase) ?? stateElsewhere(crashCase);
}

const LOGIN =
  /password authentication failed|authentication failed|access denied for user|invalid (?:credentials|password|username|api ?key|token)|login failed|NOAUTH|WRONGPASS|ACCESS_REFUSED|login was refused|\bAccessDenied\b|ExpiredToken|token (?:\w{1,20} ){0,3}expired|not authorized|unauthorized|\b401\b|\b403 forbidden|bad credentials|role "[^"]{1,100}" does not exist|certificate (?:has expired|signed by unknown authority|verify failed)|x509: certificate/i;

/** A login that is refused is nobody's manifest, unless the very value that the message names was changed in git. */
function loginRefused(crashCase: CrashCase): Finding | undefined {
  const { changed } = crashCase;
  const line = complaints(crashCase).findLast(({ text }) => LOGIN.test(text.slice(0, 1000)));
  const isNamed = (change: FieldChange) => isAddress(change) && values(change.after).some((value) => value.length >= 3 && namesWord(line?.text ?? "", value));
  if (!line || changed.some((change) => isNamed(change) && !isStanding(crashCase, change, line))) return undefined;
  return forPeople(crashCase, line, CONFIDENCE.likely, {
    what: "is refused by something that it logs in to",
    reason: "a credential is not accepted: it was rotated, or never valid",
    advice: "Renew the credential where it is kept; the bot touches no credentials.",
  });
}

const HOST = "([a-z0-9][a-z0-9.-]{0,252}?)";
/** How programs name the host that they do not reach, the most explicit first. */
const DIALLED: readonly RegExp[] = [
  new RegExp(`\\blookup ${HOST}(?: on \\S{1,60})?[:,]`, "i"),
  new RegExp(`could not (?:translate host name|resolve host:?) "?${HOST}(?::(\\d{2,5}))?[" ]`, "i"),
  new RegExp(`server can't find ${HOST}\\.?: `, "i"),
  new RegExp(
    `(?:ENOTFOUND|EAI_AGAIN|UnknownHostException:|host not found in upstream|bad address|no such host:?|nodename nor servname[^:]{0,40}:) ["']?${HOST}(?::(\\d{2,5}))?(?:["'\\s:]|$)`,
    "i",
  ),
  // libpq, MySQL and Redis name the kind of server in between.
  new RegExp(`(?:running on host|connect\\w{0,5} to (?:\\w{1,20} ){1,2}(?:at|on)|server host) ["'(]?${HOST}["')]?(?:(?::|, port )(\\d{2,5}))?[)"':,\\s]`, "i"),
  new RegExp(
    `(?:dial tcp|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|Connection to|connect(?:ing|ion)? to(?: server at| remote host| host)?|connection to server at) ["'(]?${HOST}["')]?(?:(?::|, port )(\\d{2,5}))?[)"':,\\s]`,
    "i",
  ),
  new RegExp(`(?:answer|respond|reach|wait)\\w*(?: within \\S{1,20})?(?: at| from| on| for| to)? ["']?${HOST}:(\\d{2,5})\\b`, "i"),
  new RegExp(`\\bat ["']?${HOST}:(\\d{2,5})\\b`, "i"),
  new RegExp(`://(?:[^@/\\s]{0,200}@)?${HOST}(?::(\\d{2,5}))?[/"'\\s]`, "i"),
];

interface Dialled {
  line: LogLine;
  host: string;
  port: string | undefined;
}

function dialled(crashCase: CrashCase): Dialled | undefined {
  for (const line of unreached(crashCase)) {
    for (const pattern of DIALLED) {
      const match = pattern.exec(`${line.text.slice(0, 2000)} `);
      if (match?.[1] !== undefined && isHost(crashCase, match[1], match[2])) return { line, host: match[1], port: match[2] };
    }
    const [told, ...more] = toldHosts(crashCase).filter(({ host }) => namesWord(line.text, host));
    if (told && more.length === 0) return { line, ...told };
  }
  return undefined;
}

/** The addresses that the container is told, of which a line may name the host alone. */
function toldHosts({ input, now, found }: CrashCase): { host: string; port: string | undefined }[] {
  const own = listAt(found.value, "env").map((item) => textAt(item, "value"));
  const read = settingsOf(input, now, found).flatMap(({ value }) => (typeof value === "string" && !value.includes("\n") ? [value] : []));
  const told = [...own, ...read].flatMap((value) => {
    const start = value.slice(0, 1000);
    const [, host, port] = URL_HOST.exec(start) ?? HOST_AND_PORT.exec(start) ?? [];
    return host === undefined ? [] : [{ host, port }];
  });
  return told.filter(({ host }, i) => told.findIndex((other) => other.host === host) === i);
}

const URL_HOST = /^[a-z][a-z0-9+.:-]{1,40}:\/\/(?:[^@/\s]{0,200}@)?([a-z0-9][a-z0-9.-]{2,252})(?::(\d{2,5}))?(?:[/?]|$)/i;
const HOST_AND_PORT = /^([a-z0-9][a-z0-9.-]{2,252}):(\d{2,5})$/i;

/** A bare word is a host where the program is told it or a Service has that name: `could not connect to database` names none. */
function isHost({ input, found, now }: CrashCase, host: string, port: string | undefined): boolean {
  if (port !== undefined || /[.\d-]/.test(host)) return true;
  const settings = settingsOf(input, now, found).map(({ value }) => value);
  const told = [...settings, ...["env", "args", "command"].map((list) => JSON.stringify(found.value[list] ?? null))];
  const isService = (object: KubeObject) => object.kind === "Service" && textAt(object, "metadata", "name") === host;
  return told.some((value) => typeof value === "string" && namesWord(value, host)) || input.rendered.some(isService);
}

/** What says that something is not reached, newest first: earlier tries of another thing may have worked in the end. Scripts that wait have no word for an error, and say two things in turns. */
function unreached(crashCase: CrashCase): LogLine[] {
  return [...complaints(crashCase), ...crashCase.log.slice(-2)].filter(({ text }) => UNREACHED.test(text.slice(0, 2000))).reverse();
}

/** An address that git sets and that leads nowhere: back to the address that worked, else to the only Service with a name like it. */
function unreachable(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, past, input } = crashCase;
  const found = dialled(crashCase);
  const unclear = found ? undefined : complaints(crashCase).findLast(({ text }) => UNREACHED.test(text.slice(0, 2000)));
  const unfilled = found ? undefined : notFilledIn(crashCase);
  if (unfilled) return unfilled;
  if (!found) return unclear ? unknownAddress(crashCase, unclear) : unresolved(crashCase);
  const { line, host, port } = found;
  const where = port === undefined ? host : `${host}:${port}`;
  const rootCause = `${place(statement.object, statement.container)} cannot reach ${shown(where)}.`;
  const said = withLine(crashCase, line, { ...statement, failureClass: "dependency-address" as const, rootCause });
  const blamed = changed.filter(
    (change) => isAddress(change) && values(change.after).some((value) => namesWord(value, host) || (port !== undefined && value === port)),
  );
  const isGone = ledToGone(crashCase, blamed);
  // What came with the commit worked nowhere before: it is better led to what is meant than taken out.
  const isNew = blamed.length > 0 && blamed.every(({ before }) => before === undefined);
  const led = isNew ? serviceMeant(crashCase, said, { host, port }) : undefined;
  if (led) return led;
  if (past && blamed.length > 0 && !isGone) return leavesHost(crashCase, blamed) ? hostOrPort(said) : restoring(said, past, withAlongside(crashCase, blamed));
  const moved = port === undefined ? undefined : serviceMoved(crashCase, said, { host, port });
  if (moved) return moved;
  const resolver = resolverChanged(crashCase, line, host);
  if (resolver) return resolver;
  const policy = blockingPolicy(crashCase);
  if (policy && !/refused|no such host|ENOTFOUND|UnknownHost/i.test(line.text)) return blocked(crashCase, said, policy, where);
  const service = input.rendered.find((object) => object.kind === "Service" && isMeant(input, object, host));
  const strays = service || isLoopback(host) ? straysOf(input, crashCase) : undefined;
  if (strays?.leads.some(({ name }) => name === service?.metadata.name || isLoopback(host)))
    return ledBack({ ...said, confidence: CONFIDENCE.suggested }, strays, crashCase.now);
  if (!service) {
    const meant = serviceMeant(crashCase, said, { host, port });
    if (meant) return meant;
  }
  return escalate(
    { ...said, confidence: CONFIDENCE.circumstantial },
    isGone ? "what it asked for before is gone from git as well" : "the address did not change in git",
    service ? `Look why Service ${refOf(service).name} does not answer.` : `Check that ${host} exists and is reachable from the cluster.`,
  );
}

/** The address holds a variable of a Service that is not there: the program gets its name instead of an address. */
function notFilledIn(crashCase: CrashCase): Finding | undefined {
  const line = unreached(crashCase).find(({ text }) => text.includes("_SERVICE_HOST)"));
  const strays = line && straysOf(crashCase.input, crashCase);
  const { statement } = crashCase;
  const rootCause = `${place(statement.object, statement.container)} does not reach something that it needs`;
  return strays && ledBack(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }), strays, crashCase.now);
}

function unknownAddress(crashCase: CrashCase, line: LogLine): Finding | undefined {
  const { statement, changed } = crashCase;
  if (changed.some((change) => isAddress(change) && values(change.after).some((value) => value.length >= 4 && namesWord(line.text, value)))) return undefined;
  const resolver = unresolved(crashCase);
  if (resolver) return resolver;
  const rootCause = `${place(statement.object, statement.container)} does not reach something that it needs: ${shown(line.text)}.`;
  const said = withLine(crashCase, line, { ...statement, failureClass: "dependency-address" as const, rootCause: oneStop(rootCause) });
  return escalate(
    { ...said, confidence: CONFIDENCE.circumstantial },
    "the log names no address that git sets",
    "Check that what the program connects to is up and reachable.",
  );
}

/** A name that is not found, and resolver settings of the pod that changed. */
function unresolved(crashCase: CrashCase): Finding | undefined {
  const line = unresolvedLine(crashCase);
  return line && resolverChanged(crashCase, line);
}

function isAddress({ path }: FieldChange): boolean {
  return path.includes("env") || path.includes("args");
}

function values(value: FieldChange["after"]): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(values);
  return isObject(value) ? values(at(value, "value")) : [];
}

/** A NetworkPolicy for outgoing traffic that selects the pods, the newest in git first. */
function blockingPolicy({ input, now }: CrashCase): KubeObject | undefined {
  const labels = podLabelsOf(now);
  const namespace = textAt(now, "metadata", "namespace");
  const selects = (policy: KubeObject) => Object.entries(objectAt(policy, "spec", "podSelector", "matchLabels")).every(([key, value]) => labels[key] === value);
  const all = [...input.rendered, ...input.observation.objects, ...input.observation.surroundings].filter(
    (object) => object.kind === "NetworkPolicy" && textAt(object, "metadata", "namespace") === namespace && selects(object),
  );
  const outgoing = all.filter((policy) => listAt(policy, "spec", "policyTypes").includes("Egress") || at(policy, "spec", "egress") !== undefined);
  const isNew = (policy: KubeObject) => !input.lastGood?.objects.some((then) => then.kind === "NetworkPolicy" && refOf(then).name === refOf(policy).name);
  return outgoing.find(isNew) ?? outgoing[0];
}

function blocked(crashCase: CrashCase, said: CrashCase["statement"], policy: KubeObject, where: string): Finding {
  const { statement } = crashCase;
  const name = refOf(policy).name;
  const rootCause = `${place(statement.object, statement.container)} gets no answer from ${shown(where)}, and NetworkPolicy ${name} limits what these pods may reach.`;
  return escalate(
    { ...said, failureClass: "network-policy", rootCause, confidence: CONFIDENCE.likely },
    "who may talk to whom is a human's decision",
    `If the program should reach ${where}, allow it in the egress rules of NetworkPolicy ${name}.`,
  );
}
