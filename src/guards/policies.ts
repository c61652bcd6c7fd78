// Policies: the team's own rules (`policies:` of .github/autofix.yml), CEL over the rendered object before and after, in the manner of a ValidatingAdmissionPolicy.
// A rule that the change newly violates refuses; one that was violated before stays the team's business. What does not compile, fails or takes too long refuses as
// well, whatever it would have said: a rule that nobody can judge must not be passed over.
import { describeRef, refOf } from "../cluster/objects.ts";
import type { Policy } from "../config/policies.ts";
import { type CompiledPolicy, compilePolicy } from "./policy/run.ts";
import { celValue } from "./policy/values.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

/**
 * @param changed undefined where nothing can be compared
 * @param namespace of objects that name none
 */
export function policies(rules: readonly Policy[], changed: readonly ChangedObject[] | undefined, namespace: string): GuardResult {
  const findings = rules.flatMap((policy) => {
    const compiled = compilePolicy(policy);
    if (compiled.kind === "compiled") return (changed ?? []).flatMap((one) => judge(policy, compiled, one, namespace));
    const message = `The policy ${policy.name} does not compile (${compiled.why}): correct it in .github/autofix.yml on the default branch. Until then no fix can be judged by it.`;
    return [refused("not-worse", "policy-invalid", message)];
  });
  if (rules.length === 0 || !changed) return { findings, skipped: true };
  return { findings, note: `${rules.length} ${rules.length === 1 ? "policy" : "policies"} of the team` };
}

type Compiled = Extract<CompiledPolicy, { kind: "compiled" }>;

function judge(policy: Policy, compiled: Compiled, { before, after }: ChangedObject, namespace: string): GuardFinding[] {
  if (!after || !isAbout(policy, after.kind, refOf(after).namespace || namespace)) return [];
  const [was, is] = [before ? celValue(before) : null, celValue(after)];
  const now = compiled.judge(is, was);
  const name = describeRef(refOf(after));
  if (now.kind === "holds") return [];
  if (now.kind === "failed") {
    const message = `The policy ${policy.name} cannot be judged for ${name} (${now.why}): correct it in .github/autofix.yml, with has() or .? around fields that may be missing.`;
    return [refused("not-worse", "policy-failed", message, { object: refOf(after) })];
  }
  if (was !== null && compiled.judge(was, was).kind === "violated") return [];
  return [refused("not-worse", "policy-violated", `${name} would violate the policy ${policy.name}: ${now.message}`, { object: refOf(after) })];
}

function isAbout({ match }: Policy, kind: string, namespace: string): boolean {
  return (match?.kinds?.includes(kind) ?? true) && (match?.namespaces?.includes(namespace) ?? true);
}
