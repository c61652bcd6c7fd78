import { at, type KubeObject, listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import { containerStatuses } from "../../../incident/pods.ts";
import { isOwnedBy } from "../../../incident/workload-view.ts";
import { failingWorkload } from "../../pods.ts";
import { type ContainerAt, containerOf } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";

/** Why a change that only its time speaks against is not to blame, and what to do instead. */
interface Innocence {
  reason: string;
  advice: string;
}

/** What the pods themselves say for a change of how a program runs; undefined where they say nothing. */
export function innocentChange(crashCase: CrashCase): Innocence | undefined {
  if (isOfOtherRevision(crashCase)) {
    const advice = "Wait until the branch's head is deployed; this failure belongs to another revision.";
    return { reason: "its pods have other variables than the branch gives them", advice };
  }
  if (failsBeforeAlike(crashCase)) {
    const advice = "Look into the program, and into what it needs and git does not say: taking the change back heals nothing.";
    return { reason: "pods of the revision before end in the same way", advice };
  }
  return undefined;
}

/**
 * The pods that crash, or where they are gone their ReplicaSet, have another value for a variable than the branch: what the chart of one revision makes of the values
 * of another.
 */
function isOfOtherRevision({ input, container, found }: CrashCase): boolean {
  const { objects } = input.observation;
  const pods = objects.filter(({ kind, metadata }) => kind === "Pod" && container.pods.has(String(metadata.name)));
  const sets = objects.filter((object) => isMakerOf(object, container));
  const live = (pods.length > 0 ? pods : sets).flatMap((object) => containerOf(object, found.name) ?? []);
  const wanted = valuesOf(found);
  return live.some((one) => [...valuesOf(one)].some(([name, value]) => wanted.has(name) && wanted.get(name) !== value));
}

function valuesOf({ value }: ContainerAt): Map<string, string> {
  const written = listAt(value, "env").filter((item) => at(item, "valueFrom") === undefined);
  return new Map(written.map((item) => [textAt(item, "name"), textAt(item, "value")]));
}

/** Whether a ReplicaSet made the pods of a container in trouble, which may be gone: its name is the beginning of theirs. */
function isMakerOf({ kind, metadata }: KubeObject, { pods }: CrashCase["container"]): boolean {
  return kind === "ReplicaSet" && [...pods].some((pod) => pod.startsWith(`${String(metadata.name)}-`));
}

/** How often a container ended with an error before that is no accident. */
const AGAIN = 2;

/** Pods of a ReplicaSet of before crash again and again with the same exit code. */
function failsBeforeAlike({ input, container, found }: CrashCase): boolean {
  const { objects } = input.observation;
  const workload = failingWorkload(input)?.object;
  const before = objects.filter(
    (object) => object.kind === "ReplicaSet" && workload !== undefined && isOwnedBy(object, workload) && !isMakerOf(object, container),
  );
  const pods = objects.filter((pod) => pod.kind === "Pod" && before.some((set) => isOwnedBy(pod, set)));
  const code = container.ended?.exitCode;
  return pods.flatMap(containerStatuses).some((status) => {
    const endings = [at(status, "state", "terminated", "exitCode"), at(status, "lastState", "terminated", "exitCode")];
    return (
      textAt(status, "name") === found.name && (numberAt(status, "restartCount") ?? 0) >= AGAIN && code !== undefined && code !== 0 && endings.includes(code)
    );
  });
}
