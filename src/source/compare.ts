import { type KubeObject, type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import { sameJson } from "./edit/field-path.ts";
import type { RenderOutcome, Workspace } from "./workspace.ts";

/** The files that a rendering read, as far as it came. */
export function inputsOf(outcome: RenderOutcome): string[] {
  return outcome.kind === "refused" ? [] : outcome.inputs;
}

/** The object as one commit renders it; undefined where it is not rendered, or nothing can be. */
export async function renderedObject(workspace: Workspace, target: ObjectRef): Promise<KubeObject | undefined> {
  const outcome = await workspace.render();
  return outcome.kind === "rendered" ? outcome.objects.find((object) => sameRef(refOf(object), target)) : undefined;
}

/**
 * Whether two commits say the same about an object; of one that neither renders, such as the delivery itself, everything that they render decides. What cannot be
 * rendered at either says the same: its files decide.
 */
export async function rendersAlike(a: Workspace, b: Workspace, target: ObjectRef): Promise<boolean> {
  const [one, other] = await Promise.all([a.render(), b.render()]);
  if (one.kind !== other.kind) return false;
  if (one.kind === "failed" && other.kind === "failed") return one.message === other.message;
  const [then, now] = [await renderedObject(a, target), await renderedObject(b, target)];
  if (then || now || one.kind !== "rendered" || other.kind !== "rendered") return sameJson(then, now);
  return sameJson(one.objects, other.objects);
}
