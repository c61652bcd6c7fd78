// A container that listens on another port since the commit. What asks it by the pod's own address (127.0.0.1, localhost) is led to the new one.
import { type Json, listAt, numberAt, textAt } from "../../cluster/objects.ts";

/** A container's port that has another number now, and whose old number no container of the pod has now. */
export interface MovedNeighbour {
  container: string;
  from: string;
  to: string;
}

/** @param then the pod's spec at the last good revision; @param now and today's */
export function movedNeighbours(then: Json, now: Json): MovedNeighbour[] {
  const all = listAt(now, "containers");
  return all.flatMap((container): MovedNeighbour[] => {
    const old = listAt(then, "containers").find((one) => textAt(one, "name") === textAt(container, "name")) ?? null;
    const today = new Map(portsOf(container));
    return portsOf(old).flatMap(([name, from]): MovedNeighbour[] => {
      const to = today.get(name);
      const isThere = all.some((one) => portsOf(one).some(([, port]) => port === from));
      return to === undefined || to === from || isThere ? [] : [{ container: textAt(container, "name"), from, to }];
    });
  });
}

/** A value that asks the pod itself at the old port, with the new one; undefined for any other. */
export function askedBeside(value: string, { from, to }: MovedNeighbour): string | undefined {
  const after = value.replaceAll(new RegExp(`(?<![\\w.-])(127\\.0\\.0\\.1|localhost|\\[::1\\]):${from}(?!\\d)`, "g"), `$1:${to}`);
  return after === value ? undefined : after;
}

export function isLoopback(host: string): boolean {
  return /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[?::1\]?)$/.test(host);
}

/** What a container listens on, by the name that says so: of its ports, and of variables like `PORT`. */
function portsOf(container: Json): [name: string, port: string][] {
  const ports = listAt(container, "ports");
  const declared = ports.map((port): [string, string] => [`ports/${ports.length === 1 ? "" : textAt(port, "name")}`, String(numberAt(port, "containerPort"))]);
  const told = listAt(container, "env").map((item): [string, string] => [`env/${textAt(item, "name")}`, textAt(item, "value")]);
  return [...declared, ...told.filter(([name]) => /PORT$/.test(name))].filter(([, port]) => /^\d{2,5}$/.test(port));
}
