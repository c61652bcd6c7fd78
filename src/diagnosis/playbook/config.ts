import { isObject, type Json, type KubeObject, listAt, type ObjectRef, objectAt, textAt } from "../../cluster/objects.ts";
import { withoutHash } from "../../source/differences.ts";
import { type FieldPath, sameJson } from "../../source/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, isConfigMap, pastConfigMap, pastOf, renderedNow } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { failingEvents, troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { droppedKey } from "./dropped-key.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring } from "./entry.ts";
import { type Reference, referencesOf } from "./references.ts";

/** What a container was to get from a ConfigMap or Secret that does not exist, or that lacks the key. */
export const config: PlaybookEntry = {
  name: "config",
  topic: "missing ConfigMaps, Secrets and keys",
  diagnose: (input) => complaintsOf(input).flatMap((complaint) => missing(input, complaint)),
};

interface Complaint {
  kind: "ConfigMap" | "Secret";
  name: string;
  /** Undefined where the whole object is missing. */
  key: string | undefined;
  message: string;
  container?: string;
  pods?: ReadonlySet<string>;
}

const MISSING = /\b(configmap|secret) "([^"\s]{1,253})" not found/i;
const KEY = /couldn't find key (\S{1,253}) in (ConfigMap|Secret) (?:[^\s/]{1,253}\/)?([^\s/]{1,253})/;
const VOLUME_KEY = /volume "([^"\s]{1,253})"[^"]{0,40}references non-existent (config|secret) key: (\S{1,253})/;

/** Container states first, then events of volumes that cannot be mounted. */
function complaintsOf(input: DiagnosisInput): Complaint[] {
  const containers = troubledContainers(input).filter(({ trouble }) => trouble === "config");
  const said = containers.flatMap(({ name, pods, waiting }) => read(input, waiting.message).map((complaint) => ({ ...complaint, container: name, pods })));
  if (said.length > 0) return said;
  const stuck = input.incident.symptoms.some(({ reason }) => reason === "volume");
  const mounts = stuck ? failingEvents(input).filter(({ reason }) => reason === "FailedMount") : [];
  return mounts.flatMap(({ note }) => read(input, note)).slice(0, 1);
}

function read(input: DiagnosisInput, message: string): Complaint[] {
  const text = message.slice(0, 2000);
  const kindOf = (word: string | undefined) => (word?.toLowerCase() === "secret" ? ("Secret" as const) : ("ConfigMap" as const));
  const absent = MISSING.exec(text);
  if (absent?.[2]) return [{ kind: kindOf(absent[1]), name: absent[2], key: undefined, message }];
  const key = KEY.exec(text);
  if (key?.[1] && key[3]) return [{ kind: kindOf(key[2]), name: key[3], key: key[1], message }];
  const item = VOLUME_KEY.exec(text);
  const source = item?.[1] === undefined ? undefined : volumeSource(renderedNow(input, input.incident.target), item[1]);
  return item?.[3] && source ? [{ kind: kindOf(item[2]), name: source, key: item[3], message }] : [];
}

function volumeSource(now: KubeObject | undefined, volume: string): string | undefined {
  return now && referencesOf(now).find((reference) => reference.volume === volume)?.name;
}

function missing(input: DiagnosisInput, complaint: Complaint): Finding[] {
  const object = input.incident.target;
  const { kind, name, key, container } = complaint;
  const where = place(object, container);
  const statement = {
    failureClass: kind === "Secret" ? ("secret-missing" as const) : key === undefined ? ("config-missing" as const) : ("config-key-missing" as const),
    rootCause:
      key === undefined ? `${where} refers to ${kind} ${name}, which does not exist.` : `${where} asks ${kind} ${name} for key ${key}, which it does not have.`,
    object,
    container,
    quotes: quoteFirst(input.evidence, [complaint.message, ...(key === undefined ? [name] : [key])], { ...(complaint.pods ? { pods: complaint.pods } : {}) }),
    confidence: CONFIDENCE.confirmed,
  };
  const now = renderedNow(input, object);
  const references = now
    ? referencesOf(now).filter((reference) => reference.kind === kind && reference.name === name && (key === undefined || reference.key === key))
    : [];
  if (!now || references.length === 0) {
    return [escalate(statement, "the branch no longer refers to it", "Wait until the branch's head is deployed; this failure belongs to an older revision.")];
  }
  return [fixOf(input, statement, complaint, now, references)];
}

function fixOf(
  input: DiagnosisInput,
  statement: Parameters<typeof fix>[0],
  { kind, name, key }: Complaint,
  now: KubeObject,
  references: readonly Reference[],
): Finding {
  const past = pastOf(input, statement.object);
  const paths = references.flatMap((reference) => (key === undefined ? [reference.namePath] : reference.keyPath ? [reference.keyPath] : []));
  const changed = paths.flatMap((path) => changedBelow(past, now, path)).filter(({ before, after }) => typeof before === "string" && typeof after === "string");
  const good = changed[0]?.before;
  if (
    past &&
    changed.length === paths.length &&
    typeof good === "string" &&
    changed.every(({ before }) => before === good) &&
    isThere(input, statement.object, kind, key === undefined ? good : name, key === undefined ? undefined : good)
  ) {
    return restoring(statement, past, changed);
  }
  if (kind === "Secret") return nearSecret(input, statement, name, key, paths) ?? secret(statement, name, key);
  const successor = key === undefined ? renamedMap(input, statement.object, name) : renamedKey(input, statement.object, name, key);
  const known = key === undefined ? mapNames(input, statement.object) : keysOf(input, statement.object, name);
  const near = nearMatch(key ?? name, known) ?? (key === undefined ? nearGenerated(name, known) : undefined);
  const dropped =
    key !== undefined && successor === undefined && !isNewKey(input, statement.object, name, near) ? droppedKey(input, statement, now, name, key) : undefined;
  if (dropped) return dropped;
  const meant = successor ?? near;
  if (meant === undefined) {
    const thing = key === undefined ? `ConfigMap ${name}` : `key ${key} in ConfigMap ${name}`;
    return escalate(statement, `nothing that exists is surely what was meant`, `Create ${thing}, or refer to one that exists; the bot invents no values.`);
  }
  const why = successor === undefined ? "the only near match that exists" : "which holds what it held at the last good revision";
  return fix(
    { ...statement, confidence: successor === undefined ? CONFIDENCE.suggested : CONFIDENCE.confirmed },
    paths.map((path) => ({ object: statement.object, path, before: key ?? name, after: meant })),
    [`Refer to ${key === undefined ? "ConfigMap" : "key"} ${meant} instead of ${key ?? name}: ${why}`],
  );
}

/** Secrets that the delivery itself makes, by the names of their manifests (or of what makes them); what is in them is never read. */
function nearSecret(
  input: DiagnosisInput,
  statement: Parameters<typeof fix>[0],
  name: string,
  key: string | undefined,
  paths: readonly FieldPath[],
): Finding | undefined {
  const made = input.rendered.filter((object) => MAKES_SECRETS.has(object.kind) && textAt(object, "metadata", "namespace") === statement.object.namespace);
  const nameOf = (object: KubeObject) => textAt(object, "spec", "target", "name") || textAt(object, "metadata", "name");
  const meant = key === undefined ? nearMatch(name, made.map(nameOf)) : nearMatch(key, made.filter((object) => nameOf(object) === name).flatMap(secretKeys));
  if (meant === undefined || paths.length === 0) return undefined;
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    paths.map((path) => ({ object: statement.object, path, before: key ?? name, after: meant })),
    [`Refer to ${key === undefined ? "Secret" : "key"} ${meant} instead of ${key ?? name}: the only near match that this delivery makes`],
  );
}

const MAKES_SECRETS = new Set(["Secret", "SealedSecret", "ExternalSecret"]);

/** Names of keys, as manifests write them out. */
function secretKeys(object: KubeObject): string[] {
  const external = listAt(object, "spec", "data").map((item) => textAt(item, "secretKey"));
  return [
    ...Object.keys(objectAt(object, "data")),
    ...Object.keys(objectAt(object, "stringData")),
    ...Object.keys(objectAt(object, "spec", "encryptedData")),
    ...external,
  ];
}

function secret(statement: Parameters<typeof fix>[0], name: string, key: string | undefined): Finding {
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

function mapNames(input: DiagnosisInput, object: ObjectRef): string[] {
  return maps(input, object).map((map) => textAt(map, "metadata", "name"));
}

function keysOf(input: DiagnosisInput, object: ObjectRef, name: string): string[] {
  const map = maps(input, object).find((candidate) => textAt(candidate, "metadata", "name") === name);
  if (!map) return [];
  return [...Object.keys(objectAt(map, "data")), ...Object.keys(objectAt(map, "binaryData"))];
}

/** The one ConfigMap of today that was not there and holds exactly what the missing one held. */
function renamedMap(input: DiagnosisInput, { namespace }: ObjectRef, name: string): string | undefined {
  const held = pastConfigMap(input, namespace, name) ?? generatedBefore(input, namespace, name);
  if (held === undefined) return undefined;
  const same = input.rendered.filter((map) => isConfigMap(map, namespace) && sameJson(map.data, held));
  const fresh = same.map((map) => textAt(map, "metadata", "name")).filter((other) => pastConfigMap(input, namespace, other) === undefined);
  return fresh.length === 1 ? fresh[0] : undefined;
}

/** What a generated map held whose name, without affixes and hash, is that of a reference that leads nowhere now. */
function generatedBefore(input: DiagnosisInput, namespace: string, name: string): Json | undefined {
  const maps = input.lastGood?.objects.filter((object) => isConfigMap(object, namespace)) ?? [];
  const generated = maps.filter((map) => {
    const full = textAt(map, "metadata", "name");
    return withoutHash(full) !== full && `-${withoutHash(full)}-`.includes(`-${name}-`);
  });
  return generated.length === 1 ? generated[0]?.data : undefined;
}

/** The one key of today that was not there and holds what the missing key held. */
function renamedKey(input: DiagnosisInput, { namespace }: ObjectRef, name: string, key: string): string | undefined {
  const held = pastConfigMap(input, namespace, name);
  const map = input.rendered.find((candidate) => isConfigMap(candidate, namespace) && textAt(candidate, "metadata", "name") === name);
  if (!isObject(held) || !Object.hasOwn(held, key)) return undefined;
  const same = Object.entries(objectAt(map, "data")).filter(([other, value]) => !Object.hasOwn(held, other) && sameJson(value, held[key]));
  return same.length === 1 ? same[0]?.[0] : undefined;
}

/** Whether a key came with the change: one that was there before is not what a dropped key is called now. */
function isNewKey(input: DiagnosisInput, { namespace }: ObjectRef, name: string, key: string | undefined): boolean {
  const held = pastConfigMap(input, namespace, name);
  return key !== undefined && isObject(held) && !Object.hasOwn(held, key);
}

/** Names that kustomize generates end in a hash of the content: what git refers to has none, and source/ writes none down. */
function nearGenerated(name: string, known: readonly string[]): string | undefined {
  const generated = known.filter((map) => withoutHash(map) !== map);
  const near = nearMatch(name, generated.map(withoutHash));
  return generated.find((map) => withoutHash(map) === near);
}
