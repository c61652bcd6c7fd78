// Server dry-run: where the operator switched it on, the cluster itself has tried the changed objects, with admission and strict validation, and kept nothing.
// It is the last gate: asked only when every other guard has passed, and whatever is no clear yes refuses. The asking is done outside: this only reads the answer.
import type { DryRunOutcome } from "../cluster/dry-run.ts";
import { type GuardResult, type InvariantReport, refused } from "./report.ts";

/** @param isRefused whether another guard has refused already, so that nothing is asked any more */
export function serverDryRun(isRequired: boolean, outcome: DryRunOutcome | undefined, isRefused: boolean): GuardResult {
  if (!isRequired) return { findings: [], skipped: true, note: "not switched on" };
  if (outcome === undefined) {
    return isRefused
      ? { findings: [], skipped: true, note: "not reached" }
      : { findings: [refused("server-dry-run", "not-made", "The cluster has not been asked to try the change.")] };
  }
  switch (outcome.kind) {
    case "accepted":
      return { findings: [], note: `the cluster accepts ${outcome.objects.join(", ")}` };
    case "rejected":
      return { findings: [refused("server-dry-run", "rejected", `The cluster would not accept ${outcome.object}: ${outcome.message}`)] };
    case "unreachable": {
      const message = `The cluster could not be asked to try the change: ${outcome.message}. Nothing is proposed without its answer: mend the dry run's account (deploy/dry-run.yaml), or unset AUTOFIX_DRY_RUN_KUBECONFIG to go without.`;
      return { findings: [refused("server-dry-run", "unreachable", message)] };
    }
  }
}

/** Whether the dry run is all that is missing. */
export function waitsForDryRun({ findings }: InvariantReport): boolean {
  const refusals = findings.filter(({ verdict }) => verdict === "refused");
  return refusals.length > 0 && refusals.every(({ guard, rule }) => guard === "server-dry-run" && rule === "not-made");
}
