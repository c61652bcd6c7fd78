import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { quoteFirst } from "../../quotes.ts";
import { CONFIDENCE, escalate, place, shown } from "../entry.ts";

/** helm-controller's words for what has to be there before a release is looked at: `spec.dependsOn`, the source of its chart. */
const MISSING = [/unable to get '(?<name>[\w./-]{1,300})' dependency: .{0,200}not found/, /failed to get source: (?<name>\S{1,200} "[\w.-]{1,253}") not found/];

/** A HelmRelease waits for something that does not exist: whether the name is wrong or the thing is missing, nobody can tell from here. */
export function prerequisiteMissing(input: DiagnosisInput, message: string): Finding | undefined {
  const object = input.incident.target;
  const name = MISSING.map((words) => words.exec(message)?.groups?.name).find((found) => found !== undefined);
  if (name === undefined || object.kind !== "HelmRelease") return undefined;
  const [commit] = input.commits;
  const since = commit ? ` It began with ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}").` : "";
  return escalate(
    {
      failureClass: "helm-failed",
      rootCause: `${place(object)} is not looked at, because it needs ${shown(name)}, which does not exist.`,
      object,
      quotes: quoteFirst(input.evidence, [message]),
      confidence: CONFIDENCE.confirmed,
    },
    "whether the name is wrong or what it names is missing is not known",
    `Correct the name in the HelmRelease, or create ${shown(name)}.${since}`,
  );
}
