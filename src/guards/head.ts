import { runChangeGuards } from "./change-guards.ts";
import { compare } from "./compare.ts";
import type { GateInput, MadeChange } from "./gate.ts";
import { plausible } from "./plausible.ts";
import { type GuardFinding, type GuardResult, type InvariantReport, refused } from "./report.ts";
import { emptyReport, failClosed, GuardRun } from "./run.ts";
import { scope } from "./scope.ts";
import { judgeText } from "./text/gate.ts";
import { yaml } from "./yaml.ts";

export interface HeadReport {
  kind: "approved" | "refused";
  report: InvariantReport;
}

/**
 * The gate on whatever a branch's head is now, whoever pushed it. A commit is no answer of a model, so there is nothing to ground; and nothing can be
 * put back in somebody's commit, so what would be restored is refused. Approves nothing: only gate.ts makes an approved change.
 */
export function guardHead(input: GateInput, made: MadeChange): HeadReport {
  return failClosed(() => judgeHead(input, made));
}

function judgeHead(input: GateInput, made: MadeChange): HeadReport {
  const run = new GuardRun(emptyReport(0));
  const notAnAnswer = { findings: [], skipped: true, note: "a commit, not an answer" };
  run.run("envelope", () => notAnAnswer);
  run.run("grounding", () => notAnAnswer);
  if (input.proposal.files) {
    const files = judgeText(run, input);
    runChangeGuards(run, input, { files }, made, false);
    return { kind: run.isRefused ? "refused" : "approved", report: run.report() };
  }
  const read = run.run("yaml", () => strictly(yaml(input)));
  if (read) run.run("scope", () => scope(read.documents));
  const compared = read && run.run("invariants", () => strictly(compare(input, read.documents)));
  if (compared) {
    run.run("class-paths", () => ({ findings: [] }));
    run.run("plausible", () => plausible(input, compared, false));
    runChangeGuards(run, input, { edits: compared.edits }, made, false);
  }
  return { kind: run.isRefused ? "refused" : "approved", report: run.report() };
}

function strictly<Result extends GuardResult>(result: Result): Result {
  return { ...result, findings: result.findings.map(asRefusal) };
}

function asRefusal(finding: GuardFinding): GuardFinding {
  const { guard, rule, message, verdict, ...detail } = finding;
  return verdict === "refused" ? finding : refused(guard, rule, `This commit changes what a fix for this failure may not change: ${message}`, detail);
}
