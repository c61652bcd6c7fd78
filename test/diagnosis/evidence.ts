import { listAt, objectAt, refOf, textAt } from "../../src/cluster/objects.ts";
import type { Observation } from "../../src/cluster/observation.ts";
import type { Evidence, EvidenceItem } from "../../src/evidence/evidence.ts";
import { eventOf } from "../../src/incident/events.ts";
import type { Incident } from "../../src/incident/incident.ts";

/** Evidence in the plainest form, so that the diagnosis does not depend on how the evidence room words things. */
export function evidenceOf(observation: Observation, incident: Incident, logs: Record<string, string>): Evidence {
  const items: Omit<EvidenceItem, "id">[] = [
    { kind: "delivery", source: "delivery", object: incident.target, text: incident.symptoms.map(({ message }) => message).join("\n") },
    ...observation.objects
      .filter(({ kind }) => kind === "Pod")
      .flatMap((pod) =>
        [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")].map((status) => ({
          kind: "container" as const,
          source: `pod ${refOf(pod).name}`,
          object: refOf(pod),
          container: textAt(status, "name"),
          text: [objectAt(status, "state", "waiting"), objectAt(status, "state", "terminated"), objectAt(status, "lastState", "terminated")]
            .filter((state) => Object.keys(state).length > 0)
            .map((state) => `${textAt(state, "reason")}: ${textAt(state, "message")} exit code ${String(state.exitCode ?? "")}`)
            .join("\n"),
        })),
      ),
    ...observation.events.map(eventOf).map((event) => ({ kind: "event" as const, source: `event ${event.reason}`, text: `${event.reason}: ${event.note}` })),
    ...Object.entries(logs).map(([name, text]) => {
      const [pod = "", container = ""] = name.split(".");
      const object = { group: "", kind: "Pod", namespace: incident.target.namespace, name: pod };
      return { kind: "log" as const, source: `log of ${name}`, object, container, text };
    }),
  ];
  return { items: items.map((item, i) => ({ id: `E${i + 1}`, ...item })), omitted: 0, redactions: {} };
}
