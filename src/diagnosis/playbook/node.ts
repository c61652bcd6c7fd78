import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, place, shown } from "./entry.ts";

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
      rootCause: `${rootCause.replace(/\.$/, "")}.`,
      object,
      quotes: quoteFirst(input.evidence, [symptom.message, ...symptom.message.split(": ")]),
      confidence: CONFIDENCE.likely,
    };
    const advice = isEviction ? "Free the node's memory or disk, or ask for what the pods really use." : "Repair or remove the node; its pods follow.";
    return [escalate(statement, "a node is ill, not this manifest", advice)];
  },
};
