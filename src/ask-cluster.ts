import type { DryRun } from "./cluster/dry-run.ts";
import type { Cluster, Observation } from "./cluster/observation.ts";
import type { MadeChange } from "./guards/gate.ts";
import { changedObjects } from "./guards/rendered-diff.ts";
import type { InvariantReport } from "./guards/report.ts";
import { waitsForDryRun } from "./guards/server-dry-run.ts";
import type { RenderOutcome } from "./source/workspace.ts";

/** What of the cluster the guards are told beside the evidence. */
export interface Advisers {
  cluster: Partial<Pick<Cluster, "schemas">>;
  /** Only where the operator switched it on. */
  dryRun?: DryRun;
}

/**
 * Lets guards judge a change with the cluster's own schemas, and at the very end, when nothing else is left to hold against it, with its dry run.
 * The guards themselves ask nobody.
 */
export async function judgeWithCluster<Verdict extends { report: InvariantReport }>(
  { cluster, dryRun }: Advisers,
  observation: Pick<Observation, "key" | "on" | "unseen">,
  namespace: string,
  made: MadeChange,
  judge: (made: MadeChange) => Verdict,
): Promise<Verdict> {
  const schemas = await cluster.schemas?.(objectsOf(made.after), observation);
  const known: MadeChange = schemas ? { ...made, schemas } : made;
  const verdict = judge(known);
  if (!dryRun || !waitsForDryRun(verdict.report)) return verdict;
  const objects = changedObjects(objectsOf(made.before), objectsOf(made.after)).flatMap(({ after }) => after ?? []);
  const elsewhere = observation.on ?? observation.unseen;
  if (elsewhere !== undefined)
    return judge({ ...known, dryRun: { kind: "unreachable", message: `its account is of this cluster, and the fix is for ${elsewhere}` } });
  return judge({ ...known, dryRun: await dryRun({ objects, namespace, delivery: observation.key.kind }) });
}

function objectsOf(outcome: RenderOutcome) {
  return outcome.kind === "rendered" ? outcome.objects : [];
}
