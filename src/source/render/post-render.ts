import { type Json, type JsonObject, listAt, objectAt } from "../../cluster/objects.ts";
import { refused } from "../refusal.ts";
import type { RenderOutcome } from "../workspace.ts";
import type { ManifestReader } from "./manifests.ts";
import { renderOnce } from "./render-once.ts";
import { MISSING_KUSTOMIZE, type Renderer } from "./renderers.ts";

type Rendered = Extract<RenderOutcome, { kind: "rendered" }>;

const INPUT = "helm-output.yaml";
const SUPPORTED = ["patches", "patchesStrategicMerge", "patchesJson6902", "images"];

/** `spec.postRenderers` of a HelmRelease: each is a kustomization over what the one before it made (helm-controller, internal/postrender). */
export async function postRender(
  renderer: Renderer | undefined,
  reader: ManifestReader,
  rendered: Rendered,
  postRenderers: readonly Json[],
): Promise<RenderOutcome> {
  let current = rendered;
  for (const postRenderer of postRenderers) {
    const settings = objectAt(postRenderer, "kustomize");
    const unknown = [
      ...Object.keys(objectAt(postRenderer)).filter((key) => key !== "kustomize"),
      ...Object.keys(settings).filter((key) => !SUPPORTED.includes(key)),
    ].map((key) => `spec.postRenderers[].${key}`);
    if (unknown.length > 0)
      return refused("unsupported-setting", `The HelmRelease sets ${unknown.join(", ")}, which Kube AutoFix does not render yet`, unknown);
    if (Object.keys(settings).length === 0) continue;
    if (!renderer) return refused("renderer-missing", MISSING_KUSTOMIZE);
    const outcome = await renderOnce(renderer, ["."], filesOf(current, settings));
    if (outcome.kind === "exceeded") return refused("too-large", outcome.message);
    if (outcome.kind === "failed") return { kind: "failed", message: `error while running post render: ${outcome.message}`, inputs: rendered.inputs };
    const objects = reader.output(outcome.text);
    if (objects.kind === "invalid") return { kind: "failed", message: objects.message, inputs: rendered.inputs };
    current = { ...current, objects: objects.objects };
  }
  return current;
}

function filesOf({ objects }: Rendered, settings: JsonObject): Map<string, string> {
  const kustomization: JsonObject = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: [INPUT] };
  for (const key of SUPPORTED) if (listAt(settings, key).length > 0) kustomization[key] = listAt(settings, key).map((item) => asWritten(key, item));
  return new Map([
    ["kustomization.yaml", JSON.stringify(kustomization)],
    [INPUT, objects.map((object) => JSON.stringify(object)).join("\n---\n")],
  ]);
}

/** In a HelmRelease these two hold objects where kustomize wants text. */
function asWritten(key: string, item: Json): Json {
  if (key === "patchesStrategicMerge") return JSON.stringify(item);
  if (key !== "patchesJson6902") return item;
  const { patch = [], ...rest } = objectAt(item);
  return { ...rest, patch: typeof patch === "string" ? patch : JSON.stringify(patch) };
}
