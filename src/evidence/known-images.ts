import { at, isObject, type Json, type KubeObject, listAt, numberAt, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { containerStatuses } from "../incident/pods.ts";

const IMAGES = 300;
const IMAGE_ERRORS = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"]);

/**
 * Image references that were seen working: of containers that run or ended well, of ReplicaSets with ready pods, and of the rendered objects given,
 * except those that a container cannot get now.
 */
export function knownImages(observation: Observation, rendered: readonly (readonly KubeObject[])[]): string[] {
  const pods = observation.objects.filter((object) => object.kind === "Pod");
  const working = pods.flatMap((pod) => imagesWhere(pod, isWorking));
  const broken = new Set(pods.flatMap((pod) => imagesWhere(pod, (status) => IMAGE_ERRORS.has(textAt(status, "state", "waiting", "reason")))));
  const sets = observation.objects.filter((object) => object.kind === "ReplicaSet" && (numberAt(object, "status", "readyReplicas") ?? 0) > 0);
  const other = [...sets, ...rendered.flat()].flatMap((object) => imagesOf(podSpecOf(object))).filter((image) => !broken.has(image));
  return [...new Set([...working, ...other])].slice(0, IMAGES);
}

/** The image references that rendered objects name. */
export function imagesOfObjects(objects: readonly KubeObject[]): string[] {
  return [...new Set(objects.flatMap((object) => imagesOf(podSpecOf(object))))].slice(0, IMAGES);
}

/** The images of a pod, as its spec writes them, whose container's status satisfies a condition. */
function imagesWhere(pod: KubeObject, accepts: (status: Json) => boolean): string[] {
  const names = new Set(
    containerStatuses(pod)
      .filter(accepts)
      .map((status) => textAt(status, "name")),
  );
  return containersOf(pod.spec).flatMap((container) => (names.has(textAt(container, "name")) ? imageOf(container) : []));
}

function isWorking(status: Json): boolean {
  return at(status, "ready") === true || numberAt(status, "state", "terminated", "exitCode") === 0 || isObject(at(status, "state", "running"));
}

function podSpecOf(object: KubeObject): Json | undefined {
  if (object.kind === "Pod") return object.spec;
  return at(object, "spec", "template", "spec") ?? at(object, "spec", "jobTemplate", "spec", "template", "spec");
}

function imagesOf(podSpec: Json | undefined): string[] {
  return containersOf(podSpec).flatMap(imageOf);
}

function containersOf(podSpec: Json | undefined): Json[] {
  return [...listAt(podSpec, "initContainers"), ...listAt(podSpec, "containers")];
}

function imageOf(container: Json): string[] {
  const image = textAt(container, "image");
  return image === "" ? [] : [image];
}
