import { at, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { servicesIn } from "../../cluster/selecting.ts";
import { isAction } from "../../incident/ingresses.ts";
import { type FieldChange, type FieldPath, sameJson } from "../../source/edit/field-path.ts";
import { affixesOf, withAffixes } from "../../source/render/affixes.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { isAlmost, nearMatch, nearOrKindred, onlyAlike } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, type Statement } from "./entry.ts";
import { meantNewcomer } from "./references/meant-newcomer.ts";

/** Ingresses that send to a Service or a port that does not exist, or that no controller feels responsible for. */
export const ingress: PlaybookEntry = {
  name: "ingress",
  topic: "Ingress classes and backends",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "backend");
    const now = renderedNow(input, input.incident.target);
    if (!symptom || now?.kind !== "Ingress") return [];
    const said = symptom.message.slice(0, 3000);
    const statement = {
      failureClass: "ingress-backend" as const,
      rootCause: `${place(input.incident.target)} cannot serve its requests: ${said}.`,
      object: input.incident.target,
      quotes: quoteFirst(input.evidence, [said, ...said.split("; ")]),
      confidence: CONFIDENCE.confirmed,
    };
    return [/^the ingress class /.test(said) ? wrongClass(input, now, statement, said) : wrongBackend(input, now, statement)];
  },
};

function wrongClass(input: DiagnosisInput, now: KubeObject, statement: Statement, said: string): Finding {
  const path: FieldPath = ["spec", "ingressClassName"];
  const known = input.observation.surroundings.filter(({ kind }) => kind === "IngressClass").map((object) => textAt(object, "metadata", "name"));
  const past = pastOf(input, statement.object);
  const changed = changedBelow(past, now, path).filter(({ before }) => typeof before === "string" && known.includes(before));
  const wrong = textAt(now, ...["spec", "ingressClassName"]);
  const meant = nearMatch(wrong, known);
  const isOtherMeant = meant !== undefined && changed.some(({ before }) => before !== meant && !isAlmost(wrong, String(before)));
  if (past && changed.length > 0 && !isOtherMeant) return restoring(statement, past, changed);
  if (meant === undefined)
    return escalate(statement, "no ingress class is surely what was meant", `Name a class that exists, or install the controller of ${wrong}: ${said}.`);
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object: statement.object, path, before: wrong, after: meant }],
    [`Use ingress class ${meant}, the only near match in the cluster`],
  );
}

/** Where an Ingress keeps a backend, and the backend. */
interface Place {
  path: FieldPath;
  service: Json;
}

function backendPlaces(now: KubeObject): Place[] {
  const rules = listAt(now, "spec", "rules").flatMap((rule, i) =>
    listAt(rule, "http", "paths").map(
      (one, j): Place => ({ path: ["spec", "rules", i, "http", "paths", j, "backend", "service"], service: at(one, "backend", "service") ?? null }),
    ),
  );
  return [{ path: ["spec", "defaultBackend", "service"], service: at(now, "spec", "defaultBackend", "service") ?? null }, ...rules].filter(
    ({ service }) => textAt(service, "name") !== "" && !isAction(service),
  );
}

function wrongBackend(input: DiagnosisInput, now: KubeObject, statement: Statement): Finding {
  const services = servicesOf(input, statement.object.namespace);
  const wrong = backendPlaces(now).filter(({ service }) => !isThere(services, service));
  const past = pastOf(input, statement.object);
  const changed = wrong.flatMap(({ path }) => changedBelow(past, now, path)).filter((change) => leadsSomewhere(change, wrong, services));
  const isOtherMeant = changed.some(
    ({ path, before, after }) => path.at(-1) === "name" && path.at(-2) === "service" && anotherMeant(input, statement, before, after),
  );
  if (past && changed.length > 0 && !isOtherMeant) return restoring(statement, past, changed);
  const meant = wrong.map((one) => correction(input, one, services, statement));
  const changes = meant.flat().filter((change) => change !== undefined);
  if (changes.length === 0 || meant.some((one) => one.length === 0))
    return escalate(statement, "no Service or port is surely what was meant", "Send to a Service that exists, by one of its ports.");
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    changes,
    changes.map(
      ({ path, before, after }) =>
        `Send to ${String(path.at(-1)) === "name" && path.at(-2) === "service" ? "Service" : "port"} ${String(after)} instead of ${String(before)}`,
    ),
  );
}

/** The commit sends to another Service, by a name that is nearly that of one which is there. */
function anotherMeant(input: DiagnosisInput, { object }: Statement, before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  const meant = meantNewcomer(input, { kind: "Service", namespace: object.namespace, name: after }, before);
  return meant !== undefined && meant !== before;
}

function servicesOf({ rendered, observation }: DiagnosisInput, namespace: string): KubeObject[] {
  const [own, others] = [servicesIn(rendered, namespace), servicesIn(observation.surroundings, namespace)];
  return [...own, ...others.filter((object) => !own.some((one) => one.metadata.name === object.metadata.name))];
}

function isThere(services: readonly KubeObject[], backend: Json): boolean {
  const service = services.find((one) => textAt(one, "metadata", "name") === textAt(backend, "name"));
  const number = at(backend, "port", "number");
  const name = textAt(backend, "port", "name");
  return (
    service !== undefined &&
    listAt(service, "spec", "ports").some((port) => (number === undefined ? textAt(port, "name") === name : at(port, "port") === number))
  );
}

/** With the change put back the backend exists. */
function leadsSomewhere({ path, before }: FieldChange, wrong: readonly Place[], services: readonly KubeObject[]): boolean {
  const place = wrong.find((one) => one.path.every((segment, i) => path[i] === segment));
  if (!place || before === undefined) return false;
  const rest = path.slice(place.path.length);
  const backend: Json =
    rest[0] === "name"
      ? { name: before, port: at(place.service, "port") ?? {} }
      : { name: textAt(place.service, "name"), port: rest.length === 1 ? before : { [String(rest[1])]: before } };
  return isThere(services, backend);
}

/** What replaces a backend that leads nowhere: the Service that the old one was renamed to or nearly is, or the only port of the right one. */
function correction(input: DiagnosisInput, { path, service }: Place, services: readonly KubeObject[], { object }: Statement): ObjectChange[] {
  const name = textAt(service, "name");
  const found = services.find((one) => textAt(one, "metadata", "name") === name);
  const known = services.map((one) => textAt(one, "metadata", "name"));
  const meant = found ? name : (renamedService(input, name, object.namespace) ?? nearOrKindred(name, known) ?? onlyAlike(name, known));
  const target = found ?? services.find((one) => textAt(one, "metadata", "name") === meant);
  if (!target || meant === undefined) return [];
  const named: ObjectChange[] = meant === name ? [] : [{ object, path: [...path, "name"], before: name, after: meant }];
  if (isThere(services, { name: meant, port: at(service, "port") ?? {} })) return named;
  const ports = listAt(target, "spec", "ports");
  const [only] = ports;
  const key = at(service, "port", "number") === undefined ? "name" : "number";
  const after = only && ports.length === 1 ? at(only, key === "name" ? "name" : "port") : undefined;
  return after === undefined ? [] : [...named, { object, path: [...path, "port", key], before: at(service, "port", key) ?? null, after }];
}

/** The one Service of today that was not there and selects what the missing one selected. */
function renamedService({ rendered, lastGood, documents }: DiagnosisInput, name: string, namespace: string): string | undefined {
  const then = servicesIn(lastGood?.objects ?? [], namespace);
  const names = withAffixes(name, affixesOf(documents));
  const missing = then.find((object) => names.includes(textAt(object, "metadata", "name")));
  if (!missing) return undefined;
  const fresh = servicesIn(rendered, namespace).filter((object) => !then.some((old) => old.metadata.name === object.metadata.name));
  const same = fresh.filter((object) => sameJson(at(object, "spec", "selector"), at(missing, "spec", "selector")));
  return same.length === 1 ? textAt(same[0] ?? null, "metadata", "name") : undefined;
}
