import { type KubeObject, refOf, sameRef, textAt } from "../../../cluster/objects.ts";
import { movedPorts, portBeside, reported } from "../../../source/meant/moved-service.ts";
import type { Finding } from "../../diagnosis.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, fix } from "../entry.ts";
import { aboutContainer, holdersOf } from "./addresses.ts";

/** Where the program wanted to go: a name or an address, and a port. */
interface Wanted {
  host: string;
  port: string;
}

/** A Service of this delivery has another port since the commit, and the program still asks for the old one: all addresses of it that the workload holds follow. */
export function serviceMoved({ input, found, now, statement }: CrashCase, said: CrashCase["statement"], wanted: Wanted): Finding | undefined {
  const { namespace } = statement.object;
  for (const moved of movedPorts(input.lastGood?.objects ?? [], input.rendered)) {
    const { service, from, to } = moved;
    if (service.metadata.namespace !== namespace || String(from) !== wanted.port || !isMeant(input, service, wanted.host)) continue;
    const holders = holdersOf(input, now, found, (setting) => reported(setting.value, moved, namespace) ?? portBeside(setting, moved, namespace));
    if (holders.own.length === 0) continue;
    const rootCause = `${said.rootCause.replace(/\.$/, "")}: Service ${refOf(service).name} has port ${to} instead of ${wanted.port} now.`;
    const told = { ...said, rootCause, container: aboutContainer(said.container, holders, now), confidence: CONFIDENCE.likely };
    return fix(told, [...holders.own, ...holders.beside], [`Ask Service ${refOf(service).name} at port ${to}, where it is now`]);
  }
  return undefined;
}

/** By its name, or by the address that the cluster gave it. */
export function isMeant({ observation }: CrashCase["input"], service: KubeObject, host: string): boolean {
  const live = observation.objects.find((object) => sameRef(refOf(object), refOf(service)));
  return isHostOf(host, service) || (host !== "" && textAt(live, "spec", "clusterIP") === host);
}

/** `rates`, `rates.shop`, `rates.shop.svc` …: the names of a Service. */
function isHostOf(host: string, service: KubeObject): boolean {
  const { namespace, name } = refOf(service);
  return host === name || host.startsWith(`${name}.${namespace}`) || host === `${name}.svc`;
}
