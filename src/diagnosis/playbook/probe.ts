import { at, isObject, type JsonObject, type KubeObject, listAt, numberAt, objectAt, textAt } from "../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../source/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { type ContainerAt, containerOf } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring } from "./entry.ts";
import { slowStart } from "./slow-start.ts";

/** Probes that ask the wrong thing, or too early: containers that are killed for it, or never become ready. */
export const probe: PlaybookEntry = {
  name: "probe",
  diagnose: (input) => troubledContainers(input).flatMap((container) => probed(input, container)),
};

const KINDS = { liveness: "livenessProbe", startup: "startupProbe", "not-ready": "readinessProbe" } as const;
export type ProbeField = (typeof KINDS)[keyof typeof KINDS];
const CLASSES = { livenessProbe: "liveness-probe", startupProbe: "startup-probe", readinessProbe: "readiness-probe" } as const;
const TITLES = { livenessProbe: "Liveness", startupProbe: "Startup", readinessProbe: "Readiness" } as const;
const TIMINGS = new Set(["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"]);

function probed(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const { trouble } = container;
  if (trouble !== "liveness" && trouble !== "startup" && trouble !== "not-ready") return [];
  const field = trouble === "not-ready" && isStarting(container) ? "startupProbe" : KINDS[trouble];
  const note = failureNote(container, field);
  // Not ready without a word from the probe: readiness gates or a container that just started.
  if (note === undefined) return [];
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
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
        statement,
        "the branch does not set this probe any more",
        "Wait until the branch's head is deployed; this failure belongs to an older revision.",
      ),
    ];
  }
  const past = pastOf(input, object);
  const blamed = blame(changedBelow(past, now, [...found.path, field]), note);
  if (past && blamed.length > 0) return [restoring(statement, past, blamed)];
  return [withoutHistory(input, statement, container, now, found, field, note)];
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
): Finding {
  const port = rightPort(found, field);
  if (port !== undefined && isUnanswered(note)) {
    const path: FieldPath = [...found.path, field, handlerOf(objectAt(found.value, field)) ?? "httpGet", "port"];
    const before = at(found.value, field, handlerOf(objectAt(found.value, field)) ?? "httpGet", "port");
    return fix(
      { ...statement, confidence: CONFIDENCE.suggested },
      [{ object: statement.object, path, before, after: port }],
      [`Probe port ${port}, the one that the container declares`],
    );
  }
  const listening = logLines(input, container).some(({ text }) => /\b(listening|serving|started on|ready to accept)\b/i.test(text));
  if (field !== "readinessProbe" && isUnanswered(note) && !listening) return slowStart(statement, container, now, found, field);
  return escalate(
    statement,
    "the probe did not change, and what it asks is not obviously wrong",
    "Compare the probe with what the program serves, and look why the program does not answer; do not remove the probe.",
  );
}

/** A declared port where the probe asks an undeclared one: a near name, or the only port there is. */
function rightPort(found: ContainerAt, field: ProbeField): string | number | undefined {
  const asked = at(found.value, field, handlerOf(objectAt(found.value, field)) ?? "httpGet", "port");
  const ports = listAt(found.value, "ports");
  const names = ports.map((port) => textAt(port, "name")).filter((name) => name !== "");
  if (typeof asked === "string") {
    if (names.includes(asked) || /^\d+$/.test(asked)) return undefined;
    return nearMatch(asked, names) ?? (names.length === 1 ? names[0] : undefined);
  }
  const numbers = ports.flatMap((port) => numberAt(port, "containerPort") ?? []);
  if (typeof asked !== "number" || numbers.includes(asked) || numbers.length !== 1) return undefined;
  return numbers[0];
}

function handlerOf(value: JsonObject): "httpGet" | "tcpSocket" | "grpc" | undefined {
  return (["httpGet", "tcpSocket", "grpc"] as const).find((handler) => isObject(value[handler]));
}

/** What the probe asks is blamed before when it asks; a status code never speaks against the timings. */
function blame(changed: readonly FieldChange[], note: string): FieldChange[] {
  const isTiming = ({ path }: FieldChange) => TIMINGS.has(String(path.at(-1)));
  const asked = changed.filter((change) => !isTiming(change));
  if (asked.length > 0 || note.includes("statuscode")) return asked;
  return changed.filter(isTiming);
}

function failureNote({ events, pods }: TroubledContainer, field: ProbeField): string | undefined {
  return events.find(({ reason, note, regarding }) => reason === "Unhealthy" && pods.has(regarding.name) && note.startsWith(`${TITLES[field]} probe`))?.note;
}

function isStarting({ events }: TroubledContainer): boolean {
  const newest = events.find(({ reason }) => reason === "Unhealthy");
  return newest?.note.startsWith("Startup probe") ?? false;
}

function isUnanswered(note: string): boolean {
  return /connection refused|deadline exceeded|timeout|timed out|no route to host|Client\.Timeout/i.test(note);
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
