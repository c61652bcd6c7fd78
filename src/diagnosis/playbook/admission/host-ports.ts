import { at, listAt, numberAt } from "../../../cluster/objects.ts";
import { listKey } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import { containersOf } from "../../workload.ts";
import { containersNamed } from "./pod-security-demands.ts";
import type { Refused, Tightened } from "./tightened.ts";

/** `hostPort (container "web" uses hostPort 9102)`, of several `(containers "a", "b" use hostPorts 80, 443)` (pod-security-admission, check_hostPorts.go). */
const GROUP = /\bhostPort \(([^()]{1,1500})\)(?:, )?/;

/** What a refusal says of ports on the node, and the rest of it. */
export function hostPortsIn(refusal: string): { said: string; rest: string } | undefined {
  const match = GROUP.exec(refusal);
  return match?.[1] === undefined ? undefined : { said: match[1], rest: refusal.replace(match[0], "").trim() };
}

/** The ports stay and are no longer opened on the node: for what never had that, or not in the good state. Undefined where it worked with one of them. */
export function withoutHostPorts({ object, now, isNew }: Refused, said: string): Tightened | undefined {
  const names = containersNamed(said);
  const numbers = new Set((said.match(/\b\d{1,5}\b/g) ?? []).map(Number));
  const changes = containersOf(now)
    .filter(({ name }) => names.includes(name))
    .flatMap(({ path, value }): ObjectChange[] => {
      const ports = listAt(value, "ports");
      const key = listKey(ports);
      return ports.flatMap((port, i): ObjectChange[] => {
        const number = numberAt(port, "hostPort");
        if (number === undefined || !numbers.has(number)) return [];
        const step = key === undefined ? i : { key, value: String(at(port, key)) };
        return [{ object, path: [...path, "ports", step, "hostPort"], before: number, after: undefined }];
      });
    });
  if (changes.length === 0 || !changes.every(({ path }) => isNew(path))) return undefined;
  return {
    changes,
    words: changes.map(({ before }) => `Do not open port ${String(before)} on the node, which the namespace does not allow; the container keeps its port`),
  };
}
