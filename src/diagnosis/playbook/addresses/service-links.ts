import { textAt } from "../../../cluster/objects.ts";
import { servicesIn } from "../../../cluster/selecting.ts";
import { type FieldPath, getIn } from "../../../source/edit/field-path.ts";
import { isLinkOf, linkTaken } from "../../../source/meant/service-links.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { containersOf, podSpecPath } from "../../workload.ts";
import { type CrashCase, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place, restoring } from "../entry.ts";

/**
 * The variables of Services (core/v1 PodSpec.enableServiceLinks): a program takes the one of a Service for its own port, and the pod does without them then; or it
 * misses one since a commit that did without.
 */
export function serviceLinks(crashCase: CrashCase): Finding | undefined {
  const path: FieldPath = [...(podSpecPath(crashCase.now.kind) ?? []), "enableServiceLinks"];
  return path.length > 1 ? (getIn(crashCase.now, path) === false ? linksMissed(crashCase, path) : linkTakenFor(crashCase, path)) : undefined;
}

function linksMissed(crashCase: CrashCase, path: FieldPath): Finding | undefined {
  const { now, past, statement, log, input } = crashCase;
  const turned = past?.from === "revision" ? changedBelow(past, now, path) : [];
  const here = servicesIn(input.rendered, textAt(now, "metadata", "namespace"));
  const names = (text: string) => (text.slice(0, 2000).match(/\b[A-Z][A-Z0-9_]*_SERVICE_(?:HOST|PORT)\b/g) ?? []).filter((name) => isLinkOf(here, name));
  const line = log.findLast(({ text }) => names(text).length > 0);
  if (!past || turned.length === 0 || !line) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs ${names(line.text)[0]}, which Kubernetes makes of a Service, and the pod no longer gets such variables.`;
  return restoring(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), past, turned);
}

function linkTakenFor(crashCase: CrashCase, path: FieldPath): Finding | undefined {
  const { now, statement, log, input } = crashCase;
  const containers = containersOf(now).map(({ value }) => value);
  const here = servicesIn(input.rendered, textAt(now, "metadata", "namespace"));
  const last = log.flatMap((line) => ({ line, name: linkTaken(here, containers, line.text) })).findLast(({ name }) => name !== undefined);
  if (!last) return undefined;
  const { line, name } = last;
  const rootCause = `${place(statement.object, statement.container)} takes ${name}, which Kubernetes makes of the Service of that name, for a setting of its own.`;
  const words = `Do without the variables of Services (enableServiceLinks: false): ${name} is one of them, and nothing in the pod's manifest uses any`;
  const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested });
  return fix(said, [{ object: statement.object, path, before: getIn(now, path), after: false }], [words]);
}
