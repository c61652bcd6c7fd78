// A Service that keeps its name and has another port since the commit. What still asks for the old one is led to the new one.
import { type Json, type KubeObject, listAt, numberAt, objectAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { hostsOf, isService, variablesOf } from "./renamed-service.ts";

/** A port of a Service that has another number now, and whose old number no port of it has now. */
export interface MovedPort {
  service: KubeObject;
  from: number;
  to: number;
}

/** What is left today of some ports of then, told by their names, or by being the only port then and now. */
export function portsToday(then: readonly Json[], now: readonly Json[], isOne: (port: Json) => boolean): readonly Json[] {
  const old = then.filter(isOne);
  if (old.length > 0 && then.length === 1 && now.length === 1) return now;
  const names = new Set(old.map((port) => textAt(port, "name")));
  return now.filter((port) => textAt(port, "name") !== "" && names.has(textAt(port, "name")));
}

export function movedPorts(then: readonly KubeObject[], now: readonly KubeObject[]): MovedPort[] {
  return now.filter(isService).flatMap((service) => {
    const before = then.find((object) => sameRef(refOf(object), refOf(service)));
    const [old, today] = [listAt(before, "spec", "ports"), listAt(service, "spec", "ports")];
    return old.flatMap((port): MovedPort[] => {
      const from = numberAt(port, "port");
      const [same, ...more] = portsToday(old, today, (one) => one === port);
      const to = numberAt(same, "port");
      const isThere = today.some((one) => numberAt(one, "port") === from);
      return from === undefined || to === undefined || more.length > 0 || isThere ? [] : [{ service, from, to }];
    });
  });
}

/** Below this, what follows a name and a colon is as likely the version of an image. */
const LEAST_PORT = 80;

/**
 * Ports at which a value asks a Service that has another one, and only that: it leads nowhere, whatever was there before. Not of a headless Service, behind whose
 * name are the pods themselves, with all their ports.
 */
export function askedInVain({ value, beside, name }: Setting, service: KubeObject, namespace: string): MovedPort[] {
  const [only, ...more] = listAt(service, "spec", "ports");
  const to = numberAt(only, "port");
  const isOfPods = textAt(service, "spec", "clusterIP") === "None" || textAt(service, "spec", "type") === "ExternalName";
  if (to === undefined || more.length > 0 || isOfPods || !Object.keys(objectAt(service, "spec", "selector")).length) return [];
  const asked = (value.match(/\d{2,5}/g) ?? []).map(Number).concat(IMPLIED.map(([, port]) => port));
  const moves = [...new Set(asked)].filter((from) => from >= LEAST_PORT && from !== to).map((from): MovedPort => ({ service, from, to }));
  return moves.filter((move) => reported(value, move, namespace) !== undefined || portBeside({ name, value, beside }, move, namespace) !== undefined);
}

/** Ports that a URL need not name (RFC 9110). */
const IMPLIED: readonly (readonly [ending: string, port: number])[] = [
  ["http://", 80],
  ["https://", 443],
];

/** A value with the port behind each address of the Service replaced, also one that its scheme implies. Undefined where it asks for none. */
export function reported(value: string, { service, from, to }: MovedPort, namespace: string): string | undefined {
  const isHere = [namespace, ""].includes(textAt(service, "metadata", "namespace"));
  const patterns = [hostsOf(service, namespace), ...(isHere ? [variablesOf(textAt(service, "metadata", "name"))] : [])];
  let text = value;
  for (const pattern of patterns) {
    let [result, end] = ["", 0];
    for (const match of text.matchAll(pattern)) {
      const [start, found] = [match.index, match[0]];
      result += text.slice(end, start) + portReplaced(found, text.slice(Math.max(0, start - 200), start), from, to);
      end = start + found.length;
    }
    text = result + text.slice(end);
  }
  return text === value ? undefined : text;
}

function portReplaced(address: string, before: string, from: number, to: number): string {
  const named = /^(.*[: /])(\d{1,5})$/.exec(address);
  if (named) return named[2] === String(from) ? `${named[1]}${to}` : address;
  const scheme = before.slice(Math.max(0, before.lastIndexOf("://") - 5)).replace(/(:\/\/)[^@/\s]*@$/, "$1");
  return IMPLIED.some(([ending, port]) => port === from && scheme.endsWith(ending)) ? `${address}:${to}` : address;
}

/** A setting of a program: its name, or "" for a word of its command line, and those that are set beside it. */
export interface Setting {
  name: string;
  value: string;
  beside: readonly { name: string; value: string }[];
}

/** `DB_HOST` beside `DB_PORT`: how a pair of variables calls a host. */
const HOST_NAMES = ["HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "SERVICE"];

/** The number that a variable of its own holds, where the variable beside it holds the Service's name: undefined where it is another one. */
export function portBeside({ name, value, beside }: Setting, { service, from, to }: MovedPort, namespace: string): string | undefined {
  const stem = /^(.*?)_?PORT$/i.exec(name)?.[1]?.toUpperCase();
  if (stem === undefined || value !== String(from)) return undefined;
  const hosts = beside.filter((one) => HOST_NAMES.some((ending) => one.name.toUpperCase() === (stem === "" ? ending : `${stem}_${ending}`)));
  const [host, ...more] = hosts;
  const own = refOf(service);
  const isHere = [namespace, ""].includes(own.namespace);
  const names = [...(isHere ? [own.name] : []), ...["", ".svc", ".svc.cluster.local"].map((end) => `${own.name}.${own.namespace || namespace}${end}`)];
  return host && more.length === 0 && names.includes(host.value) ? String(to) : undefined;
}
