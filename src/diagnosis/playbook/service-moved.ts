import { at, type KubeObject, listAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { prefixOf } from "../../source/renamed-service.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { Finding } from "../diagnosis.ts";
import { pastOf } from "../history.ts";
import type { CrashCase } from "./crash-case.ts";
import { CONFIDENCE, fix } from "./entry.ts";
import { portsToday } from "./service-port.ts";

/** Where the program wanted to go: a name or an address, and a port. */
interface Wanted {
  host: string;
  port: string;
}

/** A Service of this delivery has another port since the commit, and the program still asks for the old one: its variable follows. */
export function serviceMoved({ input, found, statement }: CrashCase, said: CrashCase["statement"], wanted: Wanted): Finding | undefined {
  for (const service of input.rendered.filter(({ kind, metadata }) => kind === "Service" && metadata.namespace === statement.object.namespace)) {
    const to = newPort(input, service, wanted.port);
    if (to === undefined || !isMeant(input, service, wanted.host)) continue;
    const holders = listAt(found.value, "env").filter((item) => movedTo(textAt(item, "value"), service, wanted, to) !== undefined);
    const [holder] = holders;
    const after = holder && movedTo(textAt(holder, "value"), service, wanted, to);
    if (!holder || holders.length > 1 || after === undefined) continue;
    const path = [...found.path, "env", { key: "name", value: textAt(holder, "name") }, "value"];
    const change: ObjectChange = { object: statement.object, path, before: textAt(holder, "value"), after };
    const rootCause = `${said.rootCause.replace(/\.$/, "")}: Service ${refOf(service).name} has port ${to} instead of ${wanted.port} now.`;
    return fix({ ...said, rootCause, confidence: CONFIDENCE.likely }, [change], [`Ask Service ${refOf(service).name} at port ${to}, where it is now`]);
  }
  return undefined;
}

/** The number that this port of a Service has now, told by its name, or by being the only one then and now; undefined where the old one is still there. */
function newPort(input: CrashCase["input"], service: KubeObject, old: string): string | undefined {
  const [then, now] = [pastOf(input, refOf(service))?.object, service].map((object) => listAt(object, "spec", "ports"));
  const was = then?.find((port) => String(at(port, "port")) === old);
  if (!was || !then || !now || now.some((port) => String(at(port, "port")) === old)) return undefined;
  const same = portsToday(then, now, (port) => port === was);
  return same.length === 1 ? String(at(same[0], "port")) : undefined;
}

/** By its name, or by the address that the cluster gave it. */
function isMeant({ observation }: CrashCase["input"], service: KubeObject, host: string): boolean {
  const live = observation.objects.find((object) => sameRef(refOf(object), refOf(service)));
  return isHostOf(host, service) || (host !== "" && textAt(live, "spec", "clusterIP") === host);
}

/** `rates`, `rates.shop`, `rates.shop.svc` …: the names of a Service. */
export function isHostOf(host: string, service: KubeObject): boolean {
  const { namespace, name } = refOf(service);
  return host === name || host.startsWith(`${name}.${namespace}`) || host === `${name}.svc`;
}

/** The value with the port behind the Service's name (or behind what Kubernetes calls its address) replaced. */
function movedTo(value: string, service: KubeObject, { host, port }: Wanted, to: string): string | undefined {
  const { name } = refOf(service);
  const hosts = [host, name, `$(${prefixOf(name)}_SERVICE_HOST)`];
  const isHere = (one: string) => value.includes(one) && !/\d/.test(value[value.indexOf(one) + one.length] ?? "");
  const place = hosts.map((one) => `${one}:${port}`).find(isHere);
  return place && value.replace(place, `${place.slice(0, -port.length)}${to}`);
}
