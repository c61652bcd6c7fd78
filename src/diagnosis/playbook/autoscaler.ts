import { groupOf, type KubeObject, objectAt, textAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../../source/edit/field-path.ts";
import { renamedWorkload } from "../../source/meant/alike.ts";
import { affixesOf, withAffixes } from "../../source/render/affixes.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { nearOrKindred, onlyAlike } from "../near-match.ts";
import { quoteFirst } from "../quotes.ts";
import { containersOf, isWorkload } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoringAll, type Statement, shown } from "./entry.ts";

/** Autoscalers that find nothing to scale, or nothing to measure. How far they may scale is never touched. */
export const autoscaler: PlaybookEntry = {
  name: "autoscaler",
  topic: "autoscalers and their targets",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "autoscaler");
    if (!symptom) return [];
    const now = renderedNow(input, input.incident.target);
    const said = symptom.message.slice(0, 2000);
    const statement = {
      failureClass: "autoscaler" as const,
      rootCause: `${place(input.incident.target)} cannot scale: ${shown(said.replace(/^\w+: (?:the HPA [^:]{1,80}: )?/, ""))}.`,
      object: input.incident.target,
      quotes: quoteFirst(input.evidence, [said, said.replace(/^\w+: /, ""), ...said.split(": ")]),
      confidence: CONFIDENCE.confirmed,
    };
    if (!now) return [escalate(statement, "the autoscaler is not in what the branch renders", "Look for who creates it; git does not.")];
    return [said.startsWith("FailedGetScale") ? noTarget(input, now, statement) : (requestMissing(input, now, statement, said) ?? noMetrics(statement, said))];
  },
};

function noTarget(input: DiagnosisInput, now: KubeObject, said: Statement): Finding {
  const path: FieldPath = ["spec", "scaleTargetRef"];
  const target = objectAt(now, "spec", "scaleTargetRef");
  const [kind, name] = [textAt(target, "kind"), textAt(target, "name")];
  const statement = { ...said, rootCause: `${place(said.object)} scales ${kind} ${name}, which does not exist.` };
  const workloads = input.rendered.filter((object) => isWorkload(object.kind) && textAt(object, "metadata", "namespace") === said.object.namespace);
  const isThere = (object: ReturnType<typeof objectAt>) =>
    workloads.some((one) => one.kind === textAt(object, "kind") && textAt(one, "metadata", "name") === textAt(object, "name"));
  const past = pastOf(input, said.object);
  const changed = changedBelow(past, now, path);
  if (past && changed.length > 0 && isThere(objectAt(past.object, "spec", "scaleTargetRef")))
    return restoringAll(
      statement,
      past,
      changed.map((change) => ({ object: said.object, path: change.path, before: change.after, after: change.before })),
    );
  const version = textAt(target, "apiVersion");
  const [same, ...more] = workloads.filter((object) => object.kind === kind && textAt(object, "metadata", "name") === name);
  if (same && more.length === 0 && groupOf(same.apiVersion) !== groupOf(version)) {
    const rootCause = `${place(said.object)} scales ${kind} ${name} of ${version}, and ${kind}s are of ${same.apiVersion}.`;
    const change = { object: said.object, path: [...path, "apiVersion"], before: version, after: same.apiVersion };
    return fix({ ...statement, rootCause, confidence: CONFIDENCE.likely }, [change], [`Scale ${kind} ${name} of ${same.apiVersion}, as it is rendered`]);
  }
  const alike = workloads.filter((object) => object.kind === kind).map((object) => textAt(object, "metadata", "name"));
  const calledNow = (old: string) => renamedWorkload(input.lastGood?.objects ?? [], input.rendered, { ...said.object, group: "apps", kind, name: old });
  const [renamed] = withAffixes(name, affixesOf(input.documents)).flatMap((old) => calledNow(old) ?? []);
  const [namesake, ...others] = workloads.filter((object) => object.kind !== kind && textAt(object, "metadata", "name") === name);
  if (renamed === undefined && namesake && others.length === 0 && groupOf(namesake.apiVersion) === groupOf(version))
    return fix(
      { ...statement, confidence: CONFIDENCE.suggested },
      [{ object: said.object, path: [...path, "kind"], before: kind, after: namesake.kind }],
      [`Scale ${namesake.kind} ${name}: that is what has this name`],
    );
  const meant = renamed ?? nearOrKindred(name, alike) ?? onlyAlike(name, alike);
  if (meant !== undefined)
    return fix(
      { ...statement, confidence: renamed === undefined ? CONFIDENCE.suggested : CONFIDENCE.likely },
      [{ object: said.object, path: [...path, "name"], before: name, after: meant }],
      [`Scale ${kind} ${meant}, ${renamed === undefined ? "the only one of this delivery with a name like it" : `as ${name} is called now`}`],
    );
  return escalate(statement, "no workload is surely what was meant", "Name a workload that this delivery renders.");
}

/** `missing request for cpu in container web of Pod web-…`: usage in per cent needs a request to be a share of. */
function requestMissing(input: DiagnosisInput, now: KubeObject, said: Statement, message: string): Finding | undefined {
  const match = /missing request for (cpu|memory)(?: in container ([\w.-]{1,63}))?/.exec(message);
  const [, resource, container] = match ?? [];
  if (!resource) return undefined;
  const target = objectAt(now, "spec", "scaleTargetRef");
  const workload = input.rendered.find((object) => object.kind === textAt(target, "kind") && textAt(object, "metadata", "name") === textAt(target, "name"));
  const rootCause = `${place(said.object)} cannot tell how busy its pods are: ${container === undefined ? "they request" : `container ${container} requests`} no ${resource}.`;
  const statement = { ...said, rootCause };
  const advice = `Set resources.requests.${resource}${container === undefined ? "" : ` of container ${container}`}; the bot invents no amounts.`;
  if (!workload) return escalate(statement, "the workload is not in what the branch renders", advice);
  const object = { ...said.object, group: "apps", kind: workload.kind, name: textAt(workload, "metadata", "name") };
  const past = pastOf(input, object);
  const found = containersOf(workload).filter(({ init, name }) => !init && (container === undefined || name === container));
  const changed = found
    .flatMap((one) => changedBelow(past, workload, [...one.path, "resources", "requests", resource]))
    .filter(({ before, after }) => before !== undefined && after === undefined);
  if (!past || changed.length === 0) return escalate(statement, "no request is known with which this worked", advice);
  // What changes is the workload: it is what the fix is about.
  return restoringAll(
    { ...statement, object },
    past,
    changed.map((change) => ({ object, path: change.path, before: change.after, after: change.before })),
  );
}

function noMetrics(statement: Statement, message: string): Finding {
  const isAbsent =
    /could not find the requested resource|no metrics returned|unable to fetch metrics|no custom metrics API|unable to get external metric/i.test(message);
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    isAbsent ? "the cluster serves no such metrics" : "what the autoscaler says is no fault of its manifest",
    "Look after the metrics API (metrics-server, or the adapter of custom metrics), or scale by another metric.",
  );
}
