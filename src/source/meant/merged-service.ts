// A Service that went and whose ports another one has since, which leads to the same pods: what asks for the one asks for the other, by another port.
import { type Json, type KubeObject, listAt, objectAt, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { sameJson } from "../edit/field-path.ts";
import { hostsOf, isService, prefixOf } from "./renamed-service.ts";

/** One port of the Service that went, and the one that leads where it led. */
interface MergedPort {
  from: string;
  to: string;
  /** What the Service calls it; "" for nothing. */
  name: string;
}

export interface MergedService {
  from: KubeObject;
  to: KubeObject;
  ports: MergedPort[];
}

/** Services that went, each with the only one for the same pods, which was there before and got a port for each of theirs. */
export function mergedServices(then: readonly KubeObject[], now: readonly KubeObject[]): MergedService[] {
  const isIn = (objects: readonly KubeObject[], service: KubeObject) => objects.find((one) => sameRef(refOf(one), refOf(service)));
  const gone = then.filter((service) => isService(service) && !isIn(now, service));
  return gone.flatMap((from): MergedService[] => {
    const heirs = now.filter((service) => isService(service) && hasSamePods(from, service) && isIn(then, service));
    const [to, ...more] = heirs;
    const old = to && isIn(then, to);
    if (!to || !old || more.length > 0) return [];
    const fresh = portsOf(to).filter((port) => !portsOf(old).some((one) => objectAt(one).port === objectAt(port).port));
    const ports = portsOf(from).flatMap((port) => counterpart(port, fresh, portsOf(from).length === 1));
    return ports.length > 0 && ports.length === portsOf(from).length ? [{ from, to, ports }] : [];
  });
}

/** The new port that leads to the same target; of one that is alone the only new one. */
function counterpart(port: Json, fresh: readonly Json[], isAlone: boolean): MergedPort[] {
  const target = (one: Json) => objectAt(one).targetPort ?? objectAt(one).port;
  const same = fresh.filter((one) => sameJson(target(one) ?? null, target(port) ?? null));
  const [only, ...more] = same.length > 0 || !isAlone ? same : fresh;
  return only && more.length === 0 ? [{ from: String(objectAt(port).port), to: String(objectAt(only).port), name: textAt(only, "name") }] : [];
}

/** A value with the addresses of the Service that went as those of the other one; undefined where it holds none, or asks for a port that neither had. */
export function addressedTo(value: string, { from, to, ports }: MergedService, namespace: string): string | undefined {
  const [old, today] = [refOf(from).name, refOf(to).name];
  const [then, now] = [prefixOf(old), prefixOf(today)];
  const [first] = ports;
  let isLost = false;
  const placed = (host: string, number = "80") => {
    const port = ports.find((one) => one.from === number)?.to;
    if (port === undefined) isLost = true;
    return `${host}:${port}`;
  };
  const variable = first && first.name !== "" ? `$(${now}_SERVICE_PORT_${prefixOf(first.name)})` : (first?.to ?? "");
  const after = value
    .replaceAll(new RegExp(`(?<!\\$)\\$\\(${then}_SERVICE_HOST\\)(?=:\\$\\()`, "g"), () => `$(${now}_SERVICE_HOST)`)
    .replaceAll(new RegExp(`(?<!\\$)\\$\\(${then}_SERVICE_HOST\\)(?::(\\d{1,5}))?`, "g"), (_, port?: string) => placed(`$(${now}_SERVICE_HOST)`, port))
    .replaceAll(new RegExp(`(?<!\\$)\\$\\(${then}_SERVICE_PORT(?:_[A-Z0-9_]+)?\\)`, "g"), () => variable)
    .replaceAll(hostsOf(from, namespace), (found) => placed(found.replace(old, today).replace(/[: /]\d{1,5}$/, ""), /[: /](\d{1,5})$/.exec(found)?.[1]));
  return after === value || isLost ? undefined : after;
}

function portsOf(service: KubeObject): Json[] {
  return listAt(service, "spec", "ports");
}

function hasSamePods(a: KubeObject, b: KubeObject): boolean {
  const selector = objectAt(a, "spec", "selector");
  const isHere = textAt(a, "metadata", "namespace") === textAt(b, "metadata", "namespace");
  return isHere && Object.keys(selector).length > 0 && sameJson(selector, objectAt(b, "spec", "selector"));
}
