import type { KubeObject } from "../../cluster/objects.ts";
import { secretMakers, secretNameOf } from "../../source/meant/renamed-secret.ts";
import { withoutHash } from "../../source/plan/differences.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { configMapIn, renderedNow } from "../history.ts";
import { failingEvents, troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, place } from "./entry.ts";
import { type Complaint, keysOf, referenceFix } from "./references/reference-fix.ts";
import { type Reference, referencesOf } from "./references/references.ts";

/** What a container was to get from a ConfigMap or Secret that does not exist, or that lacks the key. */
export const config: PlaybookEntry = {
  name: "config",
  topic: "missing ConfigMaps, Secrets and keys",
  diagnose: (input) => complaintsOf(input).flatMap((complaint) => missing(input, complaint)),
};

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
  // Of a Job that was ended for taking too long, the pods are gone, and what the kubelet said of them is not.
  const isEnded = input.incident.symptoms.some(({ reason }) => reason === "job-failed");
  const failed = isEnded ? failingEvents(input).filter(({ reason, note }) => reason === "Failed" && note.startsWith("Error: ")) : [];
  return [...mounts, ...failed].flatMap(({ note }) => read(input, note)).slice(0, 1);
}

function read(input: DiagnosisInput, message: string): Complaint[] {
  const text = message.slice(0, 2000);
  const kindOf = (word: string | undefined) => (word?.toLowerCase() === "secret" ? ("Secret" as const) : ("ConfigMap" as const));
  const absent = MISSING.exec(text);
  if (absent?.[2]) return [{ kind: kindOf(absent[1]), name: absent[2], key: undefined, message }];
  const key = KEY.exec(text);
  if (key?.[1] && key[3]) return [{ kind: kindOf(key[2]), name: key[3], key: key[1], message }];
  const item = VOLUME_KEY.exec(text);
  const [, volume, word, wanted = ""] = item ?? [];
  // Errors of several sources are listed in brackets.
  const missed = { kind: kindOf(word), key: wanted.replace(/\]$/, "") };
  const source = volume === undefined ? undefined : volumeSource(renderedNow(input, input.incident.target), volume, missed);
  return missed.key !== "" && source !== undefined ? [{ ...missed, name: source, message }] : [];
}

/** Of a projected volume's sources the one of that kind that is asked for the key; the kind alone decides where none is. */
function volumeSource(now: KubeObject | undefined, volume: string, { kind, key }: { kind: Complaint["kind"]; key: string }): string | undefined {
  const own = now ? referencesOf(now).filter((reference) => reference.volume === volume && reference.kind === kind) : [];
  return (own.find((reference) => reference.key === key) ?? own[0])?.name;
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
    // Of an older revision, or of nobody knows what: whatever explains the head comes first.
    const old = { ...statement, confidence: CONFIDENCE.guess };
    return [escalate(old, "the branch no longer refers to it", "Wait until the branch's head is deployed; this failure belongs to an older revision.")];
  }
  // Another container, or a volume, may refer to the same: then no single container is meant.
  const isElsewhere = ({ namePath }: Reference) =>
    container !== undefined && !namePath.some((segment) => typeof segment === "object" && segment.value === container);
  const finding = referenceFix(input, references.some(isElsewhere) ? { ...statement, container: undefined } : statement, complaint, now, references);
  if (key === undefined) return [withOtherObjects(input, finding, complaint, now)];
  return [kind === "Secret" ? finding : withOtherKeys(input, finding, name, key, now)];
}

/** The kubelet names one missing object at a time, too: others that the same commit took away or called otherwise go with it, where what they are now is as sure. */
function withOtherObjects(input: DiagnosisInput, finding: Finding, { kind, name: named }: Complaint, now: KubeObject): Finding {
  const { namespace } = finding.target.object;
  const isMade = (objects: readonly KubeObject[], name: string) =>
    kind === "Secret"
      ? secretMakers(objects, namespace).some((maker) => withoutHash(secretNameOf(maker)) === withoutHash(name))
      : configMapIn(objects, namespace, name) !== undefined;
  const isGone = (name: string) => isMade(input.lastGood?.objects ?? [], name) && !isMade(input.rendered, name);
  const references = referencesOf(now).filter((one) => one.kind === kind && one.name !== named && !one.optional && isGone(one.name));
  const complaints = [...new Set(references.map(({ name }) => name))].map((name): Complaint => ({ kind, name, key: undefined, message: "" }));
  return withOthers(
    input,
    finding,
    now,
    complaints.map((complaint) => ({ complaint, references: references.filter(({ name }) => name === complaint.name) })),
  );
}

/** The kubelet names one missing key at a time; that others of the same ConfigMap are missing too follows from the manifests. Those with a sure fix go with it. */
function withOtherKeys(input: DiagnosisInput, finding: Finding, name: string, named: string, now: KubeObject): Finding {
  const { object } = finding.target;
  if (configMapIn(input.rendered, object.namespace, name) === undefined) return finding;
  const held = keysOf(input, object, name);
  const unmet = referencesOf(now).filter(
    ({ kind, name: map, key, optional }) => kind === "ConfigMap" && map === name && key !== undefined && !optional && !held.includes(key),
  );
  const others = [...new Set(unmet.flatMap(({ key }) => (key === undefined || key === named ? [] : [key])))];
  return withOthers(
    input,
    finding,
    now,
    others.map((key) => ({ complaint: { kind: "ConfigMap", name, key, message: "" }, references: unmet.filter((reference) => reference.key === key) })),
  );
}

/** A fix, and those of the same workload that are found in the same way. */
function withOthers(input: DiagnosisInput, finding: Finding, now: KubeObject, others: readonly { complaint: Complaint; references: Reference[] }[]): Finding {
  const { action } = finding;
  const { object } = finding.target;
  if (action.kind !== "fix") return finding;
  const statement = { ...finding, object, container: undefined };
  const fixes = others.flatMap(({ complaint, references }) => {
    const other = referenceFix(input, statement, complaint, now, references);
    return other.action.kind === "fix" ? [other.action] : [];
  });
  if (fixes.length === 0) return finding;
  const changes = [action, ...fixes].flatMap((one) => one.changes);
  const words = [action, ...fixes].flatMap((one) => one.words);
  return {
    ...finding,
    target: { object },
    action: { kind: "fix", changes, words, ...([action, ...fixes].every((one) => one.restores === true) ? { restores: true } : {}) },
  };
}
