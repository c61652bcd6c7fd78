import { type Json, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import { servicesSelecting } from "../../../cluster/selecting.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { apart, hunksBetween, putBack } from "../../../source/edit/hunks.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { restore } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { changedSettings } from "../../settings.ts";
import { strings, variableOf } from "../blame/named-change.ts";
import { putBackItems } from "../crash/arguments.ts";
import { type CrashCase, isHarmless, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, place, restoringAll } from "../entry.ts";
import { portsIn } from "./ports-named.ts";
import { listeningPorts } from "./told-to-listen.ts";

/** Below this only who has a right to it may listen (net.ipv4.ip_unprivileged_port_start). */
const UNPRIVILEGED = 1024;

const DENIED = /permission denied|\bEACCES\b|PermissionDenied/i;
/** What was denied, in the same line. */
const BINDS = /\b(?:bind(?:ing|s|Exception)?|make_sock|listen|listener)\b|\blistening (?:on|at|socket)\b/i;
/** The call that was denied, in a frame beside the complaint. */
const CALL = /\b(?:\w{1,20}_)?(?:bind0?|DoBind)\(/;
/** A socket in a file is no port. */
const FILE = /\bunix\b|\.sock\b/i;
/** A runtime says what was denied in the frames around its complaint. */
const NEAR = 4;

/** What tells the program a port that it may not have, and told it one before that everybody may have. */
interface Lowered {
  change: ObjectChange;
  from: number[];
  to: number;
}

/**
 * The program may not listen on a port below 1024, and was told so by the commit: the port that it had before comes back, in a variable, an argument or a line of a
 * file. Not where what asks for the port moved with it: then the right to the port may be what is wanted.
 */
export function privilegedPort(crashCase: CrashCase): Finding | undefined {
  const { past, statement } = crashCase;
  const denied = deniedIn(crashCase);
  if (past?.from !== "revision" || !denied) return undefined;
  const lowered = [...ofContainer(crashCase), ...ofSettings(crashCase)].filter(({ to }) => denied.ports.length === 0 || denied.ports.includes(to));
  const [first] = lowered;
  const isOne = lowered.length === 1 || (denied.ports.length > 0 && lowered.every(({ from }) => from.some((port) => first?.from.includes(port))));
  if (!first || !isOne) return undefined;
  const rootCause = `${place(statement.object, statement.container)} is told to listen on port ${first.to}, which it may not: it runs without the right to ports below ${UNPRIVILEGED}.`;
  const said = withLine(crashCase, denied.line, { ...statement, rootCause, confidence: CONFIDENCE.likely });
  if (isAskedThere(crashCase, first.to)) {
    const advice = `Put the port back in all places, or let the program have port ${first.to}.`;
    return escalate(said, "what asks for the port changed as well, and alone it would lead nowhere", advice);
  }
  return restoringAll(
    said,
    past,
    lowered.map(({ change }) => change),
  );
}

/** The line that says so, and the low ports that it or the lines around it name. */
function deniedIn({ log }: CrashCase): { line: LogLine; ports: number[] } | undefined {
  const start = ({ text }: LogLine) => text.slice(0, 1000);
  const is = log.findLastIndex((line, i) => {
    if (!DENIED.test(start(line)) || FILE.test(start(line)) || isHarmless(line.text)) return false;
    return BINDS.test(start(line)) || log.slice(Math.max(0, i - NEAR), i + NEAR + 1).some((one) => CALL.test(start(one)));
  });
  const line = log[is];
  if (!line) return undefined;
  const around = log.slice(Math.max(0, is - NEAR), is + NEAR + 1).filter((one) => one === line || CALL.test(start(one)));
  const named = around.flatMap((one) => portsIn(one.text).map(Number));
  const low = named.filter((port) => port < UNPRIVILEGED);
  return named.length > 0 && low.length === 0 ? undefined : { line, ports: low };
}

/** By its variables and its command line. */
function ofContainer({ changed, found, statement }: CrashCase): Lowered[] {
  return changed.flatMap((change): Lowered[] => {
    const [field, index] = change.path.slice(found.path.length);
    if (!["env", "args", "command"].includes(String(field))) return [];
    const before = typeof index === "number" ? textAt(listAt(found.value, String(field))[index - 1]) : "";
    const name = variableOf(change.path) ?? before;
    const ports = lowered(wordsOf(change.before), wordsOf(change.after), name);
    if (!ports) return [];
    const isLow = (item: Json) => typeof item === "string" && (item === String(ports.to) || listeningPorts(item, "port").includes(ports.to));
    const back: FieldChange = { ...change, before: putBackItems(change, isLow) };
    return restore(statement.object, [back]).map((one) => ({ change: one, ...ports }));
  });
}

/** By ConfigMaps, as variables and in files: of these the lines that say it. */
function ofSettings({ input, now, found }: CrashCase): Lowered[] {
  return changedSettings(input, now, found).flatMap(({ map, key, before, after, file, variable = key }): Lowered[] => {
    if (typeof before !== "string" || typeof after !== "string") return [];
    const change = (wanted: string): ObjectChange => ({ object: map, path: ["data", key], before: after, after: wanted });
    const ports = file === undefined ? lowered(before, after, variable) : undefined;
    if (file === undefined) return ports ? [{ change: change(before), ...ports }] : [];
    const hunks = hunksBetween(key, before, after)
      .flatMap(apart)
      .flatMap((hunk) => {
        const moved = lowered(hunk.before.join(""), hunk.after.join(""), "");
        return moved ? [{ hunk, ...moved }] : [];
      });
    const [first] = hunks;
    const wanted = putBack(
      after,
      hunks.map(({ hunk }) => hunk),
    );
    return first ? [{ change: change(wanted), from: hunks.flatMap(({ from }) => from), to: first.to }] : [];
  });
}

/** A port that everybody may have became one below 1024, and nothing else did. */
function lowered(before: string, after: string, name: string): Pick<Lowered, "from" | "to"> | undefined {
  const [was, is] = [listeningPorts(before, name), listeningPorts(after, name)];
  const from = was.filter((port) => port >= UNPRIVILEGED && !is.includes(port));
  const [to, ...more] = new Set(is.filter((port) => port < UNPRIVILEGED && !was.includes(port)));
  return to !== undefined && more.length === 0 && from.length > 0 ? { from, to } : undefined;
}

function wordsOf(value: FieldChange["after"]): string {
  return Array.isArray(value) ? value.map((item) => textAt(item)).join(" ") : (strings(value)[0] ?? "");
}

/** A port, a probe or a Service asks for the low number, which came with the program's. */
function isAskedThere({ input, now, changed, found }: CrashCase, port: number): boolean {
  const isRun = ({ path }: FieldChange) => ["env", "args", "command"].includes(String(path[found.path.length]));
  const holds = (value: Json | undefined): boolean =>
    value === port || (Array.isArray(value) ? value.some(holds) : typeof value === "object" && value !== null && Object.values(value).some(holds));
  const services = servicesSelecting(input.rendered, objectAt(now, "spec", "template", "metadata", "labels"));
  const isLed = services.some((service) => listAt(service, "spec", "ports").some((one) => objectAt(one).targetPort === port));
  return isLed || changed.some((change) => !isRun(change) && holds(change.after));
}
