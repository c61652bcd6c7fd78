import { type KubeObject, numberAt, type ObjectRef, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import { containerSpec, containerStatuses } from "../incident/pods.ts";
import { isOwnedBy, isReadyPod } from "../incident/workload-view.ts";
import { type Draft, RANK } from "./draft.ts";

/** One reference that is another image in the pods that fail than in those that work: its tag was pushed again in between. */
export interface MovedTag {
  container: string;
  reference: string;
  /** `repository@sha256:…`, as the container runtime reports what it runs. */
  worked: { image: string; pod: string };
  fails: { image: string; pod: string };
}

/**
 * What a workload's own pods show of tags that were pushed again. Nothing where a pod works with the image that fails elsewhere, or fails with the one that
 * works: then it is not the image that makes the difference.
 */
export function movedTags({ objects }: Observation, target: ObjectRef, isFailing: (pod: string, container: string) => boolean): MovedTag[] {
  const owner = objects.find((object) => sameRef(refOf(object), target));
  const makers = objects.filter((object) => isOwnedBy(object, owner));
  const pods = objects.filter((object) => object.kind === "Pod" && [owner, ...makers].some((maker) => isOwnedBy(object, maker)));
  const running = pods.flatMap((pod) => containersIn(pod, isFailing));
  const names = new Set(running.map(({ container }) => container));
  return [...names].flatMap((name) => moved(running.filter(({ container }) => container === name)));
}

interface Running {
  container: string;
  reference: string;
  image: string;
  pod: string;
  state: "works" | "fails" | "unknown";
}

function containersIn(pod: KubeObject, isFailing: Parameters<typeof movedTags>[2]): Running[] {
  const name = textAt(pod, "metadata", "name");
  return containerStatuses(pod).flatMap((status): Running[] => {
    const [container, image] = [textAt(status, "name"), textAt(status, "imageID").replace(/^[a-z-]{1,30}:\/\//, "")];
    const reference = textAt(containerSpec(pod.spec, container)?.spec, "image");
    // Without a repository it is the digest of the configuration, which differs from one platform to the next.
    if (!image.includes("@sha256:") || reference === "" || reference.includes("@")) return [];
    const isWell = numberAt(status, "state", "terminated", "exitCode") === 0 || (isReadyPod(pod) && status.ready === true);
    return [{ container, reference, image, pod: name, state: isFailing(name, container) ? "fails" : isWell ? "works" : "unknown" }];
  });
}

function moved(running: readonly Running[]): MovedTag[] {
  const fails = running.find(({ state }) => state === "fails");
  const alike = running.filter(({ reference }) => reference === fails?.reference);
  const worked = alike.find(({ state }) => state === "works");
  const isBoth = alike.some((one) => one.state === "works" && alike.some((other) => other.state === "fails" && digestOf(other.image) === digestOf(one.image)));
  if (!fails || !worked || isBoth) return [];
  return [{ container: fails.container, reference: fails.reference, worked, fails }];
}

/** `sha256:…` of an image: whatever registry or mirror it came from. */
export function digestOf(image: string): string {
  return image.slice(image.indexOf("@") + 1);
}

/** Says which image each of the two is. */
export function movedTagItems(object: ObjectRef, tags: readonly MovedTag[]): Draft[] {
  return tags.map(({ container, reference, worked, fails }) => ({
    rank: RANK.container,
    kind: "container",
    source: `container ${container}: what ${reference} is`,
    object,
    container,
    text: [`in pod ${fails.pod}, which fails: ${fails.image}`, `in pod ${worked.pod}, which works: ${worked.image}`].join("\n"),
  }));
}
