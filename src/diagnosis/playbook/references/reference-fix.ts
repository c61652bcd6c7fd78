import { configMapKeys } from "../../../cluster/config-map.ts";
import { type KubeObject, type ObjectRef, refOf, textAt } from "../../../cluster/objects.ts";
import { type FieldChange, type FieldPath, getIn } from "../../../source/edit/field-path.ts";
import { followedKey } from "../../../source/meant/followed-key.ts";
import { isToldFile } from "../../../source/meant/mounted-files.ts";
import { variableAt, variableKey } from "../../../source/meant/variable-key.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, isConfigMap, type Past, pastOf } from "../../history.ts";
import { kindred, nearMatch } from "../../near-match.ts";
import { containersOf } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, restoring, type Statement } from "../entry.ts";
import { droppedKey } from "./dropped-key.ts";
import { meantNewcomer } from "./meant-newcomer.ts";
import { misspeltItself } from "./misspelt-map.ts";
import { nearRendered } from "./near-rendered.ts";
import { mapMeant } from "./other-kind.ts";
import { readElsewhere } from "./read-elsewhere.ts";
import { type Reference, referencesOf } from "./references.ts";
import { followedSecret, followedSecretKey, movedSecret, nearSecret, secret } from "./secret-reference.ts";
import { isNewKey, keysAskedOf, nearGenerated, onlyRenamedMap, onlyUnused, onlyUnusedKey, renamedKey, renamedMap } from "./successor.ts";
import { syncedLater } from "./synced-later.ts";
import { writtenBefore } from "./written-before.ts";

/** What a container or a volume does not get. */
export interface Complaint {
  kind: "ConfigMap" | "Secret";
  name: string;
  /** Undefined where the whole object is missing. */
  key: string | undefined;
  message: string;
  container?: string;
  pods?: ReadonlySet<string>;
}

/** References of one workload that lead nowhere. */
interface Lost {
  statement: Statement;
  now: KubeObject;
  references: readonly Reference[];
  /** Where the workload names what is missing. */
  paths: readonly FieldPath[];
  past: Past | undefined;
  name: string;
}

/** What is surely meant by a reference that leads nowhere. */
interface Meant {
  name: string;
  why: string;
  confidence: number;
}

/** References that lead nowhere, led back or to what was surely meant; else a reason for people. */
export function referenceFix(
  input: DiagnosisInput,
  statement: Statement,
  { kind, name, key }: Complaint,
  now: KubeObject,
  references: readonly Reference[],
): Finding {
  const past = pastOf(input, statement.object);
  const paths = references.flatMap((reference) => (key === undefined ? [reference.namePath] : reference.keyPath ? [reference.keyPath] : []));
  const changed = paths.flatMap((path) => changedBelow(past, now, path)).filter(({ before, after }) => typeof before === "string" && typeof after === "string");
  const good = changed[0]?.before;
  const newcomer =
    key === undefined && typeof good === "string" ? meantNewcomer(input, { kind, namespace: statement.object.namespace, name }, good) : undefined;
  if (
    newcomer === undefined &&
    past &&
    changed.length === paths.length &&
    typeof good === "string" &&
    changed.every(({ before }) => before === good) &&
    isThere(input, statement.object, kind, key === undefined ? good : name, key === undefined ? undefined : good)
  ) {
    return restoring(statement, past, changed);
  }
  const lost: Lost = { statement, now, references, paths, past, name };
  if (kind === "Secret")
    return (
      mapMeant(input, statement, { name, now, references }) ??
      (key === undefined ? followedSecret(input, statement, name, now, references) : followedSecretKey(input, statement, { name, key }, references)) ??
      nearSecret(input, statement, { name, key, now }, references) ??
      (key === undefined ? readElsewhere(input, statement, { kind, name }, now, references) : undefined) ??
      (key === undefined ? movedSecret(input, statement, name, references) : undefined) ??
      secret(statement, name, key)
    );
  return key === undefined ? mapFix(input, lost, newcomer) : keyFix(input, lost, key);
}

function mapFix(input: DiagnosisInput, lost: Lost, newcomer: string | undefined): Finding {
  const { statement, now, references, name } = lost;
  const unlisted = listed(input, statement, name);
  if (unlisted) return unlisted;
  const meant = mapReferredTo(input, lost, newcomer);
  const later = syncedLater(input, statement, lost);
  if (later) return later;
  if (meant) return misspeltItself(input, statement, name, meant.name) ?? referringTo(lost, "ConfigMap", name, meant);
  const elsewhere = readElsewhere(input, statement, { kind: "ConfigMap", name }, now, references);
  return elsewhere ?? writtenOut(input, lost) ?? nothingMeant(statement, `ConfigMap ${name}`);
}

function mapReferredTo(input: DiagnosisInput, { statement: { object }, now, references, name }: Lost, newcomer: string | undefined): Meant | undefined {
  const successor = renamedMap(input, object, name);
  if (successor !== undefined) return { name: successor, why: HELD, confidence: CONFIDENCE.confirmed };
  // What the workload reads already in this way is not what it asks for besides.
  const beside = readBeside(now, references);
  const known = mapNames(input, object).filter((other) => !beside.has(other));
  const keys = keysAskedOf(now, references);
  const near =
    newcomer ??
    nearMatch(name, known) ??
    nearGenerated(name, known) ??
    nearRendered(input, name, known) ??
    onlyUnused(input, object, references) ??
    // Where no key tells, one more word in the wrong name says that another map was meant.
    kindred(
      name,
      holding(input, object, keys).filter((other) => !beside.has(other)),
      keys.length > 0,
    );
  if (near !== undefined) return { name: near, why: NEAR, confidence: CONFIDENCE.suggested };
  const followed = onlyRenamedMap(input, now, name, references);
  return followed === undefined
    ? undefined
    : { name: followed, why: "the only one that came when that one went, with its keys", confidence: CONFIDENCE.likely };
}

/** The maps that the same containers take all variables from, or that the pod mounts as other volumes. */
function readBeside(now: KubeObject, references: readonly Reference[]): ReadonlySet<string> {
  const listOf = ({ namePath, volume }: Reference) =>
    (volume === undefined ? namePath.slice(0, -3) : ["volumes"]).map((segment) => JSON.stringify(segment)).join();
  const isWhole = ({ kind, key }: Reference) => kind === "ConfigMap" && key === undefined;
  const lists = new Set(references.filter(isWhole).map(listOf));
  return new Set(referencesOf(now).flatMap((one) => (isWhole(one) && lists.has(listOf(one)) ? [one.name] : [])));
}

function keyFix(input: DiagnosisInput, lost: Lost, key: string): Finding {
  const { statement, now, references, name } = lost;
  const meant = keyReferredTo(input, lost, key);
  if (meant) return referringTo(lost, "key", key, meant);
  const near = nearMatch(key, keysOf(input, statement.object, name)) ?? onlyUnusedKey(input, statement.object, references);
  const dropped = isNewKey(input, statement.object, name, near) ? undefined : droppedKey(input, statement, now, name, key);
  if (dropped) return dropped;
  if (near !== undefined) return referringTo(lost, "key", key, { name: near, why: NEAR, confidence: CONFIDENCE.suggested });
  const own = keyOfVariable(input, lost);
  if (own !== undefined) return referringTo(lost, "key", key, { name: own, why: "from which that variable is taken", confidence: CONFIDENCE.suggested });
  return writtenOut(input, lost) ?? nothingMeant(statement, `key ${key} in ConfigMap ${name}`);
}

/** The key from which variables of that name are taken, where the missing one is asked for by variables of one name alone. */
function keyOfVariable(input: DiagnosisInput, { statement: { object }, references, name }: Lost): string | undefined {
  const [variable, ...others] = new Set(references.map(({ keyPath = [] }) => variableAt(keyPath)));
  const here = input.rendered.filter(({ metadata }) => metadata.namespace === object.namespace);
  const containers = here.flatMap(containersOf).map(({ value }) => value);
  return variable === undefined || others.length > 0 ? undefined : variableKey(variable, { name, keys: keysOf(input, object, name) }, containers);
}

/** What the key is called now, by what it holds or by who else reads it. */
function keyReferredTo(input: DiagnosisInput, { statement: { object }, name }: Lost, key: string): Meant | undefined {
  const successor = renamedKey(input, object, name, key);
  if (successor !== undefined) return { name: successor, why: HELD, confidence: CONFIDENCE.confirmed };
  const followed = followedKey(input.lastGood?.objects ?? [], input.rendered, name, key);
  return followed === undefined ? undefined : { name: followed, why: "which its other readers ask for instead", confidence: CONFIDENCE.likely };
}

const HELD = "which holds what it held at the last good revision";
const NEAR = "the only near match that exists";

function referringTo({ statement, now, paths }: Lost, what: "ConfigMap" | "key", before: string, { name, why, confidence }: Meant): Finding {
  const files = what === "key" ? filesToldOf(statement.object, now, paths, { before, after: name }) : [];
  return fix(
    { ...statement, confidence },
    [...paths.map((path) => ({ object: statement.object, path, before, after: name })), ...files],
    [`Refer to ${what} ${name} instead of ${before}: ${why}`],
  );
}

function writtenOut(input: DiagnosisInput, { statement, now, references, past, name }: Lost): Finding | undefined {
  const each = past ? writtenOutBefore(past, now, references) : [];
  const written = each.length > 0 || past?.from !== "revision" ? each : writtenBefore(input, past, now, name);
  return past && written.length > 0 ? restoring({ ...statement, confidence: CONFIDENCE.likely }, past, written) : undefined;
}

function nothingMeant(statement: Statement, thing: string): Finding {
  return escalate(statement, `nothing that exists is surely what was meant`, `Create ${thing}, or refer to one that exists; the bot invents no values.`);
}

/** A key that a volume gives out as a file of its own name, where the program is told the file by the key's new name already: the file is called so too. */
function filesToldOf(object: ObjectRef, now: KubeObject, paths: readonly FieldPath[], { before, after }: { before: string; after: string }): ObjectChange[] {
  const items = paths.filter((path) => path.includes("items")).map((path): FieldPath => [...path.slice(0, -1), "path"]);
  const containers = containersOf(now).map(({ value }) => value);
  const isTold = isToldFile(containers, after) && !isToldFile(containers, before);
  return isTold ? items.filter((path) => getIn(now, path) === before).map((path) => ({ object, path, before, after })) : [];
}

/**
 * Variables that had their values written out at the last good revision, where now all refer to what is not there; none where one of the references is
 * something else.
 */
function writtenOutBefore(past: Past, now: KubeObject, references: readonly Reference[]): FieldChange[] {
  const items = references.map(({ namePath }) => (namePath.indexOf("env") < 0 ? undefined : namePath.slice(0, namePath.indexOf("env") + 2)));
  const changed = items.map((path) => (path ? changedBelow(past, now, path) : []));
  const isWritten = (changes: readonly FieldChange[]) => changes.some(({ path, before }) => path.at(-1) === "value" && typeof before === "string");
  return changed.every(isWritten) ? changed.flat() : [];
}

/** A file in git has the very ConfigMap, and no kustomization lists it. */
function listed(input: DiagnosisInput, statement: Statement, name: string): Finding | undefined {
  const found = input.unlisted?.find(({ object }) => textAt(object, "metadata", "name") === name);
  if (!found) return undefined;
  const { object, kustomization, entry } = found;
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}: ${entry} has it, and ${kustomization} does not list that file.`;
  return fix(
    { ...statement, rootCause, confidence: CONFIDENCE.likely },
    [{ object: refOf(object), path: [], before: undefined, after: object }],
    [`List ${entry} in ${kustomization}, so that ConfigMap ${name} is delivered`],
  );
}

/** A restored reference must lead somewhere. Secrets are never read: one that the last good revision used is taken to exist still. */
function isThere(input: DiagnosisInput, object: ObjectRef, kind: string, name: string, key: string | undefined): boolean {
  if (kind === "Secret") return true;
  return key === undefined ? mapNames(input, object).includes(name) : keysOf(input, object, name).includes(key);
}

/** What the branch renders counts first; maps that only the cluster has are there as well. */
function maps(input: DiagnosisInput, { namespace }: ObjectRef): KubeObject[] {
  const rendered = input.rendered.filter((map) => isConfigMap(map, namespace));
  const managed = new Set(input.observation.managed.filter(({ kind }) => kind === "ConfigMap").map(({ name }) => name));
  const others = input.observation.surroundings.filter((map) => isConfigMap(map, namespace) && !managed.has(textAt(map, "metadata", "name")));
  return [...rendered, ...others.filter((map) => textAt(map, "metadata", "name") !== "kube-root-ca.crt")];
}

/** Names of the ConfigMaps that have these keys. */
function holding(input: DiagnosisInput, object: ObjectRef, keys: readonly string[]): string[] {
  const fitting = maps(input, object).filter((map) => keys.every((key) => configMapKeys(map).includes(key)));
  return fitting.map((map) => textAt(map, "metadata", "name"));
}

function mapNames(input: DiagnosisInput, object: ObjectRef): string[] {
  return maps(input, object).map((map) => textAt(map, "metadata", "name"));
}

/** Names of all keys of a ConfigMap, as the branch renders it or else as the cluster has it. */
export function keysOf(input: DiagnosisInput, object: ObjectRef, name: string): string[] {
  const map = maps(input, object).find((candidate) => textAt(candidate, "metadata", "name") === name);
  if (!map) return [];
  return configMapKeys(map);
}
