import { isObject, type Json, sameRef } from "../cluster/objects.ts";
import { differences } from "../source/differences.ts";
import type { FieldPath } from "../source/field-path.ts";
import { type MisnamedValue, misnamedValues } from "../source/misnamed-values.ts";
import { readTextBasis } from "../source/text-basis.ts";
import type { DiagnosisInput, Finding } from "./diagnosis.ts";
import { isAlikeKey } from "./near-match.ts";

/**
 * Values of a chart that stand under a key which no template reads, where the key that was meant would change the failing object in just what it fails for: a
 * variable that the program misses, its memory, its probe. Undefined where several keys could be meant, or where the key was there at the last good revision.
 */
export async function misnamedValue(input: DiagnosisInput, finding: Finding): Promise<MisnamedValue | undefined> {
  const { workspace, lastGood, rendered } = input;
  if (rendered.length === 0) return undefined;
  const basis = await readTextBasis(workspace, lastGood?.workspace);
  const [only, ...more] = misnamedValues(basis.files, isAlikeKey);
  if (!only || more.length > 0) return undefined;
  const past = basis.files.map(({ path, lastGood: text }) => ({ path, text, lastGood: text }));
  if (misnamedValues(past, isAlikeKey).some(({ wrong, change }) => wrong === only.wrong && change.path === only.change.path)) return undefined;
  const outcome = await workspace.renderWith([only.change]);
  if (outcome.kind !== "rendered") return undefined;
  const own = [...differences(rendered, outcome.objects).values()].filter(({ object }) => sameRef(object, input.incident.target));
  return own.some(({ path, wanted }) => isAbout(finding, path, wanted)) ? only : undefined;
}

/** Fields that a class is about by its nature. */
const ABOUT: Readonly<Record<string, RegExp>> = {
  "out-of-memory": /^resources$/,
  "liveness-probe": /^livenessProbe$|^startupProbe$/,
  "readiness-probe": /^readinessProbe$/,
  "startup-probe": /^startupProbe$/,
  "unschedulable-resources": /^resources$/,
  "unschedulable-placement": /^(?:nodeSelector|affinity|topologySpreadConstraints)$/,
  "image-not-found": /^image$/,
  "image-unauthorized": /^imagePullSecrets$/,
};

/** A field of the failure's class, or one whose name or content the finding names. */
function isAbout({ failureClass, rootCause, quotes }: Finding, path: FieldPath, wanted: Json | undefined): boolean {
  if (path.some((step) => ABOUT[failureClass]?.test(String(step)))) return true;
  const said = `${rootCause}\n${quotes.map(({ quote }) => quote).join("\n")}`;
  const items = path.flatMap((step, i) => (typeof step === "object" && !/^(?:init)?containers$/i.test(String(path[i - 1])) ? [step.value] : []));
  const words = [...items, ...textsIn(wanted ?? null)];
  return words.some((word) => word.length >= 4 && said.includes(word));
}

function textsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isObject(value)) return Object.values(value).flatMap(textsIn);
  return typeof value === "string" ? [value] : [];
}
