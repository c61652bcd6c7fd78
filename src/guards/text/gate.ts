import type { GateInput } from "../gate.ts";
import { refused } from "../report.ts";
import type { GuardRun } from "../run.ts";
import { harmlessText } from "./harmless.ts";
import { isMisnamed } from "./misnamed.ts";
import { isJudgedAsRendered } from "./repair-kinds.ts";
import { readableText, textScope } from "./scope.ts";
import { isSteering } from "./steering.ts";
import { type TracedFile, traceText } from "./trace.ts";

/** The guards on a repair of text: for a proposal, and for whatever a branch's head is later. The files of which every line has a ground. */
export function judgeText(run: GuardRun, input: GateInput): TracedFile[] {
  run.run("yaml", () => readableText(input));
  run.run("scope", () => textScope(input));
  const traced = run.run("invariants", () => traceText(input))?.files ?? [];
  // Where it renders, what the lines do is judged on the rendered objects (text/misnamed.ts for the key of a value).
  run.run("class-paths", () => (isJudgedAsRendered(input) || isMisnamed(input) || isSteering(input) ? { findings: [] } : harmlessText(traced)));
  run.run("plausible", () => ({
    findings: traced.length === 0 ? [refused("plausible", "no-op", "Nothing is left of the proposal that would change anything.")] : [],
  }));
  return traced;
}
