import { describeRef, isObject, refOf, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, formatPath } from "../../source/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, restoring, shown } from "./entry.ts";

/** Manifests that the API server (or the delivery tool's comparison) refuses: the field that the message names goes back. */
export const manifest: PlaybookEntry = {
  name: "manifest",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "apply" || reason === "render");
    if (!symptom || input.rendered.length === 0) return [];
    const message = symptom.message.slice(0, 4000);
    const refused = refusal(message);
    return refused ? [judge(input, message, refused)] : [];
  },
};

interface Refusal {
  kind?: string;
  name?: string;
  /** Field names as the message gives them, `spec.selector` or `containerPort`. */
  fields: string[];
  why: "immutable" | "wrong type" | "unknown field" | "invalid";
}

const INVALID = /\b([A-Z]\w{1,60})(?:\.[\w.-]{1,100})? "([\w.-]{1,253})" is invalid: ([\w.[\]]{1,200})?/;
const FLUX_OBJECT = /\b([A-Z]\w{1,60})\/[\w.-]{1,63}\/([\w.-]{1,253}) dry-run failed/;
const TYPED = /: \.([\w.[\]="-]{1,300}): expected (\w+), got/;
const UNKNOWN = /unknown field "([\w.[\]]{1,200})"|field not declared in schema|does not contain declared merge key: (\w{1,60})/;
const UNMARSHAL = /cannot unmarshal (\w+) into Go struct field [\w.]{1,100}?\.([\w.]{1,200}) of type/;

function refusal(message: string): Refusal | undefined {
  const invalid = INVALID.exec(message);
  const flux = FLUX_OBJECT.exec(message);
  const named = { ...optional("kind", invalid?.[1] ?? flux?.[1]), ...optional("name", invalid?.[2] ?? flux?.[2]) };
  const field = invalid?.[3]?.replace(/:$/, "");
  if (field && message.includes("field is immutable")) return { ...named, fields: [field], why: "immutable" };
  const typed = TYPED.exec(message);
  if (typed?.[1]) return { ...named, fields: [typed[1]], why: "wrong type" };
  const unknown = UNKNOWN.exec(message);
  if (unknown) return { ...named, fields: [unknown[1] ?? unknown[2] ?? ""].filter((name) => name !== ""), why: "unknown field" };
  const unmarshal = UNMARSHAL.exec(message);
  if (unmarshal?.[2]) return { ...named, fields: [unmarshal[2]], why: "wrong type" };
  return field ? { ...named, fields: [field], why: "invalid" } : undefined;
}

function judge(input: DiagnosisInput, message: string, refused: Refusal): Finding {
  const suspects = input.rendered.filter(
    (object) =>
      (refused.kind === undefined || object.kind === refused.kind) && (refused.name === undefined || textAt(object, "metadata", "name") === refused.name),
  );
  const blamed = suspects
    .map((object) => ({ object, past: pastOf(input, refOf(object)) }))
    .map(({ object, past }) => ({ object, past, changed: changedBelow(past, object, []).filter((change) => names(change, refused)) }));
  const guilty = blamed.filter(({ changed }) => changed.length > 0);
  const [only] = guilty;
  const target = only?.object ?? (suspects.length === 1 ? suspects[0] : undefined);
  const what = refused.fields.join(", ");
  const statement = {
    failureClass: "invalid-manifest" as const,
    rootCause: `The API server refuses ${target ? describeRef(refOf(target)) : "a manifest"}: ${sentence(refused, what)}.`,
    object: target ? refOf(target) : input.incident.target,
    quotes: quoteFirst(input.evidence, [message, ...pieces(message), what]),
    confidence: CONFIDENCE.confirmed,
  };
  if (guilty.length === 1 && only?.past) {
    return restoring({ ...statement, confidence: refused.why === "immutable" ? CONFIDENCE.likely : CONFIDENCE.confirmed }, only.past, only.changed);
  }
  if (refused.why === "immutable")
    return escalate(
      statement,
      "this field cannot be changed on an object that exists",
      "Take the change back, or delete and create the object anew at a time of your choice.",
    );
  return escalate(statement, "no value is known with which this worked", `Correct ${what === "" ? "the field that the message names" : what}.`);
}

/** Whether a difference lies at, above or below the field that the message names; a misspelt one is named by its right spelling. */
function names({ path, before, after }: FieldChange, { fields }: Refusal): boolean {
  const text = plainPath(path);
  return fields.some((field) => {
    const wanted = plain(field);
    if (text === wanted || text.startsWith(`${wanted}.`) || text.endsWith(`.${wanted}`) || (wanted.startsWith(`${text}.`) && isObject(after))) return true;
    const last = wanted.split(".").at(-1) ?? "";
    return !wanted.includes(".") && [before, after].some((value) => hasKey(value, last)) ? true : wanted.startsWith(`${text}.`) && holdsItem(after);
  });
}

/** A list item that appeared may hold the field somewhere inside. */
function holdsItem(value: FieldChange["after"]): boolean {
  return isObject(value) || Array.isArray(value);
}

function hasKey(value: FieldChange["after"], key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, key));
  return isObject(value) && Object.keys(value).some((name) => name.toLowerCase() === key);
}

function plainPath(path: FieldPath): string {
  return plain(formatPath(path));
}

/** Paths as different tools write them, in one form: `containers[name="web"].env` and `containers[name=web].env`. */
function plain(path: string): string {
  return path.replaceAll('"', "").toLowerCase();
}

function sentence({ why }: Refusal, what: string): string {
  if (why === "immutable") return `${what} cannot be changed once the object exists`;
  if (why === "wrong type") return `${what} has a value of the wrong type`;
  if (why === "unknown field") return what === "" ? "it has a field that the schema does not know" : `it has a misspelt or misplaced field (${what})`;
  return `${shown(what)} is not valid`;
}

/** Longer messages are often cut in the evidence: their parts around colons are looked for as well. */
function pieces(message: string): string[] {
  return message
    .split(": ")
    .filter((piece) => piece.length >= 15)
    .sort((a, b) => b.length - a.length);
}

function optional<K extends "kind" | "name">(key: K, value: string | undefined): { [P in K]?: string } {
  const result: { [P in K]?: string } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
