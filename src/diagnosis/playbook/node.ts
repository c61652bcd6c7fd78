import type { KubeObject } from "../../cluster/objects.ts";
import { moreThan } from "../../cluster/quantity.ts";
import { OWN_LIMIT } from "../../incident/nodes.ts";
import type { FieldChange } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, renderedNow } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import { containersOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, place, restoring, type Statement, shown } from "./entry.ts";

/** Nodes that are lost, or that throw pods out: nothing in git makes or mends that. */
export const node: PlaybookEntry = {
  name: "node",
  topic: "nodes in trouble",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "node");
    if (!symptom) return [];
    const object = input.incident.target;
    const isEviction = symptom.message.includes("were evicted");
    const rootCause = isEviction
      ? `${place(object)} loses its pods: ${shown(symptom.message)}`
      : `${place(object)} cannot run everywhere: ${shown(symptom.message)}`;
    const statement = {
      failureClass: "node" as const,
      rootCause: `${rootCause.replace(/[. ]+$/, "")}.`,
      object,
      quotes: quoteFirst(input.evidence, [symptom.message, ...symptom.message.split(": ")]),
      confidence: CONFIDENCE.likely,
    };
    if (OWN_LIMIT.test(symptom.message.slice(0, 1000))) return [beyondOwnLimit(input, statement, symptom.message)];
    const advice = isEviction ? "Free the node's memory or disk, or ask for what the pods really use." : "Repair or remove the node; its pods follow.";
    return [escalate(statement, "a node is ill, not this manifest", advice)];
  },
};

/** The limits for disk that a commit lowered: of the container that the kubelet names, or of any where the pod as a whole has used up what all have together. */
function loweredDisk(past: Past | undefined, now: KubeObject, message: string): { container: string; change: FieldChange }[] {
  const named = /Container (\S{1,63}) exceeded its local ephemeral storage limit/.exec(message.slice(0, 1000))?.[1];
  return containersOf(now)
    .filter(({ name }) => named === undefined || name === named)
    .flatMap(({ name, path }) => changedBelow(past, now, [...path, "resources", "limits", "ephemeral-storage"]).map((change) => ({ container: name, change })))
    .filter(({ change }) => isLower(change));
}

/** What is used up was more, or had no bound. */
function isLower({ before, after }: FieldChange): boolean {
  return before === undefined || moreThan(before, after);
}

/** The pods use more disk than they may: the volume whose limit a commit lowered gets it back. */
function beyondOwnLimit(input: DiagnosisInput, statement: Statement, message: string): Finding {
  const { object } = statement;
  const volume = /EmptyDir volume "([^"]{1,63})"/.exec(message)?.[1];
  const now = renderedNow(input, object);
  const past = pastOf(input, object);
  const spec = podSpecPath(object.kind);
  const own = { ...statement, failureClass: "volume-mount" as const, confidence: CONFIDENCE.confirmed };
  const changed =
    spec && volume !== undefined ? changedBelow(past, now, [...spec, "volumes", { key: "name", value: volume }, "emptyDir", "sizeLimit"]).filter(isLower) : [];
  if (past && changed.length > 0) return restoring(own, past, changed);
  const lowered = volume === undefined && now ? loweredDisk(past, now, message) : [];
  if (past && lowered.length > 0) {
    const [only, ...more] = [...new Set(lowered.map(({ container }) => container))];
    const container = more.length === 0 ? only : undefined;
    return restoring(
      { ...own, container },
      past,
      lowered.map(({ change }) => change),
    );
  }
  return escalate(
    own,
    "no limit is known that was large enough",
    "Raise the limit of its disk (emptyDir.sizeLimit, limits.ephemeral-storage), or let it write less.",
  );
}
