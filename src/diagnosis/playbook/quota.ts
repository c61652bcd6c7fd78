import type { KubeObject } from "../../cluster/objects.ts";
import { moreThan } from "../../cluster/quantity.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { changedBelow, pastOf } from "../history.ts";
import { containersOf } from "../workload.ts";
import type { CreateRefusal } from "./create-refused.ts";
import { CONFIDENCE, escalate, place, restoring, shown } from "./entry.ts";

const QUOTA = /exceeded quota: ([\w.-]{1,253}), requested: ([^\n]{1,300}?), used: /;
const QUOTA_RESOURCE = /^(limits|requests)\.(cpu|memory)$/;

/** Fewer pods are a human's decision; resources that only this commit raised go back. */
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
    const [, list, resource] = QUOTA_RESOURCE.exec((part.split("=")[0] ?? "").trim()) ?? [];
    return list && resource ? [{ list, resource }] : [];
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
  return escalate(
    statement,
    "how many pods run, and how large the quota is, are decisions of people",
    `Lower the replicas or the resources, or raise quota ${match[1]}.`,
  );
}

/** A quota demands resources to be set at all: what the commit dropped comes back, an amount is never invented. */
function demanded({ input, now, message, quotes }: CreateRefusal): Finding | undefined {
  const [, name, list] = /failed quota: ([\w.-]{1,253}): must specify ([^\n]{1,300})/.exec(message) ?? [];
  if (!name || !list) return undefined;
  const object = input.incident.target;
  const asked = [...list.matchAll(/\b(limits|requests)\.(cpu|memory|ephemeral-storage)\b/g)].map(([, kind = "", resource = ""]) => ({ kind, resource }));
  const what = asked.map(({ kind, resource }) => `${resource} ${kind}`).join(", ") || shown(list);
  const statement = {
    failureClass: "quota" as const,
    rootCause: `ResourceQuota ${name} demands that every container sets ${what}, which ${place(object)} does not.`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const past = pastOf(input, object);
  const found = containersOf(now).map((container) => ({
    container,
    changed: asked.flatMap(({ kind, resource }) => dropped(past, now, container.path, kind, resource)),
  }));
  const [only, ...others] = found.filter(({ changed }) => changed.length > 0);
  if (past && only && others.length === 0) return restoring({ ...statement, container: only.container.name }, past, only.changed);
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "the right amount is not known",
    `Set ${what} for its containers, or give the namespace a LimitRange with defaults.`,
  );
}

/** A resource that is no longer set: itself, or the whole list that held nothing else that is asked for. */
function dropped(past: ReturnType<typeof pastOf>, now: KubeObject, container: FieldPath, list: string, resource: string): FieldChange[] {
  const path: FieldPath = [...container, "resources", list];
  const own = changedBelow(past, now, [...path, resource]).filter(({ before, after }) => before !== undefined && after === undefined);
  if (own.length === 0 || getIn(now, path) !== undefined) return own;
  const whole = getIn(now, [...container, "resources"]) === undefined ? [...container, "resources"] : path;
  return changedBelow(past, now, whole).filter(({ before, after }) => before !== undefined && after === undefined);
}

function raisedResources(past: ReturnType<typeof pastOf>, now: KubeObject, container: FieldPath, list: string, resource: string): FieldChange[] {
  return changedBelow(past, now, [...container, "resources", list, resource]).filter(({ before, after }) => moreThan(after, before));
}
