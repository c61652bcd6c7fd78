import { type KubeObject, objectAt, textAt } from "../../cluster/objects.ts";
import { moreThan } from "../../cluster/quantity.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { containersOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { namedValue } from "./named-value.ts";
import { refusedByOthers } from "./refused-by-others.ts";

/** Pods that the API server refuses to create: limit ranges, quotas, Pod Security, missing service accounts. */
export const admission: PlaybookEntry = {
  name: "admission",
  topic: "quotas, limit ranges and admission rules",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "create-refused");
    const now = renderedNow(input, input.incident.target);
    if (!symptom || !now) return [];
    const message = symptom.message.slice(0, 3000);
    const reason = /is forbidden: (.{10,300})/.exec(message)?.[1] ?? message;
    const quotes = quoteFirst(input.evidence, [reason, message]);
    const refusal: Refusal = { input, now, message, quotes };
    const found = limitRange(refusal) ?? quota(refusal) ?? podSecurity(refusal) ?? serviceAccount(refusal) ?? refusedByOthers(input, message) ?? named(refusal);
    return found ? [found] : [];
  },
};

interface Refusal {
  input: DiagnosisInput;
  now: KubeObject;
  message: string;
  quotes: Finding["quotes"];
}

/** A refusal of another kind that quotes what the commit brought: a priority class or a runtime class that is not there. */
function named({ input, now, message, quotes }: Refusal): Finding | undefined {
  const object = input.incident.target;
  const rootCause = `The API server creates no pods of ${place(object)}: ${shown(message)}.`;
  return namedValue(input, now, message, { failureClass: "invalid-manifest", rootCause, object, quotes, confidence: CONFIDENCE.confirmed });
}

const RANGE = /(maximum|minimum) (cpu|memory|ephemeral-storage) usage per (Container|Pod) is ([\w.]{1,40}), but (limit|request) is ([\w.]{1,40})/;
const RATIO = /(cpu|memory) max limit to request ratio per (?:Container|Pod) is ([\w.]{1,20}), but provided ratio is ([\w.]{1,20})/;

function limitRange(refusal: Refusal): Finding | undefined {
  return ratio(refusal) ?? bounds(refusal);
}

function bounds({ input, now, message, quotes }: Refusal): Finding | undefined {
  const match = RANGE.exec(message);
  const [, bound, resource, scope, allowed, kind] = match ?? [];
  if (!match || !resource || !allowed) return undefined;
  const object = input.incident.target;
  const list = kind === "request" ? "requests" : "limits";
  const outside = (value: unknown) => (bound === "maximum" ? moreThan(value, allowed) : moreThan(allowed, value));
  const guilty = scope === "Pod" ? undefined : containersOf(now).find(({ value }) => outside(getIn(value, ["resources", list, resource])));
  const path: FieldPath = [...(guilty?.path ?? []), "resources", list, resource];
  const value = guilty && getIn(now, path);
  const statement = {
    failureClass: "limit-range" as const,
    rootCause: `The namespace's LimitRange allows a ${bound} of ${allowed} ${resource} per ${scope === "Pod" ? "pod" : "container"}, and ${place(object, guilty?.name)} sets ${shown(value ?? match[6])}.`,
    object,
    container: guilty?.name,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  if (scope === "Pod")
    return (
      resourcesBack({ input, now, message, quotes }, statement, [resource]) ??
      escalate(statement, "no resources are known with which this worked", "Lower the resources of its containers within the LimitRange.")
    );
  if (!guilty) return escalate(statement, "git does not set this value", "Set the container's resources within the LimitRange.");
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, path).filter(({ before }) => before !== undefined && !outside(before));
  if (past && changed.length > 0) return restoring(statement, past, changed);
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object, path, before: value, after: allowed }],
    [`Set the ${resource} ${kind} to ${allowed}, the LimitRange's ${bound}`],
  );
}

/** Limit and request stand too far apart; only history knows which of the two was meant. */
function ratio(refusal: Refusal): Finding | undefined {
  const [, resource, most, is] = RATIO.exec(refusal.message) ?? [];
  if (!resource || !most || !is) return undefined;
  const object = refusal.input.incident.target;
  const statement = {
    failureClass: "limit-range" as const,
    rootCause: `The namespace's LimitRange allows a ${resource} limit of at most ${Number(most)} times the request, and ${place(object)} asks for ${Number(is)} times.`,
    object,
    quotes: refusal.quotes,
    confidence: CONFIDENCE.confirmed,
  };
  return (
    resourcesBack(refusal, statement, [resource]) ??
    escalate(
      statement,
      "whether the limit or the request is wrong is not known",
      `Bring the ${resource} limit and request of its containers nearer to each other.`,
    )
  );
}

/** Limits and requests of these resources as they were when it worked, of the one container in which they changed. */
function resourcesBack({ input, now }: Refusal, statement: Parameters<typeof fix>[0], resources: readonly string[]): Finding | undefined {
  const past = pastOf(input, statement.object);
  const found = containersOf(now).map(({ name, path }) => ({
    name,
    changed: changedBelow(past, now, [...path, "resources"]).filter((change) => isOf(change, resources)),
  }));
  const [only, ...others] = found.filter(({ changed }) => changed.length > 0);
  return past && only && others.length === 0 ? restoring({ ...statement, container: only.name }, past, only.changed) : undefined;
}

/** Whether a difference below `resources` is about one of these, itself or within a whole list that came or went. */
function isOf({ path, before, after }: FieldChange, resources: readonly string[]): boolean {
  if (resources.includes(String(path.at(-1)))) return true;
  return [before, after].some(
    (value) =>
      JSON.stringify(value ?? null)
        .match(/"(cpu|memory|ephemeral-storage)"/g)
        ?.some((word) => resources.includes(word.slice(1, -1))) ?? false,
  );
}

const QUOTA = /exceeded quota: ([\w.-]{1,253}), requested: ([^\n]{1,300}?), used: /;
const QUOTA_RESOURCE = /^(limits|requests)\.(cpu|memory)$/;

/** Fewer pods are a human's decision; resources that only this commit raised go back. */
function quota({ input, now, message, quotes }: Refusal): Finding | undefined {
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
  if (past && first)
    return restoring(
      { ...statement, container: first.container, confidence: CONFIDENCE.likely },
      past,
      raised.filter(({ container }) => container === first.container).map(({ difference }) => difference),
    );
  return escalate(
    statement,
    "how many pods run, and how large the quota is, are decisions of people",
    `Lower the replicas or the resources, or raise quota ${match[1]}.`,
  );
}

/** A quota demands resources to be set at all: what the commit dropped comes back, an amount is never invented. */
function demanded({ input, now, message, quotes }: Refusal): Finding | undefined {
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

const HOST_FIELDS = ["hostNetwork", "hostPID", "hostIPC"];

/** Security settings that the namespace's Pod Security level refuses: only ever back to what was allowed, and only where that is tighter. */
function podSecurity({ input, now, message, quotes }: Refusal): Finding | undefined {
  const match = /violates PodSecurity "([\w.:-]{1,60})": ([^\n]{1,1000})/.exec(message);
  if (!match?.[2]) return undefined;
  const object = input.incident.target;
  const spec = podSpecPath(now.kind) ?? [];
  const past = pastOf(input, object);
  const named = containersOf(now).find(({ name }) => message.includes(`container "${name}"`));
  const statement = {
    failureClass: "pod-security" as const,
    rootCause: `The namespace's Pod Security level "${match[1]}" refuses ${place(object, named?.name)}: ${shown(match[2])}.`,
    object,
    container: named?.name,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const paths: FieldPath[] = [
    ...(named ? [[...named.path, "securityContext"]] : []),
    [...spec, "securityContext"],
    ...HOST_FIELDS.map((field) => [...spec, field]),
  ];
  const changed = paths
    .flatMap((path) => changedBelow(past, now, path))
    .flatMap(perField)
    .filter(({ path }) => message.toLowerCase().includes(String(path.at(-1)).toLowerCase()));
  if (past && changed.length > 0 && changed.every(isLooser)) return restoring(statement, past, changed);
  const privileged = named && getIn(named.value, ["securityContext", "privileged"]) === true;
  if (named && privileged && message.includes("privileged")) {
    const path: FieldPath = [...named.path, "securityContext", "privileged"];
    return fix(
      { ...statement, confidence: CONFIDENCE.suggested },
      [{ object, path, before: true, after: false }],
      ["Set privileged to false, which the namespace demands"],
    );
  }
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "tightening it further may break the program",
    "Set what the message names, and test it; or run this workload in a namespace that allows it.",
  );
}

/** A whole securityContext that appeared is looked at field by field, unless it holds nothing else. */
function perField(difference: FieldChange): FieldChange[] {
  if (difference.path.at(-1) !== "securityContext") return [difference];
  const fields = Object.entries(objectAt(difference.after === undefined ? null : { value: difference.after }, "value"));
  if (fields.length <= 1)
    return fields.map(([key]) => ({
      ...difference,
      path: [...difference.path, key],
      before: undefined,
      after: objectAt({ value: difference.after ?? null }, "value")[key],
    }));
  return fields.map(([key, value]) => ({ path: [...difference.path, key], before: undefined, after: value }));
}

function isLooser({ path, before, after }: FieldChange): boolean {
  const field = path.at(-1);
  if (field === "runAsNonRoot" || field === "readOnlyRootFilesystem") return after !== true;
  return after === true || typeof after !== "boolean" || before === false;
}

function serviceAccount({ input, now, message, quotes }: Refusal): Finding | undefined {
  const name =
    /error looking up service account (?:[\w.-]{1,63}\/)?([\w.-]{1,253}): serviceaccount/i.exec(message)?.[1] ??
    /serviceaccount "([\w.-]{1,253})" not found/i.exec(message)?.[1];
  if (!name) return undefined;
  const object = input.incident.target;
  const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "serviceAccountName"];
  const statement = {
    failureClass: "service-account-missing" as const,
    rootCause: `${place(object)} runs as ServiceAccount ${name}, which does not exist.`,
    object,
    quotes,
    confidence: CONFIDENCE.confirmed,
  };
  const known = [...input.rendered, ...input.observation.surroundings]
    .filter((other) => other.kind === "ServiceAccount" && textAt(other, "metadata", "namespace") === object.namespace)
    .map((other) => textAt(other, "metadata", "name"));
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, path).filter(({ before }) => before === undefined || (typeof before === "string" && known.includes(before)));
  if (past && changed.length > 0) return restoring(statement, past, changed);
  const meant = nearMatch(name, known);
  if (meant === undefined) return escalate(statement, "the bot creates no accounts", `Create ServiceAccount ${name}, or name one that exists.`);
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object, path, before: name, after: meant }],
    [`Run as ServiceAccount ${meant}, the only near match that exists`],
  );
}
