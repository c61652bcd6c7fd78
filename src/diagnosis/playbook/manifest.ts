import { describeRef, type KubeObject, refOf, sameRef, textAt } from "../../cluster/objects.ts";
import { diffFields, type FieldChange, formatPath, getIn } from "../../source/edit/field-path.ts";
import { apiVersionOf } from "../../source/slips/api-version-lines.ts";
import { strayContainers } from "../../source/slips/stray-items.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, restore } from "../history.ts";
import { quoteFirst } from "../quotes.ts";
import { type UnknownKind, unknownKind } from "../unrenderable/api-version.ts";
import { refusedByOthers } from "./admission/refused-by-others.ts";
import { builtLabel } from "./apply/built-label.ts";
import { duplicateItem } from "./apply/duplicate-item.ts";
import { labelWanted } from "./apply/label-wanted.ts";
import { largerDisks, renamedGoverning, withMigration } from "./apply/migration.ts";
import { misplaced } from "./apply/misplaced-field.ts";
import { misspelt } from "./apply/misspelt-field.ts";
import { prerequisiteMissing } from "./apply/prerequisite.ts";
import { type Refusal, refusal } from "./apply/refusal.ts";
import { blamedChanges } from "./apply/refused-changes.ts";
import { correctedIn, keptIn, meantBy, nearTimeZone } from "./apply/refused-corrected.ts";
import { followingPorts } from "./apply/renamed-port.ts";
import { followingLabels } from "./apply/selector-back.ts";
import { labelMeant, NOT_ITS_OWN } from "./apply/selector-mismatch.ts";
import type { Told } from "./apply/told-values.ts";
import { typedValues } from "./apply/typed-values.ts";
import { CONFIDENCE, escalate, fix, orElse, type PlaybookEntry, repair, restoringAll, shown } from "./entry.ts";
import { volumesGone } from "./files/volume-gone.ts";

/** Manifests that the API server (or the delivery tool's comparison) refuses: the field that the message names goes back. */
export const manifest: PlaybookEntry = {
  name: "manifest",
  topic: "fields that the API server refuses",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "apply" || reason === "render");
    if (!symptom || input.rendered.length === 0) return [];
    const message = symptom.message.slice(0, 4000);
    const unknown = unknownKind(message, input.rendered);
    if (unknown) return [unknownVersion(input, message, unknown)];
    const own = prerequisiteMissing(input, message) ?? duplicateItem(input, message) ?? builtLabel(input, message) ?? labelWanted(input, message);
    const others = own ?? refusedByOthers(input, message);
    if (others) return [others];
    const refused = refusal(message);
    return refused ? [judge(input, message, refused)] : [];
  },
};

/** The line with the apiVersion goes back, where the last good revision had another one, or to the successor of one that Kubernetes took away. */
function unknownVersion(input: DiagnosisInput, message: string, { kind, apiVersion }: UnknownKind): Finding {
  const found = input.unrenderable?.repair;
  const first = found?.hunks[0];
  const where = first ? `Line ${first.at + 1} of ${first.path} asks` : "The manifests ask";
  const statement = {
    failureClass: "invalid-manifest" as const,
    rootCause: `${where} for kind ${kind} in version ${apiVersion}, which the cluster does not know.`,
    object: input.incident.target,
    quotes: quoteFirst(input.evidence, [message, ...pieces(message), apiVersion]),
    confidence: CONFIDENCE.confirmed,
  };
  if (found?.how === "successor" && first) {
    const to = apiVersionOf(first.after[0]) ?? "";
    const words = `Ask for ${kind} in version ${to} in line ${first.at + 1} of ${first.path}: Kubernetes has it there, with the same fields`;
    // Kubernetes takes away betas; other versions never were.
    const rootCause = `${statement.rootCause.slice(0, -1)}${/beta/.test(apiVersion) ? " any more" : ""}.`;
    return repair({ ...statement, rootCause, confidence: CONFIDENCE.likely }, found.files, [words]);
  }
  if (found && input.lastGood) {
    const as = `as ${input.lastGood.commit.slice(0, 8)}, the last good revision, has it`;
    return repair(
      statement,
      found.files,
      found.hunks.map(({ path, at }) => `Put the apiVersion in line ${at + 1} of ${path} back ${as}`),
    );
  }
  return escalate(statement, "no version is known with which this worked", `Correct the apiVersion of ${kind}, or install what serves ${apiVersion}.`);
}

function judge(input: DiagnosisInput, message: string, refused: Refusal): Finding {
  const suspects = input.rendered.filter(
    (object) =>
      (refused.kind === undefined || object.kind === refused.kind) && (refused.name === undefined || textAt(object, "metadata", "name") === refused.name),
  );
  const blamed = suspects
    .map((object) => ({ object, past: pastOf(input, refOf(object)) }))
    .map(({ object, past }) => {
      const named = blamedChanges(changedBelow(past, object, []), object, refused);
      const gone = named.length === 0 ? volumesGone(input, past, object, message) : [];
      return { object, past, changed: [...named, ...gone], isGone: gone.length > 0 };
    });
  const guilty = blamed.filter(({ changed }) => changed.length > 0);
  const [only] = guilty;
  const target = only?.object ?? (suspects.length === 1 ? suspects[0] : undefined);
  const what = refused.fields.join(", ");
  const statement = {
    failureClass: refused.fields.some((field) => /^spec\.(?:schedule|timeZone)$/.test(field)) ? ("cron-invalid" as const) : ("invalid-manifest" as const),
    rootCause: `The API server refuses ${target ? describeRef(refOf(target)) : "a manifest"}: ${sentence(refused, what)}.`,
    object: target ? refOf(target) : input.incident.target,
    quotes: quoteFirst(input.evidence, [message, ...pieces(message), what]),
    confidence: CONFIDENCE.confirmed,
  };
  const governing = refused.why === "immutable" && target ? renamedGoverning(input, statement, target) : undefined;
  if (governing) return governing;
  if (refused.why === "immutable" && !refused.changeable) {
    const kept = target && asInCluster(input, target, refused.fields[0] ?? "");
    if (kept) {
      const changes = [...restore(statement.object, kept.changed), ...followingLabels(input, target, kept.changed)];
      return withMigration(restoringAll(statement, kept.past, changes), statement.object, kept.changed);
    }
    // A Job that ran is never changed: what is new in it was wanted.
    if (target?.kind === "Job" || refused.fields.some((field) => field.startsWith("spec.template"))) return immutable(statement);
  }
  const stray = target && strayContainer(input, statement, target);
  if (stray) return stray;
  const disks = refused.why === "immutable" && guilty.length === 1 && only ? largerDisks(statement, only.object, only.changed) : undefined;
  if (disks) return disks;
  if (guilty.length === 1 && only?.past?.from === "revision") {
    // What the commit added and never worked is taken out again: less sure than a value that worked.
    const isAdded = only.changed.every(({ before }) => before === undefined);
    const told = isAdded ? correctedIn(input, refused, only.object, message) : keptIn(input, refused, only, message);
    const changes = [
      ...restore(refOf(only.object), only.changed),
      ...followingPorts(input, only.object, only.changed),
      ...followingLabels(input, only.object, only.changed),
    ];
    // Of a volume without which its mounts are left, those may have been forgotten as well.
    const confidence = only.isGone ? CONFIDENCE.suggested : isAdded ? CONFIDENCE.likely : CONFIDENCE.confirmed;
    const restored = restoringAll({ ...statement, ...(only.isGone ? { failureClass: "volume-mount" as const } : {}), confidence }, only.past, changes);
    if (refused.why === "immutable") return withMigration(restored, statement.object, only.changed);
    return told ? orElse(asTold(statement, told), restored) : restored;
  }
  return withoutHistory(input, message, refused, { statement, suspects, target });
}

/** A patch speaks of a container by a name that it does not have, and so makes one that has no image. */
function strayContainer({ lastGood, rendered }: DiagnosisInput, statement: Refused["statement"], target: KubeObject): Finding | undefined {
  const [stray, ...more] = strayContainers(lastGood?.objects ?? [], rendered).filter(({ object }) => object === target);
  if (!stray || more.length > 0) return undefined;
  const { list, from, to } = stray;
  const path = [...list, { key: "name", value: from }];
  const rootCause = `A patch speaks of container ${from} of ${describeRef(statement.object)}, which is called ${to}: what it makes has no image.`;
  const words = `Container ${from}, which only the patch makes, goes; what the patch says is for container ${to}`;
  const change = { object: statement.object, path, before: getIn(target, path), after: undefined };
  const found = fix({ ...statement, rootCause, confidence: CONFIDENCE.likely }, [change], [words]);
  // The patch goes back to what it was for.
  return { ...found, action: { kind: "fix", changes: [change], words: [words], restores: true } };
}

/** The API server's own words leave one value: as sure as a misspelt name. */
function asTold(statement: Refused["statement"], { changes, words }: Told): Finding {
  return fix({ ...statement, object: changes[0]?.object ?? statement.object, confidence: CONFIDENCE.suggested }, changes, words);
}

interface Refused {
  statement: Parameters<typeof escalate>[0];
  suspects: readonly KubeObject[];
  target: KubeObject | undefined;
}

/** What the refusal and the objects of today tell by themselves. */
function withoutHistory(input: DiagnosisInput, message: string, refused: Refusal, { statement, suspects, target }: Refused): Finding {
  const typed = refused.why === "wrong type" ? suspects.flatMap((object) => typedValues(object) ?? []) : [];
  const [conversion] = typed;
  const change = conversion?.changes[0];
  if (conversion && typed.length === 1 && change) {
    const rootCause = `The API server refuses ${describeRef(change.object)}: ${sentence(refused, formatPath(change.path.slice(-3)))}.`;
    return fix({ ...statement, object: change.object, rootCause, confidence: CONFIDENCE.suggested }, conversion.changes, conversion.words);
  }
  const told = suspects.flatMap((object) => meantBy(input, refused, object, message) ?? []);
  if (told[0] && told.length === 1) return asTold(statement, told[0]);
  if (refused.why === "immutable") return immutable(statement);
  const zone = target && nearTimeZone(target, message);
  if (zone) return asTold(statement, zone);
  const label = target && message.includes(NOT_ITS_OWN) ? labelMeant(input, target) : undefined;
  if (label) {
    const rootCause = `The API server refuses ${describeRef(label.object)}: its selector and the labels of its pods do not match.`;
    const words = `Set ${formatPath(label.path.slice(1))} to ${shown(label.after)} instead of ${shown(label.before)}, so that the selector finds its own pods`;
    return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, [label], [words]);
  }
  const spelt = misspelt(suspects, refused) ?? misplaced(suspects, refused);
  if (spelt) return fix({ ...statement, object: spelt.object, confidence: CONFIDENCE.suggested }, spelt.changes, spelt.words);
  const what = refused.fields.join(", ");
  return escalate(statement, "no value is known with which this worked", `Correct ${what === "" ? "the field that the message names" : what}.`);
}

function immutable(statement: Parameters<typeof escalate>[0]): Finding {
  const advice =
    statement.object.kind === "Job"
      ? "Give the new Job another name, or delete the old one first; a Job that ran is never changed."
      : "Take the change back, or delete and create the object anew at a time of your choice.";
  return escalate(statement, "this field cannot be changed on an object that exists", advice);
}

/**
 * A field that cannot change has its right value in the cluster; where git left it to the cluster before (a Service's address), it does so again. Pod templates (of
 * Jobs) are left out: there the change was wanted.
 */
function asInCluster(input: DiagnosisInput, now: KubeObject, field: string): { past: Past; changed: FieldChange[] } | undefined {
  const live = input.observation.objects.find((object) => sameRef(refOf(object), refOf(now)));
  const path = field.split(".");
  if (!live || path.length < 2 || path[0] !== "spec" || field.startsWith("spec.template") || !/^[\w.]+$/.test(field)) return undefined;
  const then = pastOf(input, refOf(now));
  const [wanted, changed] = [getIn(now, path), diffFields(getIn(live, path), getIn(now, path), path)];
  if (then?.from === "revision" && wanted !== undefined && getIn(then.object, path) === undefined && getIn(then.object, path.slice(0, -1)) !== undefined) {
    return { past: then, changed: [{ path, before: undefined, after: wanted }] };
  }
  const past: Past = { object: live, from: "defaulted", words: "the object in the cluster has it" };
  return changed.length > 0 ? { past, changed } : undefined;
}

function sentence({ why }: Refusal, what: string): string {
  if (why === "immutable") return `${what} cannot be changed once the object exists`;
  if (why === "wrong type") return `${what === "" ? "a field" : what} has a value of the wrong type`;
  if (why === "no quantity") return "an amount in it is no quantity, such as 128Mi";
  if (why === "unknown field") return what === "" ? "it has a field that the schema does not know" : `it has a misspelt or misplaced field (${what})`;
  return what === "" ? "it is not valid" : `${shown(what)} is not valid`;
}

/** Longer messages are often cut in the evidence: their parts around colons are looked for as well. */
function pieces(message: string): string[] {
  return message
    .split(": ")
    .filter((piece) => piece.length >= 15)
    .sort((a, b) => b.length - a.length);
}
