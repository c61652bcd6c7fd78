import type { KubeObject } from "../../../cluster/objects.ts";
import { moreThan } from "../../../cluster/quantity.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { containersOf } from "../../workload.ts";
import { CONFIDENCE, escalate, place, restoring, shown } from "../entry.ts";
import { oldPodStays } from "../scheduling/old-pod-first.ts";
import type { CreateRefusal } from "./create-refused.ts";
import { demanded } from "./quota-demands.ts";

const QUOTA = /exceeded quota: ([\w.-]{1,253}), requested: ([^\n]{1,300}?), used: /;
/** Without a list it means the requests (ResourceQuota.spec.hard). */
const QUOTA_RESOURCE = /^(?:(limits|requests)\.)?(cpu|memory)$/;

/** Fewer pods are a human's decision; resources that only this commit raised go back, and so does the way of rolling out that needs a pod more. */
export function quota({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const match = QUOTA.exec(message);
  const object = input.incident.target;
  if (message.includes("failed quota: ")) return demanded({ input, now, message, quotes });
  if (!match?.[1] || !match[2]) return undefined;
  const statement = {
    failureClass: "quota" as const,
    rootCause: `ResourceQuota ${match[1]} has no room for more pods of ${place(object)} (requested: ${shown(match[2])}).`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const asked = match[2].split(",").flatMap((part) => {
    const [, list = "requests", resource] = QUOTA_RESOURCE.exec((part.split("=")[0] ?? "").trim()) ?? [];
    return resource ? [{ list, resource }] : [];
  });
  const past = pastOf(input, object);
  const raised = containersOf(now).flatMap((container) =>
    asked.flatMap(({ list, resource }) =>
      raisedResources(past, now, container.path, list, resource).map((difference) => ({ container: container.name, difference })),
    ),
  );
  const [first] = raised;
  const isOne = raised.every(({ container }) => container === first?.container);
  if (past && first) {
    const said = { ...statement, container: isOne ? first.container : undefined, confidence: CONFIDENCE.likely };
    return restoring(
      said,
      past,
      raised.map(({ difference }) => difference),
    );
  }
  const surging = oldPodStays(input, past, now);
  if (past && surging.length > 0) {
    const rootCause = `${statement.rootCause.replace(/\.$/, "")}: new pods come before the old ones go now.`;
    return restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, surging);
  }
  return escalate(
    statement,
    "how many pods run, and how large the quota is, are decisions of people",
    `Lower the replicas or the resources, or raise quota ${match[1]}.`,
  );
}

function raisedResources(past: ReturnType<typeof pastOf>, now: KubeObject, container: FieldPath, list: string, resource: string): FieldChange[] {
  return changedBelow(past, now, [...container, "resources", list, resource]).filter(({ before, after }) => moreThan(after, before));
}
