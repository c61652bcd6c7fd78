import { type Json, type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import { getIn, sameJson } from "./field-path.ts";
import { imageParts } from "./image-reference.ts";

/** Where kinds keep their pod spec (Kubernetes API, workload resources). */
const POD_SPECS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"].map((kind) => [kind, "spec.template.spec"])),
  CronJob: "spec.jobTemplate.spec.template.spec",
};

/**
 * The pull secrets with which every other workload of a namespace pulls the images of the same owner in the same registry, one of which is known to run here; for a
 * workload that has none, nor an account with some. Undefined where they differ.
 */
export function pullSecretsOfOthers(object: KubeObject, image: string, rendered: readonly KubeObject[], working: readonly string[]): Json[] | undefined {
  const spec = specOf(object);
  const here = rendered.filter((one) => textAt(one, "metadata", "namespace") === textAt(object, "metadata", "namespace"));
  const account = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount") || "default";
  const isLent = here.some((one) => one.kind === "ServiceAccount" && one.metadata.name === account && listAt(one, "imagePullSecrets").length > 0);
  if (spec === undefined || listAt(spec, "imagePullSecrets").length > 0 || isLent || ownerOf(image) === "") return undefined;
  const others = here.filter((one) => one !== object && imagesOf(one).some((other) => ownerOf(other) === ownerOf(image)));
  const [found, ...more] = others.map((one) => listAt(specOf(one), "imagePullSecrets"));
  if (!found || found.length === 0 || more.some((other) => !sameJson(other, found))) return undefined;
  const names = new Set(working.map((one) => imageParts(one).name));
  return others.flatMap(imagesOf).some((other) => ownerOf(other) === ownerOf(image) && names.has(imageParts(other).name)) ? found : undefined;
}

function specOf(object: KubeObject): Json | undefined {
  return getIn(object, (POD_SPECS[object.kind] ?? "spec.none").split("."));
}

function imagesOf(object: KubeObject): string[] {
  const spec = specOf(object);
  return ["containers", "initContainers"].flatMap((list) => listAt(spec, list)).map((container) => textAt(container, "image"));
}

/** Registry and owner, without the image's own name. */
function ownerOf(image: string): string {
  const { name } = imageParts(image);
  return name.slice(0, Math.max(name.lastIndexOf("/"), 0));
}
