import { at, isObject, type Json, type JsonObject, type KubeObject, objectAt, textAt } from "../../cluster/objects.ts";
import { isOwnHost } from "../../cluster/own-host.ts";
import type { FieldChange } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow, restore } from "../history.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { type ContainerAt, containerOf, podSpecOf } from "../workload.ts";
import { waitsForNames } from "./addresses/resolver.ts";
import { serviceRenamed } from "./addresses/service-renamed.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, restoringAll, shown } from "./entry.ts";
import { boundLocally } from "./probes/bound-locally.ts";
import { portMoved } from "./probes/declared-moved.ts";
import { followed, followsProgram } from "./probes/follows-program.ts";
import { blame, brokenAlike, isTiming, KINDS, type ProbeField, sureness } from "./probes/probe-blame.ts";
import { commandAsksOldPort, commandNamesOldFile, commandReadsMovedFile, leftBehind, renamedTo, type WordChange } from "./probes/probe-left-behind.ts";
import { askedPort, askPort, declaredOtherwise, handlerOf, isOthersPort, leadsServices, movedAway, rightPort, toldAnew } from "./probes/probe-port.ts";
import { slowStart, startupProbeGone, wasStarting } from "./probes/slow-start.ts";
import { throttledSince } from "./probes/throttled.ts";
import { movedBeside, toldPath } from "./probes/told-path.ts";

/** Probes that ask the wrong thing, or too early: containers that are killed for it, or never become ready. */
export const probe: PlaybookEntry = {
  name: "probe",
  topic: "probes",
  diagnose: (input) => troubledContainers(input).flatMap((container) => probed(input, container)),
};

const CLASSES = { livenessProbe: "liveness-probe", startupProbe: "startup-probe", readinessProbe: "readiness-probe" } as const;
const TITLES = { livenessProbe: "Liveness", startupProbe: "Startup", readinessProbe: "Readiness" } as const;

function probed(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const { trouble } = container;
  if (trouble !== "liveness" && trouble !== "startup" && trouble !== "not-ready") return [];
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const waiting = trouble === "not-ready" && now && found ? waitsForNames(input, container, now, found) : undefined;
  if (waiting) return [waiting];
  const field = trouble === "not-ready" && isStarting(container) ? "startupProbe" : KINDS[trouble];
  const note = failureNote(container, field);
  // Not ready without a word from the probe: readiness gates or a container that just started.
  if (note === undefined) return [];
  const killed = container.events.find(({ reason, note: text }) => reason === "Killing" && text.includes("probe"))?.note;
  const statement = {
    failureClass: CLASSES[field],
    rootCause: sentence(field, note, place(object, container.name), found && objectAt(found.value, field)),
    object,
    container: container.name,
    quotes: quoteEach(input.evidence, [[note], killed === undefined ? [] : [killed]], { pods: container.pods }),
    confidence: CONFIDENCE.confirmed,
  };
  if (!now || !found || !isObject(at(found.value, field))) {
    return [
      escalate(
        { ...statement, confidence: CONFIDENCE.guess },
        "the branch does not set this probe any more",
        "Wait until the branch's head is deployed; this failure belongs to an older revision.",
      ),
    ];
  }
  const before = pastOf(input, object);
  // Of a probe that came with the commit nothing goes back: what it asks is corrected.
  const past = before && isObject(at(containerOf(before.object, container.name)?.value, field)) ? before : undefined;
  const suspected = blame(changedBelow(past, now, [...found.path, field]), note);
  const [changed, log] = [changedBelow(past, now, found.path), logLines(input, container)];
  const elsewhere = isUnanswered(note) ? portMoved({ input, now, found, statement }, before, log) : undefined;
  if (elsewhere) return [elsewhere];
  const confidence = sureness(suspected, note, { changed, log });
  const blamed = confidence > CONFIDENCE.guess ? suspected : [];
  const moved = past && (blamed.every(isTiming) ? movedAway(input, now, found, { field, changed, log, note }) : undefined);
  const follows = past && followsProgram(found, blamed, toldAnew(input, now, found, changed));
  if (follows && !moved) return [followed(statement, follows)];
  if (past && blamed.length > 0 && !moved) {
    const others = brokenAlike(blamed, field, (other) => ({ changed: changedBelow(past, now, [...found.path, other]), note: failureNote(container, other) }));
    return [restoring({ ...statement, confidence }, past, [...blamed, ...others])];
  }
  const narrowed = past && blamed.length === 0 ? boundLocally(found, field, { told: toldAnew(input, now, found, changed), log, note }) : undefined;
  if (past && narrowed) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}; the program was told to answer nobody outside of its pod.`;
    return [restoringAll({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, restore(narrowed.object, [narrowed]))];
  }
  const throttled = before && blamed.length === 0 ? throttledSince(before, now, found, note) : [];
  if (before && throttled.length > 0) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}, since it gets less CPU than before.`;
    return [restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, before, throttled)];
  }
  const patience = isUnanswered(note) && !moved ? startupProbeGone(before, now, found) : [];
  if (before && patience.length > 0 && field === "livenessProbe" && wasStarting(container, now, found, field, log)) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")} while it is still starting: the startup probe that waited for it is gone.`;
    return [restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, before, patience)];
  }
  const left = moved?.to === undefined ? undefined : leftBehind(found, field, moved.to);
  if (left !== undefined) return [askPort({ ...statement, confidence: CONFIDENCE.likely }, found, [field], left)];
  if (moved?.to !== undefined && leadsServices(input, now, moved.to)) {
    const advice = "Let the container declare the port that the program and the Service have now, or take both back.";
    return [escalate({ ...statement, confidence: CONFIDENCE.likely }, "a Service asks for the port that the program was told, and for no other", advice)];
  }
  if (moved && isOthersPort(input, now, found, moved)) {
    const advice = `Give ${place(object, container.name)} the port that it had in its own variables, or let its ports, probes and Services follow.`;
    return [escalate({ ...statement, confidence: CONFIDENCE.likely }, `it is told port ${moved.to} by a ConfigMap that others read who need it`, advice)];
  }
  if (past && moved)
    return [
      restoringAll(
        {
          ...statement,
          rootCause: `${statement.rootCause.replace(/\.$/, "")}; ${moved.to === undefined ? "nothing tells the program any more to answer there" : `the program was told to use ${moved.to} instead`}.`,
          confidence: moved.confidence,
        },
        past,
        restore(moved.change.object, [moved.change]),
      ),
    ];
  return [withoutHistory(input, statement, container, now, found, field, note, past)];
}

type Statement = Parameters<typeof fix>[0];

function withoutHistory(
  input: DiagnosisInput,
  statement: Statement,
  container: TroubledContainer,
  now: KubeObject,
  found: ContainerAt,
  field: ProbeField,
  note: string,
  past: ReturnType<typeof pastOf>,
): Finding {
  const then = past?.from === "revision" ? containerOf(past.object, found.name) : undefined;
  const renamed = renamedTo(then, found, field);
  if (renamed !== undefined) return askPort({ ...statement, confidence: CONFIDENCE.likely }, found, askingLike(found, field), renamed);
  const script = commandNamesOldFile({ input, now, found }, field);
  if (script) {
    const words = `Run ${shown(script.after)} in the probe instead of ${shown(script.before)}: the same script under its new name`;
    return inCommand(statement, script, "the script that it runs has another name in its ConfigMap now", words);
  }
  const file = commandReadsMovedFile(then, found, field, note);
  if (file) {
    const words = `Read ${shown(file.after)} in the probe instead of ${shown(file.before)}, where the program keeps that file now`;
    return inCommand(statement, file, "the program is told to keep the file elsewhere now", words);
  }
  const log = logLines(input, container);
  const readdressed = past && serviceRenamed({ input, container, now, found, log, statement });
  if (readdressed) return readdressed;
  const hosts = isUnanswered(note) && at(podSpecOf(now), "hostNetwork") !== true ? hostsOfNode(found, field) : [];
  if (hosts.length > 0) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}; the host that it asks is the node itself, and not the pod.`;
    const changes = hosts.map((host) => ({ object: statement.object, ...host }));
    const words = [`Ask the pod itself: without ${shown(hosts[0]?.before)}, which the kubelet takes for its node`];
    return fix({ ...statement, rootCause, confidence: CONFIDENCE.likely }, changes, words);
  }
  const port = rightPort({ input, now, found, then }, field);
  if (port !== undefined && isUnanswered(note)) {
    const fields = typeof port === "string" ? askingLike(found, field) : [field];
    return askPort({ ...statement, confidence: CONFIDENCE.suggested }, found, fields, port);
  }
  const scheme = otherScheme(found, field, note);
  if (scheme) {
    const path = [...found.path, field, "httpGet", "scheme"];
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}; the program speaks ${scheme.after} there.`;
    const words = [`Ask by ${scheme.after}, which the program speaks, instead of ${scheme.before ?? "HTTP"}`];
    return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, [{ object: statement.object, path, ...scheme }], words);
  }
  // A command that is silent about why it failed may not have been answered.
  const word = isUnanswered(note) || /probe failed:\s*$/.test(note) ? commandAsksOldPort(then, found, field) : undefined;
  if (word) {
    const words = `Ask port ${word.port} in the probe's command, to which the container's port moved`;
    return inCommand(statement, word, `the container's port is ${word.port} now, and the command asks the old one`, words);
  }
  const declared = past === undefined && /connection refused/.test(note) ? declaredOtherwise(input, now, statement, container, found, field) : undefined;
  if (declared) return declared;
  const told = (past === undefined || then) && /statuscode: 404/.test(note) ? toldPath({ input, now, found, statement }, field, then) : undefined;
  if (told) {
    const words = [`Probe ${shown(told.after)} instead of ${shown(told.before)}: the program is told to answer there`];
    return fix({ ...statement, confidence: CONFIDENCE.suggested }, [told], words);
  }
  const beside = then && /statuscode: 4\d\d/.test(note) ? movedBeside(then, found, field) : undefined;
  if (beside) {
    const path = [...found.path, field, "httpGet", "path"];
    const words = [`Probe ${shown(beside.after)} instead of ${shown(beside.before)}, as the other probe of the container does since the same commit`];
    return fix({ ...statement, confidence: CONFIDENCE.suggested }, [{ object: statement.object, path, ...beside }], words);
  }
  const listening = log.some(({ text }) => /\b(listening|serving|started on|ready to accept)\b/i.test(text));
  if (field !== "readinessProbe" && isUnanswered(note) && !listening && wasStarting(container, now, found, field, log))
    return slowStart(statement, container, now, found, field);
  // Whatever else explains why nothing answers explains the probe.
  return escalate(
    { ...statement, confidence: CONFIDENCE.circumstantial },
    "nothing that changed of the probe explains this answer, and what it asks is not obviously wrong",
    "Compare the probe with what the program serves, and look why the program does not answer; do not remove the probe.",
  );
}

/** The hosts of a container's probes that are the node on which the pod runs, where this one has such a host. */
function hostsOfNode(found: ContainerAt, field: ProbeField): FieldChange[] {
  const hosts = Object.values(KINDS).flatMap((probe) =>
    ["httpGet", "tcpSocket"].flatMap((handler): FieldChange[] => {
      const before = at(found.value, probe, handler, "host");
      return isOwnHost(before) ? [{ path: [...found.path, probe, handler, "host"], before, after: undefined }] : [];
    }),
  );
  return hosts.some(({ path }) => path.includes(field)) ? hosts : [];
}

/** The probes that ask the same port of the container as this one, by its name. */
function askingLike(found: ContainerAt, field: ProbeField): ProbeField[] {
  const asked = askedPort(found, field);
  return [field, ...Object.values(KINDS).filter((other) => other !== field && asked !== undefined && askedPort(found, other) === asked)];
}

/** What the kubelet, or the program, says of the protocol that the other one speaks (net/http, crypto/tls). */
function otherScheme(found: ContainerAt, field: ProbeField, note: string): { before: Json | undefined; after: string } | undefined {
  const before = at(found.value, field, "httpGet", "scheme");
  if (at(found.value, field, "httpGet") === undefined) return undefined;
  if (before === "HTTPS" && /HTTP response to HTTPS client|first record does not look like a TLS handshake/.test(note)) return { before, after: "HTTP" };
  const isPlain = before === undefined || before === "HTTP";
  return isPlain && /HTTP request (?:was sent )?to an? HTTPS (?:server|port)|malformed HTTP response "\\x15\\x03/.test(note)
    ? { before, after: "HTTPS" }
    : undefined;
}

/** A word of the probe's own command follows what it stands for. */
function inCommand(statement: Statement, { path, before, after }: WordChange, why: string, words: string): Finding {
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; ${why}.`;
  return fix({ ...statement, rootCause, confidence: CONFIDENCE.likely }, [{ object: statement.object, path, before, after }], [words]);
}

/** What the probe's failure is said to be: a word of the protocol before others, since every program refuses connections while it starts. */
function failureNote({ events, pods }: TroubledContainer, field: ProbeField): string | undefined {
  const notes = events
    .filter(({ reason, note, regarding }) => reason === "Unhealthy" && pods.has(regarding.name) && note.startsWith(`${TITLES[field]} probe`))
    .map(({ note }) => note);
  return notes.find((note) => OF_PROTOCOL.test(note)) ?? notes[0];
}

const OF_PROTOCOL = /HTTP response to HTTPS client|HTTP request (?:was sent )?to an? HTTPS/;

function isStarting({ events }: TroubledContainer): boolean {
  const newest = events.find(({ reason }) => reason === "Unhealthy");
  return newest?.note.startsWith("Startup probe") ?? false;
}

function isUnanswered(note: string): boolean {
  return /connection refused|deadline exceeded|timeout|timed out|no route to host|Client\.Timeout|parsing "[\w-]{1,63}": invalid syntax/i.test(note);
}

function sentence(field: ProbeField, note: string, where: string, value: JsonObject | undefined): string {
  const name = TITLES[field].toLowerCase();
  const handler = value && handlerOf(value);
  const asked =
    value && handler
      ? `${textAt(value, handler, "path")}${textAt(value, handler, "path") === "" ? "" : " on "}port ${String(at(value, handler, "port") ?? "")}`
      : "its command";
  const code = /statuscode: (\d{3})/.exec(note)?.[1];
  const answer = code === undefined ? (/refused/.test(note) ? "nothing answers there" : "it gets no good answer in time") : `the answer is ${code}`;
  const effect = field === "readinessProbe" ? "never becomes ready" : "is killed again and again";
  return `${where} ${effect}: its ${name} probe asks ${asked} and ${answer}.`;
}
