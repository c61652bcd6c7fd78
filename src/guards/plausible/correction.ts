// What may be written in place of what the API server refused.
import { inFullForm } from "../../cluster/field-shapes.ts";
import { isKubeObject, objectAt } from "../../cluster/objects.ts";
import { secondsMeant } from "../../cluster/refused-values.ts";
import { BUILT_IN } from "../../cluster/schema-errors.ts";
import { type FieldChange, type FieldPath, getIn, sameJson, samePath } from "../../source/edit/field-path.ts";
import { setIn } from "../../source/edit/set-in.ts";
import { baselineOf, evidenceNames, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { isMisplacedMove, losesMisplaced } from "../misplaced.ts";
import { isNearName } from "../nearness.ts";
import { findTarget } from "../target-match.ts";
import { isTold } from "../told-values.ts";
import { isItemRenamed } from "./item-name.ts";
import { followsPodClass } from "./reference.ts";
import { isTwinRemoved } from "./twins.ts";

/** What is enough for a change by itself, whatever field the API server names. */
const GROUNDS: readonly ((grounds: Grounds, change: FieldChange) => boolean)[] = [
  ...[isFromHistory, isRespelt, isSameAsText, isTwinRemoved, isTold],
  ...[isMatchedToItself, followsPodClass, isInFullForm, isSecondsMeant, isItemRenamed, isBoundTooMuch],
];

/**
 * What the API server refused: the field that it names may take another type, or another name, with a value that was already there, and a field
 * that it does not know may go, or be spelt right. Everything else, and every selector and label, only as the last good revision had it.
 */
export function correctionObjection(grounds: Grounds, change: FieldChange): Objection {
  if (change.after === undefined && losesMeaning(grounds, change))
    return objection("field-misspelt", "This field is only misspelt: what stands in it was meant.");
  if (isMisplacedMove(grounds.input, grounds.object, change, grounds.changes)) return undefined;
  if (change.after === undefined && losesMisplaced(grounds.input, grounds.object, change.path, grounds.lastGood))
    return objection("field-misplaced", "This field only stands at a wrong place: what stands in it was meant.");
  if (GROUNDS.some((isGround) => isGround(grounds, change))) return undefined;
  if (change.path.includes("selector") || change.path.includes("labels"))
    return objection("not-from-history", "Selectors and labels only go back to what the last good revision had.");
  const siblings = grounds.changes.filter(({ path }) => samePath(path.slice(0, -1), change.path.slice(0, -1)));
  const isNamed = ({ path }: FieldChange) => evidenceNames(grounds, fieldOf(path), "delivery", "event", "workload", "render-error");
  if (!siblings.some(isNamed)) return objection("field-not-named", "The API server does not complain about this field.");
  if (change.after === undefined) {
    const renamed = siblings.some(({ before, after }) => before === undefined && sameJson(after, change.before));
    return renamed || isUnknownField(grounds, change) ? undefined : objection("field-removed", "The API server does not say that this field is too much.");
  }
  const was = [baselineOf(grounds, change), ...siblings.map(({ before }) => before)].filter((value) => value !== undefined && typeof value !== "object");
  return was.some((value) => String(value) === String(change.after))
    ? undefined
    : objection("value-unfounded", "The corrected field has a value that was not there before.");
}

/** One of the two bounds of a disruption budget, of which the API server takes only one. */
function isBoundTooMuch({ input, object }: Grounds, { path, after }: FieldChange): boolean {
  const bounds = ["minAvailable", "maxUnavailable"];
  const spec = objectAt(findTarget(input.rendered, object), "spec");
  const isSaid = input.evidence.items.some(({ kind, text }) => kind !== "log" && text.includes("minAvailable and maxUnavailable cannot be both set"));
  return isSaid && object.kind === "PodDisruptionBudget" && bounds.includes(String(path[1])) && after === undefined && bounds.every((bound) => bound in spec);
}

/** What a shorthand stands for that the API does not take (cluster/field-shapes.ts): of the field itself, or of a part of the full form. */
function isInFullForm({ input, object }: Grounds, { path, after }: FieldChange): boolean {
  const rendered = findTarget(input.rendered, object);
  return [path.length, path.length - 1, path.length - 2].some((depth) => {
    const whole = path.slice(0, depth);
    const value = rendered && getIn(rendered, whole);
    const full = value === undefined || value === null ? undefined : inFullForm(whole, value, rendered && getIn(rendered, whole.slice(0, -1)));
    return full !== undefined && after !== undefined && sameJson(getIn(full, path.slice(depth)) ?? null, after);
  });
}

/** Seconds that were written with their unit, in a field that the API server names. */
function isSecondsMeant(grounds: Grounds, change: FieldChange): boolean {
  const field = fieldOf(change.path);
  const meant = secondsMeant(field, baselineOf(grounds, change));
  return meant !== undefined && meant === change.after && evidenceNames(grounds, field, "delivery", "event", "workload", "render-error");
}

/**
 * A number or a boolean where Kubernetes' own schema wants text, as text. Of the fields of a map the API server's words name none: `"" is invalid: patch: Invalid
 * value: "": unrecognized type: string`.
 */
function isSameAsText({ input, object }: Grounds, { path, before, after }: FieldChange): boolean {
  const rendered = findTarget(input.rendered, object);
  if (!rendered || typeof after !== "string" || (typeof before !== "number" && typeof before !== "boolean")) return false;
  const mended = setIn(rendered, path, after);
  return after === String(before) && isKubeObject(mended) && BUILT_IN.errors(mended).length < BUILT_IN.errors(rendered).length;
}

/** A workload's selector and the labels of its pods, which the API server says do not match: the one gets the value that the other has for the same label. */
function isMatchedToItself({ object, input }: Grounds, { path, after }: FieldChange): boolean {
  const [key, owner] = [path.at(-1), path.slice(0, -1).join(".")];
  const other = { "spec.selector.matchLabels": LABELS, "spec.template.metadata.labels": SELECTOR }[owner];
  const isSaid = input.evidence.items.some(({ kind, text }) => kind !== "log" && text.includes("does not match template"));
  const rendered = findTarget(input.rendered, object);
  if (!isSaid || other === undefined || typeof key !== "string" || typeof after !== "string" || rendered === undefined) return false;
  const isThere = getIn(rendered, path) !== undefined || owner === LABELS.join(".");
  return isThere && getIn(rendered, [...other, key]) === after;
}

const SELECTOR = ["spec", "selector", "matchLabels"];
const LABELS = ["spec", "template", "metadata", "labels"];

/** A part of what stood below a field that the API server does not know: all of that, and nothing else, stands below one with almost that name now. */
function isRespelt(grounds: Grounds, { path, before }: FieldChange): boolean {
  return grounds.changes.some((gone) => {
    const depth = gone.path.length - 1;
    const [wrong, right] = [gone.path[depth], path[depth]];
    if (gone.after !== undefined || before !== undefined || typeof wrong !== "string" || typeof right !== "string") return false;
    const isBeside = samePath(gone.path.slice(0, depth), path.slice(0, depth)) && isNearName(wrong, right);
    const all = getIn(grounds.after, path.slice(0, depth + 1));
    return isBeside && isUnknownField(grounds, gone) && all !== undefined && sameJson(all, gone.before);
  });
}

/**
 * The schema has a field of almost that name there: what was meant would be lost, not only its misspelling, unless it is what the last good revision did
 * without.
 */
function losesMeaning({ input, object, after, lastGood }: Grounds, { path, before }: FieldChange): boolean {
  const wrong = String(path.at(-1));
  const target = findTarget(input.rendered, object);
  const known = (target ? BUILT_IN.errors(target).find(({ unknown }) => unknown === wrong)?.known : undefined) ?? [];
  return known.some((name) => {
    const [then, now] = [lastGood, after].map((value) => getIn(value, [...path.slice(0, -1), name]));
    if (!isNearName(name, wrong) || (lastGood && then === undefined)) return false;
    return now === undefined || (!sameJson(now, before) && !sameJson(now, then));
  });
}

function fieldOf(path: FieldPath): string {
  return path.findLast((segment) => typeof segment === "string") ?? "";
}

/** Whether the API server calls exactly this field unknown: of the path that it names, the last part counts, and an item of a list is no field. */
function isUnknownField({ input }: Grounds, { path }: FieldChange): boolean {
  const field = path.at(-1);
  if (typeof field !== "string") return false;
  const texts = input.evidence.items.filter(({ kind }) => kind !== "log").map(({ text }) => text);
  return texts.some((text) => UNKNOWN.some((pattern) => [...text.matchAll(pattern)].some(([, named = ""]) => named.split(".").at(-1) === field)));
}

/** Strict decoding, and the server-side apply (structured-merge-diff). */
const UNKNOWN = [/unknown field \\?"([^"\\\s]{1,300})/g, /(\.[\w.[\]=-]{1,300}): field not declared in schema/g];
