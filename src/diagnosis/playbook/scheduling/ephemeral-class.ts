import { type Json, type KubeObject, listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, pastOf } from "../../history.ts";
import { nearOrKindred, onlyAlike } from "../../near-match.ts";
import { quoteFirst } from "../../quotes.ts";
import { podSpecOf, podSpecPath } from "../../workload.ts";
import { CONFIDENCE, fix, place, restoring } from "../entry.ts";

const CLASS = ["ephemeral", "volumeClaimTemplate", "spec", "storageClassName"];

/**
 * An ephemeral volume asks for a class that neither a StorageClass nor a PersistentVolume has: back to the one it had, else to the only one with a name like it. Unlike
 * that of a claim which exists, its template may change (core/v1 EphemeralVolumeSource): every pod gets a new claim.
 */
export function ephemeralClass(input: DiagnosisInput, now: KubeObject, message: string): Finding | undefined {
  const known = classesOf(input);
  const object = input.incident.target;
  const wrong = listAt(podSpecOf(now), "volumes").find((volume) => asked(volume) !== "" && !known.includes(asked(volume)));
  if (wrong === undefined) return undefined;
  const [name, before] = [textAt(wrong, "name"), asked(wrong)];
  const path: FieldPath = [...(podSpecPath(now.kind) ?? []), "volumes", { key: "name", value: name }, ...CLASS];
  const statement = {
    failureClass: "volume-unbound" as const,
    rootCause: `Volume ${name} of ${place(object)} asks for storage class ${before}, which does not exist.`,
    object,
    quotes: quoteFirst(input.evidence, [message, before]),
    confidence: CONFIDENCE.suggested,
  };
  const past = pastOf(input, object);
  const changed = changedBelow(past, now, path);
  if (past && changed.length > 0) return restoring({ ...statement, confidence: CONFIDENCE.confirmed }, past, changed);
  const meant = nearOrKindred(before, known) ?? onlyAlike(before, known);
  return meant === undefined
    ? undefined
    : fix(statement, [{ object, path, before, after: meant }], [`Ask for storage class ${meant}, the only one with a name like it`]);
}

function asked(volume: Json): string {
  return textAt(volume, ...CLASS);
}

/** The classes that exist, or that volumes made by hand have. */
function classesOf({ rendered, observation }: DiagnosisInput): string[] {
  const all = [...rendered, ...observation.surroundings, ...observation.objects];
  const classes = all.filter(({ kind }) => kind === "StorageClass").map((one) => textAt(one, "metadata", "name"));
  const volumes = all.filter(({ kind }) => kind === "PersistentVolume").map((one) => textAt(one, "spec", "storageClassName"));
  return [...new Set([...classes, ...volumes])].filter((name) => name !== "");
}
