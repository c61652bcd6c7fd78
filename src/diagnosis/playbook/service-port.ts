import { at, type Json, type KubeObject, listAt, numberAt, refOf, textAt } from "../../cluster/objects.ts";
import { isProbed } from "../../cluster/probed-ports.ts";
import { type FieldPath, getIn } from "../../source/edit/field-path.ts";
import { portsToday } from "../../source/meant/moved-service.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { containersOf } from "../workload.ts";
import { CONFIDENCE, escalate, fix, place, restoring, shown } from "./entry.ts";
import { namesWord } from "./words.ts";

/** Target ports of a Service that no container of the selected pods has. */
export function wrongPorts(input: DiagnosisInput, now: KubeObject, selected: readonly KubeObject[], message: string): Finding[] {
  const object = input.incident.target;
  const declared = selected
    .flatMap(containersOf)
    .filter(({ init }) => !init)
    .flatMap(({ value }) => listAt(value, "ports"));
  const names = new Set(declared.map((port) => textAt(port, "name")).filter((name) => name !== ""));
  const numbers = new Set(declared.map((port) => at(port, "containerPort")));
  const wrong = listAt(now, "spec", "ports").filter((port) => {
    const target = at(port, "targetPort");
    return typeof target === "number" ? !numbers.has(target) : textAt(port, "targetPort") !== "" && !names.has(textAt(port, "targetPort"));
  });
  if (wrong.length === 0) return wrongProtocols(input, now, declared, message);
  return wrong.slice(0, 1).map((port): Finding => {
    const target = at(port, "targetPort");
    const asked = String(target);
    const path: FieldPath = ["spec", "ports", portStep(now, port), "targetPort"];
    const statement = {
      failureClass: "service-port" as const,
      rootCause:
        typeof target === "number"
          ? `${place(object)} sends to target port ${asked}, and the containers of its pods only have ${portWords(declared)}.`
          : `${place(object)} sends to target port "${asked}", and no container of its pods has a port of that name.`,
      object,
      quotes: quoteFirst(input.evidence, [message, `targetPort: ${asked}`, asked]),
      confidence: CONFIDENCE.confirmed,
    };
    const past = pastOf(input, object);
    const changed = changedBelow(past, now, path).filter(({ before }) => numbers.has(before ?? null) || (typeof before === "string" && names.has(before)));
    if (past && changed.length > 0) return restoring(statement, past, changed);
    const moved = typeof target === "number" ? movedPort(input, selected, target, declared) : undefined;
    if (typeof target === "number" && moved !== undefined)
      return fix(
        { ...statement, confidence: CONFIDENCE.likely },
        [{ object, path, before: target, after: moved }],
        [`Send to target port ${moved}, to which the container's port moved`],
      );
    // A port to which the Service led when it worked, and a second one beside that of the only declared port, are served though nobody declares them.
    const isSecond = declared.length === 1 && leadsElsewhere(now, port, declared);
    const wasThere = listAt(past?.object, "spec", "ports").some((one) => at(one, "targetPort") === target);
    const probed = typeof target === "number" && !isSecond && !wasThere ? onlyProbedPort(selected, target, textAt(port, "name")) : undefined;
    if (probed !== undefined)
      return fix(
        { ...statement, confidence: CONFIDENCE.suggested },
        [{ object, path, before: target ?? null, after: probed }],
        [`Send to target port ${probed}, at which probes find the pods ready; nothing in the pods speaks of ${asked}, and no other port is meant`],
      );
    // A program need not declare what it listens on: without history a number proves nothing.
    if (typeof target === "number") return escalate(statement, "containers need not declare their ports", "Check on which port the program listens.");
    const followed = renamedPort(input, selected, asked, declared);
    const meant = followed ?? nearMatch(asked, names) ?? (isSecond ? undefined : onlyPort(declared));
    if (meant === undefined && isSecond)
      return escalate(
        statement,
        "the only port of the pods is the one to which another port of the Service leads",
        `Declare port ${shown(asked)} in the container that serves it, or take it out of the Service.`,
      );
    if (meant === undefined) return escalate(statement, "several ports of the pods are possible", "Set targetPort to the port that serves this Service.");
    return fix(
      { ...statement, confidence: followed === undefined ? CONFIDENCE.suggested : CONFIDENCE.likely },
      [{ object, path, before: asked, after: meant }],
      [`Send to target port ${meant}, which the container declares`],
    );
  });
}

/**
 * Ports of a Service whose container port is there, with another protocol (an EndpointSlice only takes a port of that name that has it too). Which of the two
 * is right only history says: a container may well listen for both.
 */
function wrongProtocols(input: DiagnosisInput, now: KubeObject, declared: readonly Json[], message: string): Finding[] {
  const object = input.incident.target;
  const past = pastOf(input, object);
  const wrong = listAt(now, "spec", "ports").flatMap((port) => {
    const protocols = protocolsOf(port, declared);
    return protocols.length === 0 || protocols.includes(protocolOf(port)) ? [] : [{ port, protocols }];
  });
  const [first] = wrong;
  if (!first) return [];
  const named = `port ${textAt(first.port, "name") || String(at(first.port, "port"))}`;
  const statement = {
    failureClass: "service-port" as const,
    rootCause: `${place(object)} leads nowhere for ${named}: it is ${protocolOf(first.port)} there, and ${first.protocols.join(", ")} in the containers of its pods.`,
    object,
    quotes: quoteFirst(input.evidence, [message, "protocol", textAt(first.port, "targetPort")]),
    confidence: CONFIDENCE.confirmed,
  };
  const changed = wrong.flatMap(({ port, protocols }) =>
    changedBelow(past, now, ["spec", "ports", portStep(now, port), "protocol"]).filter(
      ({ path, before }) => wasThere(past, path.slice(0, -1)) && protocols.includes(textAt(before) || "TCP"),
    ),
  );
  // A number is served whether it is declared or not: there the commit is the second witness, not proof.
  const confidence = typeof at(first.port, "targetPort") === "string" ? CONFIDENCE.confirmed : CONFIDENCE.likely;
  if (past && changed.length > 0) return [restoring({ ...statement, confidence }, past, changed)];
  return [
    escalate(statement, "a container can listen for both protocols", "Give the Service's port and the container's the protocol that the program listens for."),
  ];
}

/** A port that is new has no protocol to go back to. */
function wasThere(past: Past | undefined, path: FieldPath): boolean {
  return getIn(past?.object, path) !== undefined;
}

/** The protocols of the container ports that a Service's port means, by name or number. */
function protocolsOf(port: Json, declared: readonly Json[]): string[] {
  const target = at(port, "targetPort") ?? at(port, "port");
  return [...new Set(declared.filter((one) => target === textAt(one, "name") || target === at(one, "containerPort")).map(protocolOf))];
}

/** Kubernetes' default: TCP (ServicePort.protocol, ContainerPort.protocol). */
function protocolOf(port: Json): string {
  return textAt(port, "protocol") || "TCP";
}

/** The number today of the port that had this one at the last good revision, told by its name, or by being the only port then and now. */
function movedPort(input: DiagnosisInput, selected: readonly KubeObject[], number: number, declared: readonly Json[]): number | undefined {
  const same = portsToday(portsThen(input, selected), declared, (port) => at(port, "containerPort") === number);
  const today = new Set(same.map((port) => at(port, "containerPort")));
  const [only] = today;
  return today.size === 1 && typeof only === "number" && only !== number ? only : undefined;
}

/**
 * The only port that the pods declare, or that is called as the Service's own, where a probe asks it, and nothing that their containers are told holds this number.
 * @param name of the Service's port, or ""
 */
function onlyProbedPort(selected: readonly KubeObject[], number: number, name: string): number | undefined {
  const containers = selected.flatMap(containersOf).filter(({ init }) => !init);
  const declared = containers.flatMap(({ value }) => listAt(value, "ports").map((port) => ({ port, container: value })));
  const [only, ...more] = declared.length > 1 ? declared.filter((one) => name !== "" && textAt(one.port, "name") === name) : declared;
  const told = containers.map(({ value }) => JSON.stringify([at(value, "env") ?? null, at(value, "args") ?? null, at(value, "command") ?? null])).join();
  const port = numberAt(only?.port ?? null, "containerPort");
  if (!only || more.length > 0 || port === undefined || namesWord(told, String(number))) return undefined;
  return isProbed(only.container, only.port) ? port : undefined;
}

/** What the port is called today that had this name at the last good revision, told by its number. */
function renamedPort(input: DiagnosisInput, selected: readonly KubeObject[], name: string, declared: readonly Json[]): string | undefined {
  const then = portsThen(input, selected);
  const numbers = new Set(then.filter((port) => textAt(port, "name") === name).map((port) => numberAt(port, "containerPort")));
  const today = new Set(declared.filter((port) => numbers.has(numberAt(port, "containerPort"))).map((port) => textAt(port, "name")));
  const [only] = today;
  return today.size === 1 && only !== "" ? only : undefined;
}

/** The ports of these workloads at the last good revision. */
function portsThen(input: DiagnosisInput, selected: readonly KubeObject[]): readonly Json[] {
  return selected.flatMap((workload) => {
    const past = pastOf(input, refOf(workload));
    return past ? containersOf(past.object).flatMap(({ value }) => listAt(value, "ports")) : [];
  });
}

function portWords(declared: readonly Json[]): string {
  return declared.map((port) => `${String(at(port, "containerPort"))}${textAt(port, "name") === "" ? "" : ` (${textAt(port, "name")})`}`).join(", ");
}

function portStep(now: KubeObject, port: Json): FieldPath[number] {
  const all = listAt(now, "spec", "ports");
  const name = textAt(port, "name");
  const isNamed = name !== "" && all.every((other) => textAt(other, "name") !== "");
  if (isNamed) return { key: "name", value: name };
  const number = at(port, "port");
  return number === undefined ? all.indexOf(port) : { key: "port", value: String(number) };
}

/** Whether another port of the Service leads to a declared one already, by its name or its number. */
function leadsElsewhere(service: KubeObject, port: Json, declared: readonly Json[]): boolean {
  const others = listAt(service, "spec", "ports").filter((one) => one !== port);
  return others.some((other) => declared.some((one) => leadsTo(other, one)));
}

/** Kubernetes' default for the target is the port itself (ServicePort.targetPort). */
function leadsTo(port: Json, declared: Json): boolean {
  const target = at(port, "targetPort") ?? at(port, "port");
  return target === at(declared, "containerPort") || (target === textAt(declared, "name") && target !== "");
}

function onlyPort(declared: readonly Json[]): string | number | undefined {
  const [only] = declared;
  if (declared.length !== 1 || only === undefined) return undefined;
  return textAt(only, "name") || numberAt(only, "containerPort");
}
