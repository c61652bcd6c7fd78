import { at, type KubeObject, textAt } from "../../../cluster/objects.ts";
import { HOOK_PHASE, SYNC_WAVE } from "../../../source/meant/hook-phase.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedBelow, configMapIn, type Past } from "../../history.ts";
import { CONFIDENCE, restoring, type Statement } from "../entry.ts";

/**
 * A hook that waits for a ConfigMap which the same sync brings only later: a commit let it run sooner than before
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/).
 */
export function syncedLater(
  input: DiagnosisInput,
  statement: Statement,
  { past, now, name }: { past: Past | undefined; now: KubeObject; name: string },
): Finding | undefined {
  const { namespace } = statement.object;
  const map = configMapIn(input.rendered, namespace, name);
  if (!past || !map || configMapIn(input.observation.objects, namespace, name) || at(map, "metadata", "annotations", HOOK_PHASE) !== undefined)
    return undefined;
  const sooner = [HOOK_PHASE, SYNC_WAVE]
    .flatMap((key) => changedBelow(past, now, ["metadata", "annotations", key]))
    .filter(({ before, after }) => typeof before === "string" && typeof after === "string");
  if (sooner.length === 0 || textAt(now, "metadata", "annotations", HOOK_PHASE) === "") return undefined;
  const rootCause = `${statement.rootCause.replace(/, which does not exist\.$/, "")}, which the same sync brings only after this hook.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, sooner);
}
