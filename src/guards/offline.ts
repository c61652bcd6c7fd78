import type { DocumentEdit } from "../source/workspace.ts";
import { runChangeGuards } from "./change-guards.ts";
import { compare } from "./compare.ts";
import { envelope } from "./envelope.ts";
import type { GateInput, MadeChange } from "./gate.ts";
import type { HeadReport } from "./head.ts";
import { plausible } from "./plausible.ts";
import { type InvariantReport, refused } from "./report.ts";
import { emptyReport, failClosed, GuardRun } from "./run.ts";
import { scope } from "./scope.ts";
import { yaml } from "./yaml.ts";

export type OfflineVerdict = { kind: "refused"; report: InvariantReport } | { kind: "edits"; edits: DocumentEdit[]; report: InvariantReport };

/**
 * The gate on a proposal without an incident: no evidence is at hand, so nothing can be grounded, and that is said. All else is judged, and put back, as
 * for an answer of a model. Approves nothing: only gate.ts makes an approved change. Never throws.
 */
export function guardOffline(input: GateInput): OfflineVerdict {
  return failClosed(() => judgeOffline(input));
}

function judgeOffline(input: GateInput): OfflineVerdict {
  const run = new GuardRun(emptyReport(input.proposal.confidence));
  run.run("envelope", () => envelope(input));
  run.run("grounding", () => ({ findings: [], skipped: true, note: "no evidence offline: quotes and confidence are not judged" }));
  const read = run.run("yaml", () => yaml(input));
  if (read) run.run("scope", () => scope(read.documents));
  const compared = read && run.run("invariants", () => compare(input, read.documents));
  if (compared) {
    run.run("class-paths", () => ({ findings: [] }));
    run.run("plausible", () => plausible(input, compared, false));
  }
  const report = run.report();
  return run.isRefused || !compared ? { kind: "refused", report } : { kind: "edits", edits: compared.edits, report };
}

/** The guards that look at what the edits did. Never throws. */
export function guardOfflineChange(input: GateInput, verdict: Extract<OfflineVerdict, { kind: "edits" }>, made: MadeChange): HeadReport {
  return failClosed((): HeadReport => {
    const run = new GuardRun(verdict.report);
    run.run("grounding", () => ({ findings: [], skipped: true, note: noteOf(verdict.report) }));
    runChangeGuards(run, input, { edits: verdict.edits }, made, false);
    return { kind: run.isRefused ? "refused" : "approved", report: run.report() };
  });
}

function noteOf({ verdicts }: InvariantReport): string {
  return verdicts.find(({ guard }) => guard === "grounding")?.note ?? "";
}

/** A proposal that cannot even be read as documents is refused by the guard that would have read it. */
export function refusedUnread(guard: "envelope" | "yaml", rule: string, message: string): InvariantReport {
  const run = new GuardRun(emptyReport(0));
  run.run(guard, () => ({ findings: [refused(guard, rule, message)] }));
  return run.report();
}
