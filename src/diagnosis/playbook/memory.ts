import { defaultMemoryLimit } from "../../cluster/limit-range.ts";
import { isObject, type Json, type KubeObject, listAt, numberAt, textAt } from "../../cluster/objects.ts";
import { doubled, mebibytesMeant, milli, moreThan } from "../../cluster/quantity.ts";
import { type FieldChange, type FieldPath, formatPath, getIn } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, renderedNow } from "../history.ts";
import { failingEvents, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { type ContainerAt, containerOf, containersOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { heapBeyond, limitTold } from "./told-memory.ts";

/** Containers that the kernel killed at their memory limit. */
export const memory: PlaybookEntry = {
  name: "memory",
  topic: "memory limits",
  diagnose: (input) => {
    const found = troubledContainers(input)
      .filter(({ trouble }) => trouble === "memory")
      .flatMap((container) => outOfMemory(input, container));
    return found.length > 0 ? found : noRoomForToken(input);
  },
};

/** The kubelet keeps a pod's token in memory, in as much as the pod's limits allow. */
const NO_ROOM = /volume "kube-api-access-\w{1,20}" : [^\n]{1,500}no space left on device/;

/** Limits so small that not even the account's token has room: the pod never gets as far as being killed. */
function noRoomForToken(input: DiagnosisInput): Finding[] {
  const object = input.incident.target;
  const symptom = input.incident.symptoms.find(({ message }) => NO_ROOM.test(message.slice(0, 2000)));
  const note = failingEvents(input).find((event) => NO_ROOM.test(event.note.slice(0, 2000)))?.note ?? symptom?.message;
  const now = renderedNow(input, object);
  const past = pastOf(input, object);
  if (note === undefined || !now) return [];
  const rootCause = `${place(object)} has memory limits that leave no room for its account's token.`;
  const statement = { failureClass: "out-of-memory" as const, rootCause, object, quotes: quoteFirst(input.evidence, [note]), confidence: CONFIDENCE.likely };
  const lost = lostUnits(statement, now, past);
  if (!past || lost.length > 0) return lost;
  const lowered = containersOf(now).flatMap(({ path }) =>
    changedBelow(past, now, [...path, "resources", "limits", "memory"]).filter(({ before, after }) => moreThan(before, after)),
  );
  return lowered.length > 0 ? [restoring(statement, past, lowered)] : [];
}

/**
 * `128m` of memory is a thousandth of 128 bytes (Kubernetes' quantities), and `128` are bytes: mebibytes were meant, wherever the pod's containers say so. A limit
 * that was as large before goes back instead.
 */
function lostUnits(statement: Parameters<typeof fix>[0], now: KubeObject, past: Past | undefined): Finding[] {
  const paths = containersOf(now).flatMap(({ path }) => ["limits", "requests"].map((part): FieldPath => [...path, "resources", part, "memory"]));
  const changes = paths.flatMap((path) => {
    const before = getIn(now, path);
    const after = mebibytesMeant(before);
    return before === undefined || after === undefined ? [] : [{ object: statement.object, path, before, after }];
  });
  const [first] = changes;
  const isRaised = changes.some(({ path, after }) => moreThan(after, past && getIn(past.object, path)));
  if (!first || (past?.from === "revision" && !isRaised)) return [];
  const rootCause = `${place(statement.object, statement.container)} has ${shown(first.before)} of memory, which are ${String(first.before).endsWith("m") ? "thousandths of a byte" : "single bytes"}.`;
  const words = changes.map(({ path, before, after }) => `Set ${formatPath(path.slice(-2))} to ${after} instead of ${shown(before)}`);
  return [fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, changes, words)];
}

function outOfMemory(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const limit = found && getIn(found.value, ["resources", "limits", "memory"]);
  const statement = {
    failureClass: "out-of-memory" as const,
    rootCause: `${place(object, container.name)} needs more memory than its limit${limit === undefined ? "" : ` of ${shown(limit)}`} and is killed.`,
    object,
    container: container.name,
    quotes: quoteFirst(input.evidence, [container.ended?.message ?? "", "OOMKilled", "OOM-killed"], { container: container.name, pods: container.pods }),
    confidence: CONFIDENCE.confirmed,
  };
  const path: FieldPath = [...(found?.path ?? []), "resources", "limits", "memory"];
  const past = pastOf(input, object);
  if (now && found && past && limit === undefined) {
    const dropped = changedBelow(past, now, path);
    const words = `${place(object, container.name)} no longer has a memory limit of its own, gets the smaller one of its namespace, and is killed.`;
    if (dropped.length > 0 && defaultMemoryLimit([...input.observation.surroundings, ...input.observation.objects], object.namespace))
      return [restoring({ ...statement, rootCause: words }, past, dropped)];
  }
  const given = limit === undefined ? defaultMemoryLimit(input.rendered, object.namespace) : undefined;
  if (now && found && given !== undefined) {
    const rootCause = `${place(object, container.name)} has no memory limit of its own, gets the ${given} of its namespace's LimitRange, and is killed.`;
    return [raised(input, { ...statement, rootCause }, now, found, given)];
  }
  if (!now || !found || limit === undefined) {
    return [
      escalate(statement, "git sets no memory limit for this container", "Set a memory limit that fits the program, or look at the namespace's LimitRange."),
    ];
  }
  const lowered = changedBelow(past, now, path).filter(({ before, after }) => moreThan(before, after));
  const [lost] = mebibytesMeant(limit) === undefined ? [] : lostUnits(statement, now, past);
  if (lost) return [lost];
  if (past && lowered.length > 0) return [restoring(statement, past, lowered)];
  const held = past ? newlyInMemory(past, now, found) : [];
  const files = `${place(object, container.name)} keeps files in memory since the change, which count towards its limit of ${shown(limit)}, and is killed.`;
  if (past && held.length > 0) return [restoring({ ...statement, rootCause: files, confidence: CONFIDENCE.likely }, past, held)];
  return [raised(input, statement, now, found, limit)];
}

/** Empty directories of the container that the commit put into memory (core/v1 EmptyDirVolumeSource, `medium`): what is written there is the container's memory. */
function newlyInMemory(past: Past, now: KubeObject, container: ContainerAt): FieldChange[] {
  const mounted = listAt(container.value, "volumeMounts").map((mount) => textAt(mount, "name"));
  return mounted.flatMap((name) => {
    const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "volumes", { key: "name", value: name }, "emptyDir", "medium"];
    return getIn(now, path) === "Memory" && isObject(getIn(past.object, path.slice(0, -1))) ? changedBelow(past, now, path) : [];
  });
}

/** No better value is known: one step up, or as far as the program's own settings tell it to go, as far as the namespace allows it. */
function raised(input: DiagnosisInput, statement: Parameters<typeof fix>[0], now: KubeObject, container: ContainerAt, limit: Json): Finding {
  const path: FieldPath = [...container.path, "resources", "limits", "memory"];
  const twice = doubled(limit);
  const told = twice === undefined ? undefined : limitTold(input, now, container, twice);
  const heap = twice === undefined || told !== undefined ? undefined : heapBeyond(input, now, container, twice);
  if (heap !== undefined)
    return escalate(
      statement,
      `its own settings tell it to use ${heap}, far beyond the limit of ${shown(limit)}`,
      "Set the heap and the memory limit to what fits together.",
    );
  const wanted = told ?? twice;
  if (wanted === undefined) return escalate(statement, `the limit ${shown(limit)} cannot be computed with`, "Raise the memory limit by hand.");
  const most = largestAllowed(input, statement.object.namespace);
  const next = most !== undefined && moreThan(wanted, most) ? most : wanted;
  if (!moreThan(next, limit)) {
    return escalate(
      statement,
      `the namespace's LimitRange allows no more than ${most}`,
      "Make the program need less, or ask the cluster's owners for a higher LimitRange.",
    );
  }
  const quota = quotaInTheWay(input, now, next, limit);
  if (quota) return escalate(statement, `ResourceQuota ${quota} leaves no room for a higher limit`, "Free memory in the namespace, or ask for a higher quota.");
  const why =
    told === undefined ? "one step, since no larger limit is known to have worked" : "as much as its own settings tell it to use, and some room beside it";
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object: statement.object, path, before: getIn(now, path), after: next }],
    [`Raise the memory limit of ${place(statement.object, statement.container)} from ${shown(limit)} to ${next}: ${why}`],
  );
}

function inNamespace(input: DiagnosisInput, kind: string, namespace: string): KubeObject[] {
  return [...input.observation.surroundings, ...input.observation.objects].filter(
    (object) => object.kind === kind && textAt(object, "metadata", "namespace") === namespace,
  );
}

function largestAllowed(input: DiagnosisInput, namespace: string): string | undefined {
  const limits = inNamespace(input, "LimitRange", namespace)
    .flatMap((range) => listAt(range, "spec", "limits"))
    .filter((entry) => textAt(entry, "type") === "Container")
    .map((entry) => textAt(entry, "max", "memory"))
    .filter((max) => milli(max) !== undefined);
  return limits.sort((a, b) => (moreThan(a, b) ? 1 : -1))[0];
}

/** The first quota on memory limits that the workload's pods would exceed at the new limit, all of them as many as it wants. */
function quotaInTheWay(input: DiagnosisInput, now: KubeObject, next: string, limit: unknown): string | undefined {
  const [wanted, today] = [milli(next) ?? 0n, milli(limit) ?? 0n];
  const pods = BigInt(now.kind === "Deployment" || now.kind === "StatefulSet" ? Math.max(1, numberAt(now, "spec", "replicas") ?? 1) : 1);
  const grow = (wanted - today) * pods;
  const found = inNamespace(input, "ResourceQuota", textAt(now, "metadata", "namespace")).find((quota) => {
    const hard = milli(textAt(quota, "status", "hard", "limits.memory"));
    const used = milli(textAt(quota, "status", "used", "limits.memory"));
    return hard !== undefined && used !== undefined && used + grow > hard;
  });
  return found && textAt(found, "metadata", "name");
}
