import { type Json, type KubeObject, listAt, refOf, textAt } from "../../cluster/objects.ts";
import { eventsOf } from "../../incident/events.ts";
import { thenAndNow } from "../../source/delivery/manifests-beside.ts";
import type { FieldChange, FieldPath } from "../../source/edit/field-path.ts";
import { calledNow, renamedClaim } from "../../source/meant/renamed.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { kindred, nearMatch, onlyAlike } from "../near-match.ts";
import { failingEvents, troubledContainers } from "../pods.ts";
import { quoteEach, quoteFirst } from "../quotes.ts";
import { containerOf, podSpecOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { meantNewcomer } from "./references/meant-newcomer.ts";
import { nearRendered } from "./references/near-rendered.ts";
import { ephemeralClass } from "./scheduling/ephemeral-class.ts";

/** Claims that cannot be bound, and volumes that cannot be mounted (ConfigMaps and Secrets are config.ts's). */
export const volume: PlaybookEntry = {
  name: "volume",
  topic: "volumes and claims",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "volume");
    const now = renderedNow(input, input.incident.target);
    if (!now) return [];
    if (symptom)
      return [claimMissing(input, now, symptom.message) ?? ephemeralClass(input, now, symptom.message) ?? unbound(input, symptom.message)].filter(
        (finding) => finding !== undefined,
      );
    return wrongMount(input, now);
  },
};

function claimMissing(input: DiagnosisInput, now: KubeObject, message: string): Finding | undefined {
  const name = /persistentvolumeclaim "([\w.-]{1,253})" not found/.exec(message.slice(0, 2000))?.[1];
  if (name === undefined) return undefined;
  const object = input.incident.target;
  const statement = {
    failureClass: "volume-unbound" as const,
    rootCause: `${place(object)} uses PersistentVolumeClaim ${name}, which does not exist.`,
    object,
    quotes: quoteFirst(input.evidence, [message, name]),
    confidence: CONFIDENCE.confirmed,
  };
  const spec = podSpecPath(now.kind) ?? [];
  const volumes = claims(now, name);
  const path: FieldPath | undefined =
    volumes[0] === undefined ? undefined : [...spec, "volumes", { key: "name", value: volumes[0] }, "persistentVolumeClaim", "claimName"];
  const known = [...input.rendered, ...input.observation.surroundings]
    .filter((other) => other.kind === "PersistentVolumeClaim" && textAt(other, "metadata", "namespace") === object.namespace)
    .map((other) => textAt(other, "metadata", "name"));
  const past = pastOf(input, object);
  const changed = path ? changedBelow(past, now, path).filter(({ before }) => typeof before === "string" && known.includes(before)) : [];
  const newcomer =
    changed.length > 0 ? meantNewcomer(input, { kind: "PersistentVolumeClaim", namespace: object.namespace, name }, String(changed[0]?.before)) : undefined;
  if (past && changed.length > 0 && newcomer === undefined) return restoring(statement, past, changed);
  const followed = newcomer ?? calledNow(renamedClaim(...thenAndNow(input.lastGood?.objects, input), object.namespace), name);
  // A name that says more than that of a claim in use is another claim, which nobody made.
  const free = unused(input, object.namespace);
  const meant =
    followed ?? nearMatch(name, known) ?? kindred(name, known, false) ?? nearRendered(input, name, known) ?? kindred(name, free) ?? onlyAlike(name, free);
  if (!path || volumes.length !== 1 || meant === undefined)
    return escalate(statement, "no claim that exists is surely what was meant", `Create the claim ${name}, or name one that exists.`);
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object, path, before: name, after: meant }],
    [`Use claim ${meant}, ${followed === undefined ? "the only one with a name like it" : `the only one that came when ${name} went`}`],
  );
}

/** The claims of this delivery that no workload of it uses. */
function unused({ rendered }: DiagnosisInput, namespace: string): string[] {
  const own = rendered.filter(({ kind, metadata }) => kind === "PersistentVolumeClaim" && metadata.namespace === namespace).map((claim) => refOf(claim).name);
  return own.filter((claim) => !rendered.some((workload) => claims(workload, claim).length > 0));
}

/** Names of the volumes that use a claim. */
function claims(now: KubeObject, claim: string): string[] {
  return listAt(podSpecOf(now), "volumes")
    .filter((item) => textAt(item, "persistentVolumeClaim", "claimName") === claim)
    .map((item) => textAt(item, "name"));
}

/** The claim exists and is not bound: what the provisioner says of it decides. Fields of a claim cannot be changed afterwards. */
function unbound(input: DiagnosisInput, message: string): Finding | undefined {
  if (!/PersistentVolumeClaim|volume node affinity|volume binding|persistent volumes to bind|bound to non-existent pv/i.test(message.slice(0, 2000)))
    return undefined;
  const object = input.incident.target;
  const said = eventsOf(input.observation).findLast(
    ({ regarding, warning }) => warning && regarding.kind === "PersistentVolumeClaim" && regarding.namespace === object.namespace,
  );
  const missing = /storageclass[\w.]* "([\w.-]{1,253})" not found/i.exec(said?.note.slice(0, 2000) ?? "")?.[1];
  const why = missing === undefined ? shown(said?.note ?? message) : `StorageClass ${missing} does not exist`;
  const statement = {
    failureClass: "volume-unbound" as const,
    rootCause: `${place(object)} waits for a volume${said ? ` (claim ${said.regarding.name})` : ""}: ${why}.`,
    object,
    quotes: quoteEach(input.evidence, [said ? [said.note] : [], [message]]),
    confidence: CONFIDENCE.confirmed,
  };
  return escalate(
    statement,
    "a claim's storage class and access modes cannot be changed once it exists, and deleting a claim deletes data",
    missing === undefined
      ? "Look at the claim's events and at the cluster's volumes."
      : `Create StorageClass ${missing}, or delete the unbound claim and make it anew with a class that exists.`,
  );
}

/** A mount that the container runtime refuses: a folder over a file, a missing subPath. Only history knows better. */
function wrongMount(input: DiagnosisInput, now: KubeObject): Finding[] {
  const object = input.incident.target;
  return troubledContainers(input).flatMap((container): Finding[] => {
    const noted = [
      container.ended?.message ?? "",
      container.waiting.message,
      ...failingEvents(input)
        .filter(({ reason }) => reason === "Failed")
        .map(({ note }) => note),
    ];
    const message = noted.find((text) => /error mounting|failed to (?:create|prepare) subPath|are you trying to mount a directory/i.test(text));
    const found = containerOf(now, container.name);
    if (message === undefined || !found) return [];
    const past = pastOf(input, object);
    const changed = changedBelow(past, now, [...found.path, "volumeMounts"]);
    const statement = {
      failureClass: "volume-mount" as const,
      rootCause: `A volume of ${place(object, container.name)} cannot be mounted where git wants it.`,
      object,
      container: container.name,
      quotes: quoteFirst(input.evidence, [message]),
      confidence: CONFIDENCE.confirmed,
    };
    if (past && changed.length > 0) return [restoring(statement, past, ofBlamedVolume(changed, listAt(found.value, "volumeMounts"), message))];
    return [escalate(statement, "no mount is known that worked here", "Correct mountPath or subPath: a single file needs subPath.")];
  });
}

/** What changed of the volumes whose mount the runtime names, by their places in the container; all changes where it names none. */
function ofBlamedVolume(changed: readonly FieldChange[], mounts: readonly Json[], message: string): readonly FieldChange[] {
  const words = new Set(message.slice(0, 4000).split(/[\s:"'(),]+/));
  const named = mounts.filter((mount) => words.has(textAt(mount, "mountPath")) || words.has(textAt(mount, "subPath")));
  const volumes = new Set(named.map((mount) => textAt(mount, "name")));
  const blamed = changed.filter((change) => volumes.has(volumeOf(change, mounts)));
  return blamed.length > 0 ? blamed : changed;
}

/** The volume that a changed mount is of: a mount that came or went says so itself. */
function volumeOf({ path, before, after }: FieldChange, mounts: readonly Json[]): string {
  const item = path.find((segment) => typeof segment === "object" && path[path.indexOf(segment) - 1] === "volumeMounts");
  const own = textAt(after ?? before ?? null, "name");
  if (own !== "" || typeof item !== "object") return own;
  return item.key === "name" ? item.value : textAt(mounts.find((mount) => textAt(mount, item.key) === item.value) ?? null, "name");
}
