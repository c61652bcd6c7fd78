// Not worse: whatever Pod Security, hygiene or dangling references can be held against the rendered objects after the change could be held
// against them before it. A fix need not make things better; it must not make anything worse.
import type { KubeObject } from "../cluster/objects.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardResult, refused } from "./report.ts";
import { worseFacts } from "./rules/fact.ts";
import { hygiene } from "./rules/hygiene.ts";
import { podSecurity } from "./rules/pod-security.ts";
import { references } from "./rules/references.ts";

const BOOKS = [podSecurity, hygiene, references];

/** What a class is allowed to change by its very nature, after the other guards looked at it. */
const EXEMPT: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  "service-account-missing": ["service-account"],
  // A request that shrinks below a limit it equalled is Burstable; asked for by the class.
  "unschedulable-resources": ["quality-of-service"],
  "out-of-memory": ["quality-of-service"],
};

export function notWorse(
  failureClass: FailureClass,
  changed: readonly ChangedObject[],
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): GuardResult {
  const exempt = EXEMPT[failureClass] ?? [];
  const worse = changed.flatMap((one) => (one.after ? worseFacts({ object: one.before, all: before }, { object: one.after, all: after }, BOOKS) : []));
  return {
    findings: worse
      .filter(({ rule }) => !exempt.includes(rule))
      .map(({ rule, object, message, where }) => refused("not-worse", rule, `${object}: ${message}, which it was not before.`, { path: where })),
  };
}
