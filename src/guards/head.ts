import { blastRadius } from "./blast-radius.ts";
import { compare } from "./compare.ts";
import type { GateInput, MadeChange } from "./gate.ts";
import { notWorse } from "./not-worse.ts";
import { plausible, renderedValues, valuesOf } from "./plausible.ts";
import { changedObjects } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, type InvariantReport, refused } from "./report.ts";
import { emptyReport, GuardRun } from "./run.ts";
import { schema } from "./schema.ts";
import { scope } from "./scope.ts";
import { secrets } from "./secrets.ts";
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
  const run = new GuardRun(emptyReport(0));
  const notAnAnswer = { findings: [], skipped: true, note: "a commit, not an answer" };
  run.run("envelope", () => notAnAnswer);
  run.run("grounding", () => notAnAnswer);
  const read = run.run("yaml", () => strictly(yaml(input)));
  if (read) run.run("scope", () => scope(read.documents));
  const compared = read && run.run("invariants", () => strictly(compare(input, read.documents)));
  if (compared) {
    run.run("class-paths", () => ({ findings: [] }));
    const objects = compared.documents.flatMap((document) => valuesOf(input, document));
    run.run("plausible", () => plausible(compared, objects, false));
    const [before, after] = [made.before, made.after].map((outcome) => (outcome.kind === "rendered" ? outcome.objects : undefined));
    const reference = before ?? input.lastGood;
    const comparable = after && reference && changedObjects(reference, after);
    const skipped = { findings: [], skipped: true, note: "nothing to compare with is rendered" };
    if (before && comparable) run.run("plausible", () => ({ findings: comparable.flatMap((one) => renderedValues(input, one)) }));
    run.run("schema", () => (comparable ? schema(comparable) : skipped));
    run.run("not-worse", () => (comparable && after ? notWorse(input.proposal.failureClass, comparable, reference, after) : skipped));
    run.run("blast-radius", () => blastRadius(input, compared.edits, made, before ? comparable : undefined));
    run.run("secrets", () => secrets(input.proposal, made.files));
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
