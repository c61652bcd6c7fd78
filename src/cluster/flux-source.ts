import type { DeliverySource, RenderSettings, SourceRefusalCode } from "./delivery.ts";
import { at, type KubeObject, listAt, objectAt, textAt } from "./objects.ts";
import { pick, repositoryPath } from "./reading.ts";

/** Fields of a Kustomization's spec that change what is rendered, besides targetNamespace. */
const RENDER_FIELDS = ["patches", "images", "components", "postBuild", "namePrefix", "nameSuffix", "commonMetadata", "ignoreMissingComponents"];

/** Names an object that Flux refers to; its namespace is the referring object's unless it is named. */
export interface FluxReference {
  kind: string;
  namespace: string;
  name: string;
}

/** `spec.sourceRef` of a Kustomization. */
export function sourceRefOf(kustomization: KubeObject): FluxReference {
  return {
    kind: textAt(kustomization, "spec", "sourceRef", "kind"),
    namespace: textAt(kustomization, "spec", "sourceRef", "namespace") || textAt(kustomization, "metadata", "namespace"),
    name: textAt(kustomization, "spec", "sourceRef", "name"),
  };
}

/** Where a Kustomization's manifests come from; `repository` is the GitRepository that its sourceRef names, undefined where there is none. */
export function kustomizationSource(kustomization: KubeObject, repository: KubeObject | undefined): DeliverySource {
  const ref = sourceRefOf(kustomization);
  if (ref.kind !== "GitRepository") {
    return refuse(
      "not-git",
      `The Kustomization's source is the ${ref.kind || "unnamed"} ${ref.name}; only a GitRepository can be followed to a repository. Correct it where that artifact is built.`,
    );
  }
  if (isSuspended(kustomization)) return refuse("suspended", "The Kustomization is suspended (spec.suspend): resume it, and the fix is looked for again.");
  if (!repository)
    return refuse("no-source", `The Kustomization's source GitRepository ${ref.namespace}/${ref.name} does not exist: create it, or name another.`);
  if (isSuspended(repository)) {
    return refuse("suspended", `GitRepository ${ref.namespace}/${ref.name} is suspended (spec.suspend), so a merged fix would not be fetched: resume it.`);
  }
  const url = textAt(repository, "spec", "url");
  if (url === "") return refuse("no-source", `GitRepository ${ref.namespace}/${ref.name} names no url: name one.`);
  if (listAt(repository, "spec", "include").length > 0) {
    return refuse(
      "multiple-sources",
      `GitRepository ${ref.namespace}/${ref.name} includes other repositories (spec.include), which is not followed: correct the manifests by hand.`,
    );
  }
  const branch = branchOf(repository);
  if (branch === undefined) {
    return refuse(
      "pinned-revision",
      `GitRepository ${ref.namespace}/${ref.name} follows a tag, a version or a commit, not a branch: a merged fix would not reach it. Let it follow a branch, or move it to a corrected revision.`,
    );
  }
  return { kind: "git", url, branch, path: repositoryPath(textAt(kustomization, "spec", "path")), settings: kustomizationSettings(kustomization) };
}

function isSuspended(object: KubeObject): boolean {
  return at(object, "spec", "suspend") === true;
}

/** `spec.ref.branch`. Without any ref Flux follows master (GitRepository docs, "Reference"); commit, tag, semver and name pin it. */
export function branchOf(repository: KubeObject): string | undefined {
  const ref = objectAt(repository, "spec", "ref");
  if (["commit", "tag", "semver"].some((key) => textAt(ref, key) !== "")) return undefined;
  const name = textAt(ref, "name");
  if (name !== "") return name.startsWith("refs/heads/") ? name.slice("refs/heads/".length) : undefined;
  return textAt(ref, "branch") || "master";
}

/** What a Kustomization's spec does to the result, whatever its source is. */
export function kustomizationSettings(kustomization: KubeObject): RenderSettings {
  const namespace = textAt(kustomization, "spec", "targetNamespace");
  return {
    namespace,
    namespaceMode: namespace === "" ? "default" : "force",
    tool: "flux",
    name: textAt(kustomization, "metadata", "name"),
    // kustomize-controller writes a kustomization.yaml with every manifest below spec.path where there is none.
    directory: { recurse: true, include: "", exclude: "" },
    flux: pick(objectAt(kustomization, "spec"), RENDER_FIELDS),
  };
}

function refuse(code: SourceRefusalCode, message: string): DeliverySource {
  return { kind: "refused", code, message };
}
