import { at, isObject, type Json, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "../../../cluster/objects.ts";
import { servicesSelecting } from "../../../cluster/selecting.ts";
import { listeningPort } from "../../../evidence/listening.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { otherReaders, variablesOf } from "../../environment.ts";
import { nearMatch } from "../../near-match.ts";
import { type LogLine, logLines, type TroubledContainer } from "../../pods.ts";
import { changedVariables, settingsOf } from "../../settings.ts";
import { type ContainerAt, containersOf } from "../../workload.ts";
import { listeningPorts } from "../addresses/told-to-listen.ts";
import { linesGone } from "../blame/lines-gone.ts";
import { putBackItems } from "../crash/arguments.ts";
import { CONFIDENCE, fix } from "../entry.ts";
import { namesWord } from "../words.ts";
import type { ProbeField } from "./probe-blame.ts";

/** The probe asks another port. */
export function askPort(statement: Parameters<typeof fix>[0], found: ContainerAt, fields: readonly ProbeField[], port: string | number): Finding {
  const changes = fields.map((field) => {
    const handler = handlerOf(objectAt(found.value, field)) ?? "httpGet";
    return { object: statement.object, path: [...found.path, field, handler, "port"], before: at(found.value, field, handler, "port"), after: port };
  });
  return fix(statement, changes, [`Probe port ${port}, the one that the container declares`]);
}

/** The port that a probe asks, by number or by name; undefined for one that runs a command. */
export function askedPort(found: ContainerAt, field: ProbeField): Json | undefined {
  return at(found.value, field, handlerOf(objectAt(found.value, field)) ?? "httpGet", "port");
}

interface Asking {
  input: DiagnosisInput;
  now: KubeObject;
  found: ContainerAt;
  /** The container at the last good revision. */
  then: ContainerAt | undefined;
}

/**
 * A declared port where the probe asks an undeclared one: a near name, or the only port there is. A number is right though nobody declares it where it worked like
 * that, or where the container is told of it: programs have ports of their own for those who look after them.
 */
export function rightPort({ input, now, found, then }: Asking, field: ProbeField): string | number | undefined {
  const asked = askedPort(found, field);
  const ports = listAt(found.value, "ports");
  const names = ports.map((port) => textAt(port, "name")).filter((name) => name !== "");
  if (typeof asked === "string") {
    if (names.includes(asked) || /^\d+$/.test(asked)) return undefined;
    return nearMatch(asked, names) ?? (names.length === 1 ? names[0] : undefined);
  }
  const numbers = ports.flatMap((port) => numberAt(port, "containerPort") ?? []);
  if (typeof asked !== "number" || numbers.includes(asked) || numbers.length !== 1) return undefined;
  const worked = then && askedPort(then, field) === asked && !listAt(then.value, "ports").some((port) => numberAt(port, "containerPort") === asked);
  return worked || isTold(input, now, found, asked) ? undefined : numbers[0];
}

/** Whether a variable, an argument or a setting of the container holds this number. */
function isTold(input: DiagnosisInput, now: KubeObject, found: ContainerAt, number: number): boolean {
  const own = JSON.stringify(["env", "args", "command"].map((list) => at(found.value, list) ?? null));
  const settings = settingsOf(input, now, found).map(({ value }) => (typeof value === "string" ? value : ""));
  return [own, ...settings].some((text) => new RegExp(`(?<![\\w.])${number}(?![\\w.])`).test(text));
}

/**
 * In a first release: the port that probes and Services ask for by its name has another number than the one on which the program says that it listens, as
 * it was told to. The guards look closer before the declared port may follow.
 */
export function declaredOtherwise(
  input: DiagnosisInput,
  now: KubeObject,
  statement: Parameters<typeof fix>[0],
  container: TroubledContainer,
  found: ContainerAt,
  field: ProbeField,
): Finding | undefined {
  const [port, ...others] = listAt(found.value, "ports");
  const asked = askedPort(found, field);
  const declared = numberAt(port, "containerPort");
  const lines = logLines(input, container);
  const used = listeningPort(lines);
  const values = [
    ...variablesOf(input, now, found).map(({ value }) => value),
    ...["command", "args"].flatMap((list) => listAt(found.value, list).map((word) => textAt(word))),
  ];
  const told = values.filter((value) => namesWord(value, String(used)));
  // What another container declares is that one's port.
  const isTaken = containersOf(now).some(
    ({ name, value }) => name !== found.name && listAt(value, "ports").some((one) => numberAt(one, "containerPort") === used),
  );
  if (isTaken || others.length > 0 || declared === undefined || used === undefined || used === declared || told.length !== 1 || asked !== textAt(port, "name"))
    return undefined;
  const change = { object: statement.object, path: [...found.path, "ports", { key: "name", value: asked }, "containerPort"], before: declared, after: used };
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; port ${asked} is ${declared}, and the program listens on ${used}, as it is told to.`;
  return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, [change], [`Set port ${asked} to ${used}, where the program listens`]);
}

export function handlerOf(value: JsonObject): "httpGet" | "tcpSocket" | "grpc" | undefined {
  return (["httpGet", "tcpSocket", "grpc"] as const).find((handler) => isObject(value[handler]));
}

export interface Moved {
  /** Of the container, or of the ConfigMap that it reads. */
  change: ObjectChange;
  /** What the program uses now; undefined where nothing tells it any more. */
  to: string | undefined;
  confidence: number;
}

/**
 * The one variable, argument or setting that held what the probe asks for until it was changed, or went: the probe is right, and so are the port and the Service
 * beside it.
 */
export function movedAway(
  input: DiagnosisInput,
  now: KubeObject,
  found: ContainerAt,
  { field, changed, log, note }: { field: ProbeField; changed: readonly FieldChange[]; log: readonly LogLine[]; note: string },
): Moved | undefined {
  const probe = objectAt(found.value, field);
  const handler = handlerOf(probe);
  const asked = handler ? [textAt(probe, handler, "path"), portNumber(found, at(probe, handler, "port"))].filter((text) => text.length > 1) : [];
  const moved = toldAnew(input, now, found, changed).flatMap((change): Moved[] => {
    const item = movedItem(change, asked);
    if (item) return [{ ...item, confidence: log.some(({ text }) => namesWord(text, item.to ?? "")) ? CONFIDENCE.likely : CONFIDENCE.suggested }];
    const came = change.before === undefined ? textOf(change.after) : undefined;
    if (came !== undefined && isToldSilently(change, came, asked, log)) return [{ change, to: came, confidence: CONFIDENCE.suggested }];
    if (came !== undefined) return isToldAnew(came, asked, log) ? [{ change, to: came, confidence: CONFIDENCE.likely }] : [];
    const [before, to] = [textOf(change.before), typeof change.after === "string" ? change.after : undefined];
    if (before === undefined || (to === undefined && change.after !== undefined)) return [];
    if (!asked.some((value) => namesWord(before, value) && !namesWord(to ?? "", value))) return [];
    if (to === undefined) return isGone(input, now, found, change, log) ? [{ change, to, confidence: CONFIDENCE.likely }] : [];
    const seen = log.some(({ text }) => namesWord(text, to.replace(/^.*[=:]/, "")));
    return [{ change, to, confidence: seen ? CONFIDENCE.likely : CONFIDENCE.suggested }];
  });
  if (moved.length > 0) return moved.length === 1 ? moved[0] : undefined;
  // A file says more than where to answer: only what the answer speaks of, a page that is not found or a port at which nobody is.
  const missed = note.includes("statuscode: 404")
    ? asked.filter((one) => one.startsWith("/"))
    : /refused/.test(note)
      ? asked.filter((one) => /^\d+$/.test(one))
      : [];
  const [only, ...others] = missed.flatMap((value) => linesGone(input, now, found, value));
  if (!only || others.length > 0) return undefined;
  const [to, ...more] = only.come.flatMap((line) => line.match(/(?<![\w.])\d{2,5}(?![\w.])/g) ?? []);
  return { change: only.change, to: more.length === 0 ? to : undefined, confidence: CONFIDENCE.likely };
}

/** Of arguments of which more or fewer came: the one that told the port which is asked, and the one that tells another in its place. */
function movedItem(change: ObjectChange, asked: readonly string[]): Omit<Moved, "confidence"> | undefined {
  const [then, today] = [listOf(change.before), listOf(change.after)];
  const tells = (item: Json) => typeof item === "string" && asked.some((value) => /^\d+$/.test(value) && namesWord(String(item), value));
  const gone = then.filter((item) => !today.includes(item) && tells(item));
  const come = today.filter((item) => !then.includes(item) && typeof item === "string" && listeningPorts(item, "port").length === 1);
  const [item, port] = [come[0], listeningPorts(String(come[0] ?? ""), "port")[0]];
  if (gone.length !== 1 || come.length !== 1 || port === undefined) return undefined;
  return { change: { ...change, before: putBackItems(change, (one) => one === item) }, to: String(port) };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a Service leads to the pods by this number: it moved together with the program. */
export function leadsServices({ rendered }: DiagnosisInput, now: KubeObject, port: string): boolean {
  const services = servicesSelecting(rendered, objectAt(now, "spec", "template", "metadata", "labels"));
  return services.some((one) => listAt(one, "spec", "ports").some((item) => String(at(item, "targetPort") ?? at(item, "port")) === port));
}

/** What the program is told otherwise than before: by its variables, its arguments, and the ConfigMaps that it reads. */
export function toldAnew(input: DiagnosisInput, now: KubeObject, found: ContainerAt, changed: readonly FieldChange[]): ObjectChange[] {
  const own = changed.filter(({ path }) => path.includes("env") || path.includes("args"));
  return [...own.map((change): ObjectChange => ({ object: input.incident.target, ...change })), ...changedVariables(input, now, found)];
}

/** Whether a new setting tells the program the very port on which it says that it listens, and which the probe does not ask. */
function isToldAnew(value: string, asked: readonly string[], log: readonly LogLine[]): boolean {
  const used = listeningPort(log);
  return used !== undefined && namesWord(value, String(used)) && !asked.includes(String(used));
}

/** The same of a program that does not say where it listens, by the name that such a variable has everywhere. */
function isToldSilently({ path }: ObjectChange, value: string, asked: readonly string[], log: readonly LogLine[]): boolean {
  return /^(?:(?:APP|HTTP|LISTEN|SERVER|SERVICE|WEB)_)?PORT$/.test(nameOf(path)) && /^\d{2,5}$/.test(value) && !asked.includes(value) && !listeningPort(log);
}

/** Whether another workload that reads the same ConfigMap declares this port: it moved for that one. */
export function isOthersPort(input: DiagnosisInput, now: KubeObject, found: ContainerAt, { change, to }: Moved): boolean {
  const { object, path } = change;
  return otherReaders(input, { name: nameOf(path), value: to ?? "", object, path }, now, found).some(({ value }) =>
    listAt(value, "ports").some((port) => String(at(port, "containerPort")) === to),
  );
}

/** The name of the variable, or the key of the setting. */
function nameOf(path: FieldPath): string {
  const item = path.at(-1);
  return typeof item === "object" ? item.value : String(item);
}

/** A value, or that of a variable that is written out. */
export function textOf(before: Json | undefined): string | undefined {
  if (typeof before === "string") return before;
  return isObject(before) && typeof before.value === "string" ? before.value : undefined;
}

/** Whether nothing tells the program any more where to listen, or what to answer to: it is given this variable from nowhere else, and says itself that it listens elsewhere. */
function isGone(input: DiagnosisInput, now: KubeObject, found: ContainerAt, { path, before }: ObjectChange, log: readonly LogLine[]): boolean {
  const name = nameOf(path);
  const isPath = textOf(before)?.startsWith("/") ?? false;
  const used = listeningPort(log);
  const isElsewhere = isPath || (used !== undefined && !namesWord(textOf(before) ?? "", String(used)));
  return isElsewhere && !variablesOf(input, now, found).some((variable) => variable.name === name);
}

/** A port as a number, also where the probe names it. */
function portNumber(found: ContainerAt, port: ReturnType<typeof at>): string {
  if (typeof port === "number") return String(port);
  const declared = listAt(found.value, "ports").find((one) => textAt(one, "name") === port);
  return declared === undefined ? "" : String(at(declared, "containerPort") ?? "");
}
