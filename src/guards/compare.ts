// Invariants and class paths: the corrected documents are compared with the baseline in git, field by field. What the failure class permits is kept;
// what no honest fix needs refuses the proposal; everything else is put back and reported: under invariants where it is a field that
// must never drift (replicas, selectors, labels, ports, volumes, probes …), else under class-paths.
import { isEmptyMapping, type Json } from "../cluster/objects.ts";
import { type FieldChange, type FieldPath, formatPath, getIn, samePath, startsWith } from "../source/edit/field-path.ts";
import type { DocumentEdit, OfferedDocument, Place } from "../source/workspace.ts";
import { goesBackBeside } from "./beside.ts";
import { classPaths, configMapPaths } from "./class-paths.ts";
import { isCopiedFrom } from "./copied-from.ts";
import { dangerOf } from "./dangerous.ts";
import { isFullForm } from "./full-form.ts";
import type { GateInput } from "./gate.ts";
import { generatorLiteralPermitted } from "./generator-literals.ts";
import { inlinePatchPermitted } from "./inline-patch.ts";
import { asGiven, droppedOperations, isOfOrder } from "./json-patch.ts";
import { applyChanges, itemChanges, leafChanges } from "./leaf-changes.ts";
import { listingPermitted } from "./listing.ts";
import { isMisplacedMove } from "./misplaced.ts";
import { nestedPermitted } from "./nested-settings.ts";
import { isNewInPatch, leadsThere } from "./new-in-patch.ts";
import { isOldHook } from "./old-hook.ts";
import { isOldPhase } from "./old-phase.ts";
import { isOtherKind } from "./other-kind.ts";
import { overlayPermitted } from "./overlay-patch.ts";
import { isItemOrder } from "./patch-orders.ts";
import { matchesPattern } from "./path-pattern.ts";
import { isItemRenamed } from "./plausible/item-name.ts";
import { renderSettingPermitted } from "./render-settings.ts";
import { type GuardFinding, type GuardName, refused, restored } from "./report.ts";
import { isRestoredSetting } from "./restored-settings.ts";
import { configMapsOf, findTarget, isOwnConfigMap, isSourceOf, refOfDocument } from "./target-match.ts";
import type { ProposedDocument } from "./yaml.ts";

/** What is left of one corrected document. */
export interface ComparedDocument {
  offered: OfferedDocument;
  /** Whether its paths are those of the failing object. */
  isTarget: boolean;
  kept: FieldChange[];
  final: Json;
}

export interface Comparison {
  documents: ComparedDocument[];
  findings: GuardFinding[];
  edits: DocumentEdit[];
}

export function compare(input: GateInput, proposed: readonly ProposedDocument[]): Comparison {
  const findings: GuardFinding[] = [];
  const documents = proposed.map(({ offered, value }): ComparedDocument => {
    const permits = permissionFor(input, offered);
    const changes = leafChanges(offered.value, value);
    const kept = changes.filter((change) => {
      const isMoved = isTarget(input, offered) && isMisplacedMove(input, input.target, change, changes);
      const isRenamed = isTarget(input, offered) && isItemRenamed({ input, changes, after: value }, change);
      const finding = judge(input, offered, change, { permitted: permits(change) || isMoved, isMoved, isRenamed });
      if (finding) findings.push(finding);
      return !finding;
    });
    const final = applyChanges(offered.value, kept) ?? null;
    return { offered, isTarget: isTarget(input, offered), kept, final };
  });
  return { documents, findings, edits: documents.flatMap(editsOf) };
}

function editsOf({ offered, final }: ComparedDocument): DocumentEdit[] {
  if (offered.isNew) return [{ file: offered.file, document: offered.index, path: [], value: final }];
  return itemChanges(offered.value, final).map(({ path, after }) => ({ file: offered.file, document: offered.index, path, value: after }));
}

interface Permission {
  permitted: boolean;
  /** Whether it is a part of a move to where Kubernetes knows the field. */
  isMoved: boolean;
  /** Whether it is a part of an item that only gets the name that the API server's words leave. */
  isRenamed: boolean;
}

function judge(input: GateInput, offered: OfferedDocument, change: FieldChange, { permitted, isMoved, isRenamed }: Permission): GuardFinding | undefined {
  const path = formatPath(change.path);
  const detail = { document: offered.id, path, before: change.before ?? null, proposed: change.after ?? null, final: change.before ?? null };
  // The class that permits a whole spec permits it to correct fields, not to bring new parts.
  const isSaid = isMoved || isRenamed || isFullForm(change);
  const isGranted = isSaid || input.proposal.failureClass !== "invalid-manifest" || isNewInPatch(input, offered, change);
  const danger = dangerOf(asGiven(offered.value, change), permitted && isGranted);
  const isOrder = permitted && offered.role === "patch" && isItemOrder(change);
  const isMeant =
    danger &&
    isTarget(input, offered) &&
    (isOrder || isOldHook(input, change, danger) || isOldPhase(input, change) || isOtherKind(input, input.target, change));
  // What goes where nobody knew it was never there.
  const isLost = danger && !isMeant && !(isMoved && change.after === undefined);
  if (isLost) return refused("class-paths", danger.rule, `The proposal ${danger.message} (${path}): no fix of this kind needs that.`, detail);
  if (permitted) return undefined;
  const invariant = invariantOf(asGiven(offered.value, change).path);
  const guard: GuardName = invariant ? "invariants" : "class-paths";
  return restored(guard, invariant ?? "not-permitted", `${path} does not belong to a fix of class ${input.proposal.failureClass}; it stays as it was.`, detail);
}

function isTarget({ target, offered }: GateInput, document: OfferedDocument): boolean {
  return document.role !== "settings" && isSourceOf(document, target, offered);
}

/** Which differences of one document the failure class permits. */
function permissionFor(input: GateInput, document: OfferedDocument): (change: FieldChange) => boolean {
  const { failureClass, target } = input.proposal;
  if (document.role === "settings")
    return (change) =>
      settingsPermit(input.permitted, document, change) ||
      [renderSettingPermitted, isRestoredSetting, overlayPermitted, inlinePatchPermitted, generatorLiteralPermitted, listingPermitted].some((permits) =>
        permits(input, document, change),
      );
  if (isTarget(input, document)) {
    const patterns = classPaths(failureClass, { kind: input.target.kind, container: target.container });
    const isOnTheWay = (change: FieldChange) => isNewInPatch(input, document, change) && leadsThere(patterns, change.path);
    const isBack = (change: FieldChange) => isOldPhase(input, change) || isOtherKind(input, input.target, change);
    return (change) => patterns.some((pattern) => matchesPattern(pattern, change.path)) || isOnTheWay(change) || isBack(change);
  }
  const configMaps = configMapsOf(findTarget(input.rendered, input.target));
  if (isOwnConfigMap(document.value, input.target, configMaps)) {
    const patterns = configMapPaths(failureClass);
    return ({ path }) => patterns.some((pattern) => matchesPattern(pattern, path));
  }
  const own = refOfDocument(document, input.target.namespace);
  return (change) => goesBackBeside(input, own, change) || isCopiedFrom(input, document, change);
}

/** In settings, only places that probing found: the scalar itself (or a piece of a list there), or one new key of the mapping that it names. */
function settingsPermit(all: readonly Place[], document: OfferedDocument, change: FieldChange): boolean {
  const { path, after } = change;
  const places = all.filter((place) => place.file === document.file && place.document === document.index);
  const dropped = path.length === 0 ? droppedOperations(change.before, after) : undefined;
  if (dropped) return dropped.every((i) => places.some((place) => !place.within && samePath(place.path, [i])));
  if (isOfOrder(document.value, change)) return false;
  // By null Helm takes back what a layer below gives.
  if (typeof after === "object" && after !== null && !isScalarList(after) && !isEmptyMapping(after)) return false;
  // A text that becomes a list is another thing to every template.
  if (Array.isArray(after) && change.before !== undefined && !Array.isArray(change.before)) return false;
  if (places.some((place) => !place.within && covers(place.path, document.value, path))) return true;
  return nestedPermitted(places, change, (place, nested) => samePath(place, nested.path));
}

function covers(place: FieldPath, baseline: Json, path: FieldPath): boolean {
  if (samePath(place, path)) return true;
  const there = getIn(baseline, place);
  if (Array.isArray(there)) return isScalarList(there) && startsWith(path, place);
  return typeof there === "object" && there !== null && path.length === place.length + 1 && startsWith(path, place) && getIn(baseline, path) === undefined;
}

function isScalarList(value: Json): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object");
}

/** Fields that must not drift, by the name under which reports list them. */
const INVARIANTS: readonly [rule: string, holds: (keys: readonly string[]) => boolean][] = [
  ["labels", (keys) => keys.includes("labels")],
  ["annotations", (keys) => keys.includes("annotations")],
  ["metadata", (keys) => keys[0] === "metadata"],
  ["replicas", (keys) => ["replicas", "replicaCount", "minReplicas", "maxReplicas", "parallelism", "completions"].includes(keys.at(-1) ?? "")],
  ["selector", (keys) => keys.includes("selector")],
  ["namespace", (keys) => keys.at(-1) === "namespace"],
  ["container-set", (keys) => ["containers", "initContainers", "ephemeralContainers"].includes(keys.at(-1) ?? "")],
  ["ports", (keys) => keys.includes("ports")],
  ["service-account", (keys) => keys.includes("serviceAccountName") || keys.includes("serviceAccount")],
  ["volumes", (keys) => keys.includes("volumes") || keys.includes("volumeMounts") || keys.includes("volumeClaimTemplates")],
  ["probes", (keys) => keys.some((key) => key.endsWith("Probe"))],
  ["image", (keys) => keys.at(-1) === "image" || keys.at(-1) === "imagePullPolicy"],
  ["command", (keys) => keys.includes("command") || keys.includes("args")],
  ["environment", (keys) => keys.includes("env") || keys.includes("envFrom")],
  ["resources", (keys) => keys.includes("resources")],
  ["security-context", (keys) => keys.includes("securityContext")],
  ["strategy", (keys) => keys.includes("strategy") || keys.includes("updateStrategy")],
];

function invariantOf(path: FieldPath): string | undefined {
  const keys = path.filter((segment) => typeof segment === "string");
  return INVARIANTS.find(([, holds]) => holds(keys))?.[0];
}
