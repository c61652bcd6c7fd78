import { isObject, type Json, type KubeObject, numberAt, type ObjectRef, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { isOwnedBy, isReadyPod } from "../incident/workload-view.ts";
import { diffFields, type FieldChange, type FieldPath, getIn, samePath } from "../source/edit/field-path.ts";
import { alignedPath } from "../source/meant/aligned-path.ts";
import { isOtherChecksum } from "../source/plan/checksums.ts";
import { isOtherHash } from "../source/plan/differences.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { containersOf, isWorkload, podSpecPath } from "./workload.ts";

/** What an object looked like when it last worked. */
export interface Past {
  object: KubeObject;
  /** `defaulted`: from a live ReplicaSet or pod, in which the API server filled in every default; only values that git names as well can be compared. */
  from: "revision" | "defaulted";
  /** Where this is known from, to be put behind "as". */
  words: string;
}

/** The object as rendered at the branch's head. */
export function renderedNow(input: Pick<DiagnosisInput, "rendered">, ref: ObjectRef): KubeObject | undefined {
  return input.rendered.find((object) => sameRef(refOf(object), ref));
}

/** The object at the last good revision; else its pod template in a ReplicaSet whose pods are ready, or in a ready pod. */
export function pastOf(input: DiagnosisInput, ref: ObjectRef): Past | undefined {
  const { lastGood } = input;
  const then = lastGood && (lastGood.objects.find((object) => sameRef(refOf(object), ref)) ?? predecessor(input, lastGood.objects, ref));
  if (lastGood && then) return { object: then, from: "revision", words: `at ${lastGood.commit.slice(0, 8)}, the last good revision` };
  return lastGood ? undefined : (readyReplicaSet(input, ref) ?? readyPod(input, ref));
}

/**
 * What this workload was before: a workload of another kind that went and had its name, and its pod template at the same place (a Deployment becomes a
 * StatefulSet); else, as a Job is replaced by one with another name, the only object of that kind that went, and whose containers are still there.
 */
function predecessor(input: DiagnosisInput, then: readonly KubeObject[], ref: ObjectRef): KubeObject | undefined {
  const now = renderedNow(input, ref);
  if (!now || !isWorkload(ref.kind)) return undefined;
  const isGone = (object: KubeObject) => !input.rendered.some((other) => sameRef(refOf(other), refOf(object)));
  const namesake = then.find(
    (object) =>
      sameRef({ ...refOf(object), kind: ref.kind, group: ref.group }, ref) &&
      samePath(podSpecPath(object.kind) ?? [], podSpecPath(ref.kind) ?? []) &&
      isGone(object),
  );
  if (namesake) return namesake;
  const gone = then.filter(
    (object) =>
      object.kind === ref.kind &&
      textAt(object, "metadata", "namespace") === ref.namespace &&
      isGone(object) &&
      containersOf(object).every(({ name }) => containersOf(now).some((container) => container.name === name)),
  );
  return gone.length === 1 ? gone[0] : undefined;
}

function readyReplicaSet(input: DiagnosisInput, ref: ObjectRef): Past | undefined {
  const now = renderedNow(input, ref);
  if (ref.kind !== "Deployment" || !now) return undefined;
  const deployment = input.observation.objects.find((object) => sameRef(refOf(object), ref));
  const ready = input.observation.objects.filter(
    (object) => object.kind === "ReplicaSet" && (numberAt(object, "status", "readyReplicas") ?? 0) > 0 && isOwnedBy(object, deployment),
  );
  const [set] = ready;
  return ready.length === 1 && set
    ? { object: { ...now, spec: set.spec ?? {} }, from: "defaulted", words: `in ReplicaSet ${textAt(set, "metadata", "name")}, whose pods are ready` }
    : undefined;
}

/** StatefulSets and DaemonSets replace their pods one by one: one that is ready and differs from the failing ones still runs what worked. */
function readyPod(input: DiagnosisInput, ref: ObjectRef): Past | undefined {
  const now = renderedNow(input, ref);
  const owner = input.observation.objects.find((object) => sameRef(refOf(object), ref));
  if (!now || !owner || !["StatefulSet", "DaemonSet"].includes(ref.kind)) return undefined;
  const pod = input.observation.objects.find((object) => object.kind === "Pod" && isOwnedBy(object, owner) && isReadyPod(object));
  if (!pod) return undefined;
  return {
    object: { ...now, spec: { template: { metadata: {}, spec: pod.spec ?? {} } } },
    from: "defaulted",
    words: `in pod ${textAt(pod, "metadata", "name")}, which is ready`,
  };
}

/**
 * How the fields below `path` differ: `before` is the good value, `after` today's. Empty where nothing changed, and where the past does not know
 * what holds the path (a new container has no history). That a generated object is called otherwise because of its content is no change of who
 * refers to it, nor is a hash of that content.
 */
export function changedBelow(past: Past | undefined, now: KubeObject | undefined, path: FieldPath): FieldChange[] {
  if (!past || !now || getIn(past.object, holder(now.kind, path)) === undefined) return [];
  const then = alignedPath(past.object, now, path);
  if (!then) return [];
  const [good, today] = [getIn(past.object, then), getIn(now, path)];
  const differences = diffFields(good, today, path).filter((one) => !isOtherHash(one.before, one.after) && !isOtherChecksum(one.path, one.before, one.after));
  return past.from === "revision" ? differences : differences.filter((difference) => !isDefaulted(difference));
}

/** The container that a path lies in, or the whole object. */
function holder(kind: string, path: FieldPath): FieldPath {
  const end = (podSpecPath(kind)?.length ?? 0) + 2;
  return typeof path[end - 1] === "object" ? path.slice(0, end) : [];
}

/** Nothing but a manifest fills these. */
const OWN = new Set(["env", "envFrom", "command", "args", "workingDir", "subPath", "nodeSelector", "podAffinity", "podAntiAffinity"]);

/** What git does not name and the cluster has may be a default of the API server, except what only manifests fill. */
function isDefaulted({ path, after }: FieldChange): boolean {
  return after === undefined && !path.some((segment) => typeof segment === "string" && OWN.has(segment));
}

/** The changes that put fields back to their good values, and nothing else: the rest of the commit stays. */
export function restore(object: ObjectRef, differences: readonly FieldChange[]): ObjectChange[] {
  return differences.map(({ path, before, after }) => ({ object, path, before: after, after: before }));
}

/** All values that a ConfigMap had at the last good revision, or undefined where it was not there. */
export function pastConfigMap(input: DiagnosisInput, namespace: string, name: string): Json | undefined {
  const found = configMapIn(input.lastGood?.objects ?? [], namespace, name);
  return found && isObject(found.data) ? found.data : undefined;
}

/** The ConfigMap of this name among objects, rendered or of the cluster. */
export function configMapIn(objects: readonly KubeObject[], namespace: string, name: string): KubeObject | undefined {
  return objects.find((object) => isConfigMap(object, namespace) && textAt(object, "metadata", "name") === name);
}

export function isConfigMap(object: KubeObject, namespace: string): boolean {
  return object.kind === "ConfigMap" && object.apiVersion === "v1" && textAt(object, "metadata", "namespace") === namespace;
}
