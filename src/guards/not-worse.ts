// Not worse: whatever Pod Security, hygiene or dangling references can be held against the rendered objects after the change could be held
// against them before it. A fix need not make things better; it must not make anything worse.
import { type KubeObject, refOf, sameRef } from "../cluster/objects.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardResult, refused } from "./report.ts";
import { type Fact, worseFacts } from "./rules/fact.ts";
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

/** What counts as no worse where the last good revision had it too: a digest that does not exist gives way to the tag that worked. */
const BACK: readonly string[] = ["digest-missing"];

export function notWorse(
  failureClass: FailureClass,
  changed: readonly ChangedObject[],
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  lastGood: readonly KubeObject[] = [],
): GuardResult {
  const exempt = EXEMPT[failureClass] ?? [];
  const worse = changed.flatMap(({ before: was, after: is }) => {
    if (!is) return [];
    const good = lastGood.find((object) => sameRef(refOf(object), refOf(is)));
    const now = { object: is, all: after };
    const sinceGood = good ? worseFacts({ object: good, all: lastGood }, now, BOOKS) : [];
    const isBack = (one: Fact) =>
      good !== undefined && BACK.includes(one.rule) && !sinceGood.some(({ rule, where }) => rule === one.rule && where === one.where);
    return worseFacts({ object: was, all: before }, now, BOOKS).filter((one) => !isBack(one));
  });
  return {
    findings: worse
      .filter(({ rule }) => !exempt.includes(rule))
      .map(({ rule, object, message, where }) => refused("not-worse", rule, `${object}: ${message}, which it was not before.`, { path: where })),
  };
}
