// When Argo CD applies an object within a sync is for people to say: a fix only takes back what a commit said otherwise.
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import { isPhaseKey } from "../source/meant/hook-phase.ts";
import type { GateInput } from "./gate.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether the failing object gets the phase, or the wave, of a sync back which it had at the last good revision, where it misses a ConfigMap that the same sync
 * brings (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/).
 */
export function isOldPhase({ lastGood, target, proposal }: Pick<GateInput, "lastGood" | "target" | "proposal">, { path, before, after }: FieldChange): boolean {
  const [metadata, annotations, key, ...rest] = path;
  const isPhase = metadata === "metadata" && annotations === "annotations" && typeof key === "string" && isPhaseKey(key) && rest.length === 0;
  const then = findTarget(lastGood ?? [], target);
  const isChanged = typeof before === "string" && typeof after === "string";
  return isPhase && isChanged && proposal.failureClass === "config-missing" && then !== undefined && sameJson(getIn(then, path), after);
}
