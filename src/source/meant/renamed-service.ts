import { type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { servicesSelecting } from "../../cluster/selecting.ts";
import { sameJson } from "../edit/field-path.ts";
import type { Renamed } from "./renamed.ts";

/** Services that went, each with the only one that came for the same pods, or for pods that got its new name with it. */
export function renamedServices(then: readonly KubeObject[], now: readonly KubeObject[]): Renamed[] {
  const [gone, fresh] = [servicesWithout(then, now), servicesWithout(now, then)];
  return gone.flatMap((from) => {
    const [rivals, heirs] = [gone, fresh].map((all) => all.filter((other) => isSameSelection(from, other)));
    const [to, ...others] = heirs?.length ? heirs : fresh.filter((other) => isRenamedWithPods(from, other));
    return to && others.length === 0 && rivals?.length === 1 ? [{ from, to }] : [];
  });
}

/** The same ports and labels, in which the old name of the Service is the new one. */
function isRenamedWithPods(from: KubeObject, to: KubeObject): boolean {
  const [old, today] = [from, to].map((one) => JSON.stringify(objectAt(one, "spec", "selector")));
  const isHere = textAt(from, "metadata", "namespace") === textAt(to, "metadata", "namespace");
  const follows = old?.replaceAll(`"${nameOf(from)}"`, `"${nameOf(to)}"`);
  return isHere && old !== today && follows === today && sameJson(listAt(from, "spec", "ports"), listAt(to, "spec", "ports"));
}

/**
 * What is asked for by the name of a workload has the name of the only Service that leads to it, where no Service is called as the workload is: of `stock`, whose
 * Service is `stock-svc`. `known`: Services beside those that are rendered.
 */
export function calledOtherwise(rendered: readonly KubeObject[], known: readonly KubeObject[] = []): Renamed[] {
  const services = rendered.filter(isService);
  return rendered.flatMap((workload) => {
    const labels = objectAt(workload, "spec", "template", "metadata", "labels");
    const here = textAt(workload, "metadata", "namespace");
    const isHere = (one: KubeObject) => one.kind === "Service" && textAt(one, "metadata", "namespace") === here;
    const [to, ...more] = servicesSelecting(services.filter(isHere), labels);
    const name = nameOf(workload);
    if (!to || more.length > 0 || [...services, ...known].some((one) => isHere(one) && nameOf(one) === name)) return [];
    return [{ from: { ...to, metadata: { ...to.metadata, name } }, to }];
  });
}

function servicesWithout(objects: readonly KubeObject[], others: readonly KubeObject[]): KubeObject[] {
  const isIn = (service: KubeObject) => others.some((other) => other.kind === "Service" && placeOf(other) === placeOf(service));
  return objects.filter((object) => isService(object) && !isIn(object));
}

export function isService({ kind, apiVersion }: KubeObject): boolean {
  return kind === "Service" && apiVersion === "v1";
}

function placeOf(service: KubeObject): string {
  return `${textAt(service, "metadata", "namespace")}/${nameOf(service)}`;
}

function isSameSelection(a: KubeObject, b: KubeObject): boolean {
  const selector = objectAt(a, "spec", "selector");
  const isHere = textAt(a, "metadata", "namespace") === textAt(b, "metadata", "namespace");
  return isHere && Object.keys(selector).length > 0 && sameJson(selector, objectAt(b, "spec", "selector"));
}

/** Names of settings whose whole value is a host. */
const HOST_NAME = /host|addr|url|uri|endpoint|server|service|upstream|backend|broker|target/i;

/**
 * A value with the addresses of a renamed Service under its new name: as the variables that Kubernetes makes of Services (`$(STOCK_SERVICE_HOST)`), and as a host
 * where it can be nothing else (`://stock`, `stock:80`, `stock.shop`), or where it is all of a setting (`name`) or of a flag that is called after a host.
 * Undefined where it holds none, or asks for a port that the new Service has not.
 */
export function readdressed(name: string, value: string, renamed: Renamed, namespace: string): string | undefined {
  const [old, today] = [nameOf(renamed.from), nameOf(renamed.to)];
  const isHere = [namespace, ""].includes(textAt(renamed.from, "metadata", "namespace"));
  const [then, now] = [renamed.from, renamed.to].map(portsOf);
  const isServed = (port: string | undefined) => (port === undefined ? then?.every((one) => now?.includes(one)) : now?.includes(port)) === true;
  const [, flag = name, whole = value] = /^--?([\w.-]{1,100})=(.*)$/.exec(value) ?? [];
  if (isHere && whole === old && HOST_NAME.test(flag)) return isServed(undefined) ? value.slice(0, value.length - old.length) + today : undefined;
  const hosts = value.replaceAll(hostsOf(renamed.from, namespace), (found) => found.replace(old, today));
  const after = isHere ? hosts.replaceAll(variablesOf(old), (_, field: string, port = "") => `$(${prefixOf(today)}_SERVICE_${field})${port}`) : hosts;
  const variable = `$(${prefixOf(today)}_SERVICE_`;
  const asked = [...after.matchAll(hostsOf(renamed.to, namespace)), ...after.matchAll(variablesOf(today))].map(([found]) => PORT.exec(found)?.[1]);
  const isFilled = textAt(renamed.to, "spec", "clusterIP") !== "None" || !after.includes(variable);
  return after !== value && asked.every(isServed) && isFilled ? after : undefined;
}

/** How lines name a host that does not resolve, around its name. */
const UNRESOLVED =
  /(?:lookup|host(?: name)?:?|address|resolve|ENOTFOUND|EAI_AGAIN|UnknownHostException:|upstream|reach|connect(?:ion)? to) ["'(]?$|^["')]?: (?:name or service|temporary failure|nodename)/i;

/** Whether a line of a log speaks of the old Service: by a variable that nobody fills in any more, or by its name where that is a host. */
export function namesOldService(text: string, { from }: Renamed, namespace: string): boolean {
  const limited = text.slice(0, 2000);
  const isHere = [namespace, ""].includes(textAt(from, "metadata", "namespace"));
  if (limited.search(hostsOf(from, namespace)) >= 0) return true;
  if (!isHere) return false;
  const alone = [...limited.matchAll(new RegExp(`(?<![\\w.-])${literal(nameOf(from))}(?!\\w|[.-]\\w)`, "g"))];
  const isUnresolved = ({ index, 0: found }: RegExpMatchArray) =>
    UNRESOLVED.test(limited.slice(Math.max(0, (index ?? 0) - 40), index)) || UNRESOLVED.test(limited.slice((index ?? 0) + found.length));
  return limited.includes(`$(${prefixOf(nameOf(from))}_SERVICE_`) || alone.some(isUnresolved);
}

const PORT = /[: /](\d{1,5})$/;

function portsOf(service: KubeObject): string[] {
  return listAt(service, "spec", "ports").map((port) => String(objectAt(port).port));
}

function nameOf(service: KubeObject): string {
  return textAt(service, "metadata", "name");
}

/** What Kubernetes puts before `_SERVICE_HOST` (envvars.FromServices). */
export function prefixOf(service: string): string {
  return service.toUpperCase().replaceAll("-", "_");
}

/** `$(NAME_SERVICE_HOST)`, with a port where one is written behind it, and `$(NAME_SERVICE_PORT)`. */
export function variablesOf(service: string): RegExp {
  return new RegExp(`(?<!\\$)\\$\\(${prefixOf(service)}_SERVICE_(HOST|PORT)\\)(:\\d{1,5})?`, "g");
}

function literal(name: string): string {
  return name.replaceAll(/[^a-z0-9-]/g, "\\$&");
}

/** How scripts name a host to a program, with the port behind it: `nc -z -w 2 stock 80`, `nslookup stock`, `--host stock`, `/dev/tcp/stock/80`. */
const TOOLS = "\\b(?:nc|ncat|telnet|nslookup|getent hosts)(?: -[\\w-]{1,20}(?: \\d{1,5})?){0,6} |\\s(?:-h|--host)[ =]|/dev/tcp/";

/** The host in places where it is one: with its namespace, behind a scheme or a login, before a port, or where a program of a script is told one. */
export function hostsOf(service: KubeObject, reader: string): RegExp {
  const [name, namespace] = [nameOf(service), textAt(service, "metadata", "namespace") || reader].map(literal);
  const [end, port] = ["(?!\\w|[.-]\\w)", "\\d{1,5}"];
  const qualified = `(?<![\\w.-])${name}\\.${namespace}(?:\\.svc(?:\\.[a-z0-9-]{1,63}){0,6})?(?::${port})?${end}`;
  const schemed = `(?<=://(?:[^@/\\s]{1,100}@)?)${name}(?::${port})?${end}`;
  const before = `(?<![\\w./:-])${name}:(?:${port}${end}|(?=\\$\\(${prefixOf(nameOf(service))}_SERVICE_PORT\\)))`;
  const told = `(?<![\\w.-])${name}(?<=(?:${TOOLS})${name})(?:[ /]${port})?${end}`;
  return new RegExp([qualified, ...(namespace === literal(reader) ? [schemed, before, told] : [])].map((one) => `(?:${one})`).join("|"), "g");
}
