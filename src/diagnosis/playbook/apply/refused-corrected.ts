// What the API server refuses, corrected so that nothing is lost of what the commit wanted.
import { inFullForm } from "../../../cluster/field-shapes.ts";
import { type KubeObject, refOf } from "../../../cluster/objects.ts";
import { mebibytesMeant } from "../../../cluster/quantity.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, samePath } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import { pastOf } from "../../history.ts";
import { isAlmost, nearMatch } from "../../near-match.ts";
import { shown } from "../entry.ts";
import { misplaced } from "./misplaced-field.ts";
import { misspelt } from "./misspelt-field.ts";
import type { Refusal } from "./refusal.ts";
import { limitsMeant, quantitiesMeant, type Told, toldValues } from "./told-values.ts";
import { typedValues } from "./typed-values.ts";

/** What came with the commit and is refused, as it can be meant only. */
export function correctedIn(input: DiagnosisInput, refused: Refusal, object: KubeObject, message: string): Told | undefined {
  const told = meantBy(input, refused, object, message) ?? typedAs(refused, object) ?? nearTimeZone(object, message);
  return told ?? misspelt([object], refused) ?? misplaced([object], refused);
}

/** What the API server's words leave of what they refuse in this object. */
export function meantBy(input: DiagnosisInput, { why }: Refusal, object: KubeObject, message: string): Told | undefined {
  const past = pastOf(input, refOf(object));
  const then = past?.from === "revision" ? past.object : undefined;
  return why === "no quantity" ? quantitiesMeant(object) : (limitsMeant(object, message) ?? toldValues(object, message, { ...input, past: then }));
}

/** Of the one object that is refused for it, the values that can be of the right type in one way. */
function typedAs({ why }: Refusal, object: KubeObject): Told | undefined {
  return why === "wrong type" ? typedValues(object) : undefined;
}

/** What was changed and is refused, where its correction keeps what the commit wanted: only how it is written is wrong, or what it leaves is in its way. */
export function keptIn(
  input: DiagnosisInput,
  refused: Refusal,
  { object, changed }: { object: KubeObject; changed: readonly FieldChange[] },
  message: string,
): Told | undefined {
  const told = correctedIn(input, refused, object, message);
  return told?.changes.every((change) => isKept(change, told, changed)) ? told : undefined;
}

function isKept({ path, before, after }: ObjectChange, told: Told, changed: readonly FieldChange[]): boolean {
  const past = changed.find((change) => samePath(change.path, path));
  if (after === undefined) return true;
  // Under its right name a value that the commit changed as well; the old one goes back as it was.
  if (before === undefined)
    return !past || (!sameJson(past.before, after) && told.changes.some((gone) => gone.after === undefined && sameJson(gone.before, after)));
  // The full form says the same, whatever of it the commit changed.
  if (typeof after === "object") return sameJson(inFullForm(path, before, undefined) ?? null, after);
  return past !== undefined && isOtherwiseWritten(path, String(before), String(after));
}

/** `128MB` and `128Mi`, `160m` and `160Mi`, `mail` and `/mail`, a mode in digits that are octal; `Always` and `Never` are two things. */
function isOtherwiseWritten(path: FieldPath, before: string, after: string): boolean {
  if (mebibytesMeant(before) === after) return true;
  if (path.at(-1) === "schedule" || (/[mM]ode$/.test(String(path.at(-1))) && Number.parseInt(before, 8) === Number(after))) return true;
  return before.includes(after) || after.includes(before) || isAlmost(before, after);
}

/** A time zone that nobody knows, and the one known one with a name like it. */
export function nearTimeZone(target: KubeObject, message: string): Told | undefined {
  const path: FieldPath = ["spec", "timeZone"];
  const before = getIn(target, path);
  if (target.kind !== "CronJob" || typeof before !== "string" || !/time ?zone/i.test(message)) return undefined;
  // The world's cities have names alike: Munich is no Zurich.
  const meant = nearMatch(before, Intl.supportedValuesOf("timeZone").concat("UTC"), 1);
  if (meant === undefined) return undefined;
  return {
    changes: [{ object: refOf(target), path, before, after: meant }],
    words: [`Use time zone ${meant}: the only one with a name like ${shown(before)}`],
  };
}
