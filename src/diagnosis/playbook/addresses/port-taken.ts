import { at, isObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { type ContainerAt, containersOf } from "../../workload.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, fix, place, restoring, restoringAll, shown } from "../entry.ts";
import { settingsThatCame } from "../settings/settings-that-came.ts";
import { namesWord } from "../words.ts";
import { portsIn } from "./ports-named.ts";
import { TAKEN } from "./taken.ts";
import { type ToldOtherwise, toldOtherwise } from "./told-port.ts";
import { portUntold } from "./untold-port.ts";

/**
 * Two processes of one pod want the same port. Whoever comes second fails, which need not be the one whose port changed: the container that was moved to the
 * port is to blame.
 */
export function portTaken(crashCase: CrashCase): Finding | undefined {
  const { now, past, statement } = crashCase;
  const lines = complaints(crashCase).filter(({ text }) => TAKEN.test(text.slice(0, 1000)));
  // Node says `code: 'EADDRINUSE'` once more behind the line that names the port.
  const line = lines.findLast(({ text }) => portsIn(text).length > 0) ?? lines.at(-1);
  if (!line) return undefined;
  const ports = portsIn(line.text);
  const moved = containersOf(now).flatMap((container) => {
    const changes = changedBelow(past, now, container.path).filter(
      (change) => isPort(change) && (ports.length === 0 || ports.some((port) => holds(change.after, port))),
    );
    return changes.length > 0 ? [{ container, changes }] : [];
  });
  const [only, ...others] = moved;
  const port = ports[0];
  const wanted = port === undefined ? "a port" : `port ${port}`;
  const said = withLine(crashCase, line, {
    ...statement,
    failureClass: "port-conflict" as const,
    rootCause: `${place(statement.object, statement.container)} wants ${wanted}, which another process of the pod already uses.`,
  });
  if (past && only && others.length === 0) {
    const rival = only.container.name === statement.container ? "" : `: container ${only.container.name} was moved there`;
    const rootCause = said.rootCause.replace(/\.$/, `${rival}.`);
    return restoring({ ...said, rootCause, container: only.container.name, confidence: CONFIDENCE.likely }, past, only.changes);
  }
  const settings = port === undefined || past?.from !== "revision" ? [] : settingsThatCame(crashCase.input, now, containersOf(now), port);
  const dropped = moved.length === 0 ? droppedPorts(crashCase) : [];
  if (past && settings.length === 0 && dropped.length === 1) {
    const rootCause = said.rootCause.replace(/\.$/, "; what gave it another one is no longer set.");
    return restoring({ ...said, rootCause, confidence: CONFIDENCE.likely }, past, dropped);
  }
  if (past && moved.length === 0 && settings.length === 1) return restoringAll({ ...said, confidence: CONFIDENCE.likely }, past, settings);
  const told = port === undefined || moved.length > 0 ? undefined : toldOtherwise(crashCase, port);
  if (told) return followDeclared(said, told);
  const untold = port === undefined || moved.length > 0 ? undefined : portUntold(crashCase, said, port);
  if (untold) return untold;
  const rivals = rivalsFor(containersOf(now), port, statement.container);
  const advice = rivals.length > 0 ? `Give ${rivals.join(" or ")} or this container another port.` : "Give one of the two programs another port.";
  return escalate(said, "no other port is known to be free", advice);
}

/** In a first release: what a container is told follows the port that it declares. */
function followDeclared(said: CrashCase["statement"], { container, rival, change, declared }: ToldOtherwise): Finding {
  const rootCause = `${place(said.object, container.name)} is told to use ${shown(change.before)}, the port of container ${rival}; it declares ${declared}.`;
  const words = `Let container ${container.name} use port ${declared}, the one that it declares and that no other container of the pod has`;
  return fix({ ...said, rootCause, container: container.name, confidence: CONFIDENCE.suggested }, [change], [words]);
}

/** Without its own setting a program takes its default port: variables and arguments of this container that went and told it a port. */
function droppedPorts({ changed }: CrashCase): FieldChange[] {
  const isTold = (value: FieldChange["before"]): boolean => {
    if (Array.isArray(value)) return value.length > 0 && value.every(isTold);
    const [name, told] = isObject(value) ? [textAt(value, "name"), textAt(value, "value")] : ["", typeof value === "string" ? value : ""];
    return /(?:^|[^A-Za-z])(?:port|listen|addr(?:ess)?|bind)/i.test(`${name} ${told}`) && /(?:^|[:=\s])\d{2,5}$/.test(told);
  };
  return changed.filter(({ path, before, after }) => after === undefined && (path.includes("env") || path.includes("args")) && isTold(before));
}

function isPort({ path }: FieldChange): boolean {
  return path.includes("env") || path.includes("args") || path.includes("ports");
}

function holds(value: FieldChange["after"], port: string): boolean {
  if (typeof value === "number") return String(value) === port;
  if (typeof value === "string") return namesWord(value, port);
  if (Array.isArray(value)) return value.some((item) => holds(item, port));
  return isObject(value) && Object.values(value).some((item) => holds(item, port));
}

function rivalsFor(containers: readonly ContainerAt[], port: string | undefined, own: string | undefined): string[] {
  return containers
    .filter(
      ({ name, value }) =>
        name !== own &&
        port !== undefined &&
        (listAt(value, "ports").some((one) => String(at(one, "containerPort")) === port) ||
          listAt(value, "env").some((item) => textAt(item, "value") === port)),
    )
    .map(({ name }) => `container ${name}`);
}
