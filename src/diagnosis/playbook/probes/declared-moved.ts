import { type KubeObject, listAt, numberAt, objectAt, textAt } from "../../../cluster/objects.ts";
import { isProbed, probedPorts } from "../../../cluster/probed-ports.ts";
import { servicesSelecting } from "../../../cluster/selecting.ts";
import { listeningPort } from "../../../evidence/listening.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { otherReaders } from "../../environment.ts";
import type { pastOf } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { type ContainerAt, containerOf, containersOf } from "../../workload.ts";
import { listens } from "../addresses/told-port.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, restoring } from "../entry.ts";

type Moving = Pick<CrashCase, "input" | "now" | "found" | "statement">;

/**
 * A declared port has another number since the last good revision, and the program stayed where it was. `back`: the number alone changed (as of the last good
 * revision). `follow`: others ask for the new one, or have the old one now, so that the program has to move along.
 */
type DeclaredMoved = { from: number; to: number } & ({ kind: "back"; difference: FieldChange } | { kind: "follow"; change: ObjectChange });

/** The declared port moved, and the program stays where it was: the one goes back, or the other follows. Undefined where neither is clear. @param log of the program */
export function portMoved(of: Moving, past: ReturnType<typeof pastOf>, log: readonly LogLine[]): Finding | undefined {
  const moved = declaredMoved(of, containerOf(past?.object, of.found.name), log);
  if (!past || !moved) return undefined;
  const rootCause = `${of.statement.rootCause.replace(/\.$/, "")}; the port was ${moved.from} before, where the program still listens.`;
  const statement = { ...of.statement, rootCause, confidence: CONFIDENCE.likely };
  if (moved.kind === "back") return restoring(statement, past, [moved.difference]);
  return fix(statement, [moved.change], [`Tell the program to listen on ${moved.to}, where it is asked for now`]);
}

/** Undefined where neither the log nor a setting says that the program listens on the old port, or where it has to move and not exactly one setting tells it so. */
function declaredMoved({ input, now, found, statement }: Moving, then: ContainerAt | undefined, log: readonly LogLine[]): DeclaredMoved | undefined {
  const [moved, ...others] = then ? movedPorts(then, found) : [];
  if (!moved || others.length > 0) return undefined;
  const { from, to, name } = moved;
  const [told, ...more] = listens({ input, now, statement }, found, String(from));
  const used = listeningPort(log) ?? (told && more.length === 0 ? from : undefined);
  if (used !== from) return undefined;
  if (!isNeeded(input, now, found, moved)) {
    const path = [...found.path, "ports", { key: "name", value: name }, "containerPort"];
    return { kind: "back", difference: { path, before: from, after: to }, from, to };
  }
  if (!told || more.length > 0 || otherReaders(input, told, now, found).length > 0) return undefined;
  const { object, path, value } = told;
  return { kind: "follow", change: { object, path, before: value, after: value.replace(new RegExp(`${from}$`), String(to)) }, from, to };
}

interface MovedPort {
  name: string;
  from: number;
  to: number;
}

/** The ports that probes ask, of another number under the same name. */
function movedPorts(then: ContainerAt, { value }: ContainerAt): MovedPort[] {
  return listAt(value, "ports").flatMap((port): MovedPort[] => {
    const name = textAt(port, "name");
    const old = listAt(then.value, "ports").find((one) => name !== "" && textAt(one, "name") === name);
    const [from, to] = [numberAt(old, "containerPort"), numberAt(port, "containerPort")];
    return from !== undefined && to !== undefined && from !== to && isProbed(value, port) ? [{ name, from, to }] : [];
  });
}

/** Whether a probe or a Service asks for the new number by itself, or another container of the pod has the old one. */
function isNeeded(input: DiagnosisInput, now: KubeObject, { name, value }: ContainerAt, { from, to }: MovedPort): boolean {
  const services = servicesSelecting(input.rendered, objectAt(now, "spec", "template", "metadata", "labels"));
  const asked = [...probedPorts(value), ...services.flatMap((service) => listAt(service, "spec", "ports").map((port) => numberAt(port, "targetPort")))];
  const others = containersOf(now).filter((other) => other.name !== name);
  return asked.includes(to) || others.some((other) => listAt(other.value, "ports").some((port) => numberAt(port, "containerPort") === from));
}
