import { configMapKeys } from "../../cluster/config-map.ts";
import { type KubeObject, type ObjectRef, refOf, textAt } from "../../cluster/objects.ts";
import { withoutHash } from "../../source/differences.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/field-path.ts";
import { isToldFile } from "../../source/mounted-files.ts";
import { MAKES_SECRETS, renamedSecret, secretKeys, secretNameOf } from "../../source/renamed-secret.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, isConfigMap, type Past, pastOf } from "../history.ts";
import { kindred, nearMatch, nearOrKindred } from "../near-match.ts";
import { containersOf } from "../workload.ts";
import { droppedKey } from "./dropped-key.ts";
import { CONFIDENCE, escalate, fix, restoring, type Statement } from "./entry.ts";
import { meantNewcomer } from "./meant-newcomer.ts";
import { nearRendered } from "./near-rendered.ts";
import { mapMeant } from "./other-kind.ts";
import { readElsewhere } from "./read-elsewhere.ts";
import type { Reference } from "./references.ts";
import { isNewKey, keysAskedOf, nearGenerated, onlyRenamedMap, onlyUnused, onlyUnusedKey, renamedKey, renamedMap } from "./successor.ts";

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
  if (kind === "Secret")
    return (
      mapMeant(input, statement, { name, now, references }) ??
      followedSecret(input, statement, key === undefined ? name : undefined, now, references) ??
      nearSecret(input, statement, name, key, paths) ??
      (key === undefined ? readElsewhere(input, statement, { kind, name }, now, references) : undefined) ??
      secret(statement, name, key)
    );
  const unlisted = key === undefined ? listed(input, statement, name) : undefined;
  if (unlisted) return unlisted;
  const successor = key === undefined ? renamedMap(input, statement.object, name) : renamedKey(input, statement.object, name, key);
  const known = key === undefined ? mapNames(input, statement.object) : keysOf(input, statement.object, name);
  const near =
    nearMatch(key ?? name, known) ??
    (key === undefined
      ? (nearGenerated(name, known) ??
        nearRendered(input, name, known) ??
        onlyUnused(input, statement.object, references) ??
        kindred(name, holding(input, statement.object, keysAskedOf(now, references))))
      : onlyUnusedKey(input, statement.object, references));
  const dropped =
    key !== undefined && successor === undefined && !isNewKey(input, statement.object, name, near) ? droppedKey(input, statement, now, name, key) : undefined;
  if (dropped) return dropped;
  const followed = key === undefined && successor === undefined ? onlyRenamedMap(input, now, name, references) : undefined;
  const meant = successor ?? newcomer ?? near ?? followed;
  const elsewhere = meant === undefined && key === undefined ? readElsewhere(input, statement, { kind, name }, now, references) : undefined;
  if (elsewhere) return elsewhere;
  const written = past && meant === undefined ? writtenOutBefore(past, now, references) : [];
  if (past && written.length > 0) return restoring({ ...statement, confidence: CONFIDENCE.likely }, past, written);
  if (meant === undefined) {
    const thing = key === undefined ? `ConfigMap ${name}` : `key ${key} in ConfigMap ${name}`;
    return escalate(statement, `nothing that exists is surely what was meant`, `Create ${thing}, or refer to one that exists; the bot invents no values.`);
  }
  const [why, confidence] =
    successor !== undefined
      ? ["which holds what it held at the last good revision", CONFIDENCE.confirmed]
      : meant === followed
        ? ["the only one that came when that one went, with its keys", CONFIDENCE.likely]
        : ["the only near match that exists", CONFIDENCE.suggested];
  const files = key === undefined ? [] : filesToldOf(statement.object, now, paths, { before: key, after: meant });
  return fix(
    { ...statement, confidence },
    [...paths.map((path) => ({ object: statement.object, path, before: key ?? name, after: meant })), ...files],
    [`Refer to ${key === undefined ? "ConfigMap" : "key"} ${meant} instead of ${key ?? name}: ${why}`],
  );
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

/** The delivery makes the Secret under another name since the commit, with every key that is asked for: the references follow. */
function followedSecret(
  input: DiagnosisInput,
  statement: Statement,
  name: string | undefined,
  now: KubeObject,
  references: readonly Reference[],
): Finding | undefined {
  const renamed = renamedSecret(input.lastGood?.objects ?? [], input.rendered, statement.object.namespace);
  if (!renamed || name === undefined || (renamed.from !== name && withoutHash(renamed.from) !== name)) return undefined;
  if (!keysAskedOf(now, references).every((key) => renamed.keys.includes(key))) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.likely },
    references.map(({ namePath }) => ({ object: statement.object, path: namePath, before: name, after: renamed.to })),
    [`Refer to Secret ${renamed.to} instead of ${name}: the only one that came when that one went, with its keys`],
  );
}

/** Secrets that the delivery itself makes, by the names of their manifests (or of what makes them); what is in them is never read. */
function nearSecret(input: DiagnosisInput, statement: Statement, name: string, key: string | undefined, paths: readonly FieldPath[]): Finding | undefined {
  const made = input.rendered.filter((object) => MAKES_SECRETS.has(object.kind) && textAt(object, "metadata", "namespace") === statement.object.namespace);
  const meant =
    key === undefined
      ? nearOrKindred(name, made.map(secretNameOf))
      : nearMatch(key, made.filter((object) => secretNameOf(object) === name).flatMap(secretKeys));
  if (meant === undefined || paths.length === 0) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    paths.map((path) => ({ object: statement.object, path, before: key ?? name, after: meant })),
    [`Refer to ${key === undefined ? "Secret" : "key"} ${meant} instead of ${key ?? name}: the only near match that this delivery makes`],
  );
}

function secret(statement: Statement, name: string, key: string | undefined): Finding {
  return escalate(
    statement,
    "secret values are never written by the bot",
    `Create ${key === undefined ? `Secret ${name}` : `key ${key} in Secret ${name}`} in namespace ${statement.object.namespace}, or take the reference back.`,
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
