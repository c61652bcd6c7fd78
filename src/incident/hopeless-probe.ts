import { at, listAt, objectAt, textAt } from "../cluster/objects.ts";
import { probedPorts } from "../cluster/probed-ports.ts";
import { dateAt, type EventView, isAbout } from "./events.ts";
import type { Symptom } from "./incident.ts";
import { containerStatuses } from "./pods.ts";
import { isReadyPod, type WorkloadView } from "./workload-view.ts";

/**
 * What a program that is up answers to a question that is wrong: another scheme, another path or method, or credentials that a probe never has. One that
 * only is not up yet refuses the connection, is slow, or answers 5xx. A port whose name the container does not declare can be asked by nobody.
 */
const HOPELESS =
  /^(?:Readiness|Startup) probe errored.{0,80}: (?:strconv\.Atoi: parsing "|couldn't find port)|^Readiness probe failed: (?:HTTP probe failed with statuscode: 40[01345]\b|Get "[^"]{1,500}": .{0,200}?(?:server gave HTTP response to HTTPS client|malformed HTTP ))/;
/** How long a program must have answered so: some serve before all of their paths are there. */
const LONG_ENOUGH_MILLISECONDS = 60_000;

/** Which not-ready containers no waiting heals. */
export function withHopelessProbes(symptoms: readonly Symptom[], view: WorkloadView, events: readonly EventView[]): Symptom[] {
  return symptoms.map((symptom) => {
    const lasted = hopelesslyAnswered(symptom, view, events);
    return lasted !== undefined && lasted >= LONG_ENOUGH_MILLISECONDS ? { ...symptom, decided: true } : symptom;
  });
}

/**
 * For how long, in milliseconds, the running container has answered its readiness probe in a hopeless way, and in no other; or has not answered it at a port where
 * it listens to nothing. Undefined where the last answer is another one, and where a pod of the same revision is ready: then the question can be answered.
 */
export function hopelesslyAnswered(symptom: Symptom, view: WorkloadView, events: readonly EventView[]): number | undefined {
  const pod = view.pods.find((one) => textAt(one, "metadata", "name") === symptom.pod);
  const status = pod && containerStatuses(pod).find((one) => textAt(one, "name") === symptom.container);
  const startedAt = status && dateAt(status, "state", "running", "startedAt");
  if (symptom.reason !== "not-ready" || !pod || !startedAt || view.pods.some(isReadyPod)) return undefined;
  const isAnswer = (event: EventView) => event.reason === "Unhealthy" && event.container === symptom.container && /^(?:Readiness|Startup) /.test(event.note);
  const answers = events.filter((event) => isAnswer(event) && isAbout(event, pod) && event.last >= startedAt);
  const newest = answers.at(-1);
  const isLive = !events.some((event) => isAbout(event, pod) && event.container === symptom.container && event.note.startsWith("Liveness "));
  const isWrong = (event: EventView) => isHopeless(event) || (isLive && asksElsewhere(event, view, symptom.container));
  if (!newest || !isWrong(newest)) return undefined;
  const since = Math.max(startedAt.getTime(), newest.first.getTime());
  if (answers.some((answer) => !isWrong(answer) && answer.last.getTime() > since)) return undefined;
  return newest.last.getTime() - since;
}

function isHopeless({ note }: EventView): boolean {
  return HOPELESS.test(note.slice(0, 2000));
}

/** Nothing listens on the port that the readiness probe asks, and that nobody declares, while the program answers its liveness probe on another one. */
function asksElsewhere({ note }: EventView, { template }: WorkloadView, name: string | undefined): boolean {
  const refused = /^Readiness probe failed: .{0,600}?dial tcp \S{1,60}:(\d{1,5}): connect: connection refused/.exec(note.slice(0, 2000))?.[1];
  const container = listAt(template, "spec", "containers").find((one) => textAt(one, "name") === name) ?? null;
  const [asked] = probedPorts({ livenessProbe: objectAt(container, "livenessProbe") });
  const declared = listAt(container, "ports").find((port) => textAt(port, "name") === asked);
  const answers = declared === undefined ? asked : at(declared, "containerPort");
  const isDeclared = listAt(template, "spec", "containers").some((one) => listAt(one, "ports").some((port) => String(at(port, "containerPort")) === refused));
  return refused !== undefined && !isDeclared && typeof answers === "number" && String(answers) !== refused;
}
