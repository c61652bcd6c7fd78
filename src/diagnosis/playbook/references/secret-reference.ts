// References to Secrets that lead nowhere: to what the delivery itself makes; values are never read.
import { type KubeObject, textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { movedReference } from "../../../source/meant/moved-reference.ts";
import { MAKES_SECRETS, mayHaveKeys, renamedSecret, renamedSecretKey, secretKeys, secretNameOf } from "../../../source/meant/renamed-secret.ts";
import { withoutHash } from "../../../source/plan/differences.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { kindred, nearMatch } from "../../near-match.ts";
import { CONFIDENCE, escalate, fix, type Statement } from "../entry.ts";
import { type Reference, referencesOf } from "./references.ts";
import { keysAskedOf } from "./successor.ts";

/** The delivery makes the Secret under another name since the commit, with every key that is asked for: the references follow. */
export function followedSecret(
  input: DiagnosisInput,
  statement: Statement,
  name: string,
  now: KubeObject,
  references: readonly Reference[],
): Finding | undefined {
  const renamed = renamedSecret(...thenAndNow(input.lastGood?.objects, input), statement.object.namespace);
  if (!renamed || (renamed.from !== name && withoutHash(renamed.from) !== name)) return undefined;
  if (!keysAskedOf(now, references).every((key) => renamed.keys.includes(key))) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.likely },
    references.map(({ namePath }) => ({ object: statement.object, path: namePath, before: name, after: renamed.to })),
    [`Refer to Secret ${renamed.to} instead of ${name}: the only one that came when that one went, with its keys`],
  );
}

/** Made outside of git, and all others who read it went to another one: this workload was forgotten. */
export function movedSecret(input: DiagnosisInput, statement: Statement, name: string, references: readonly Reference[]): Finding | undefined {
  const meant = movedReference(input.lastGood?.objects ?? [], input.rendered, { kind: "Secret", name, namespace: statement.object.namespace });
  const isMissing = (pod: KubeObject) => JSON.stringify(pod.status ?? null).includes(`secret \\"${meant}\\" not found`);
  if (meant === undefined || input.observation.objects.some((object) => object.kind === "Pod" && isMissing(object))) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.likely },
    references.map(({ namePath }) => ({ object: statement.object, path: namePath, before: name, after: meant })),
    [`Refer to Secret ${meant} instead of ${name}: all others of this delivery that read it went there`],
  );
}

/** The delivery makes the key under another name since the commit. */
export function followedSecretKey(
  input: DiagnosisInput,
  statement: Statement,
  { name, key }: { name: string; key: string },
  references: readonly Reference[],
): Finding | undefined {
  const meant = renamedSecretKey(...thenAndNow(input.lastGood?.objects, input), statement.object.namespace, { name, key });
  const paths = references.flatMap(({ keyPath }) => (keyPath ? [keyPath] : []));
  if (meant === undefined || paths.length === 0) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.likely },
    paths.map((path) => ({ object: statement.object, path, before: key, after: meant })),
    [`Ask for key ${meant} instead of ${key}: the only one that came when that one went`],
  );
}

/** Secrets that the delivery itself makes, by the names of their manifests (or of what makes them); what is in them is never read. */
export function nearSecret(
  input: DiagnosisInput,
  statement: Statement,
  { name, key, now }: { name: string; key: string | undefined; now: KubeObject },
  references: readonly Reference[],
): Finding | undefined {
  const paths: FieldPath[] = references.flatMap((reference) => (key === undefined ? [reference.namePath] : reference.keyPath ? [reference.keyPath] : []));
  const made = input.rendered.filter((object) => MAKES_SECRETS.has(object.kind) && textAt(object, "metadata", "namespace") === statement.object.namespace);
  const meant =
    key === undefined ? secretMeant(name, made, now, references) : nearMatch(key, made.filter((object) => secretNameOf(object) === name).flatMap(secretKeys));
  if (meant === undefined || paths.length === 0) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    paths.map((path) => ({ object: statement.object, path, before: key ?? name, after: meant })),
    [`Refer to ${key === undefined ? "Secret" : "key"} ${meant} instead of ${key ?? name}: the only near match that this delivery makes`],
  );
}

/**
 * The one Secret that has what is asked for, and a name like it. One more word in the wrong name says that another Secret was meant, which nobody made yet, unless the
 * keys say that it is this one; and so does that the workload reads this one already.
 */
function secretMeant(name: string, made: readonly KubeObject[], now: KubeObject, references: readonly Reference[]): string | undefined {
  const asked = keysAskedOf(now, references);
  const fitting = made.filter((maker) => mayHaveKeys(maker, asked));
  const read = new Set(referencesOf(now).flatMap((one) => (one.kind === "Secret" ? [one.name] : [])));
  const others = fitting.filter((maker) => !read.has(secretNameOf(maker)));
  const isShown = asked.length > 0 && others.every((maker) => asked.every((key) => secretKeys(maker).includes(key)));
  return nearMatch(name, fitting.map(secretNameOf)) ?? kindred(name, others.map(secretNameOf), isShown);
}

export function secret(statement: Statement, name: string, key: string | undefined): Finding {
  return escalate(
    statement,
    "secret values are never written by the bot",
    `Create ${key === undefined ? `Secret ${name}` : `key ${key} in Secret ${name}`} in namespace ${statement.object.namespace}, or take the reference back.`,
  );
}
