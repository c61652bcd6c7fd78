// Not worse: whatever Pod Security, hygiene, steering or dangling references can be held against the rendered objects after the change could be held
// against them before it. A fix need not make things better; it must not make anything worse. What refers to others is looked at in every object, since
// a label or a port that changes here leaves a Service or an Ingress over there with nothing behind it.
import { describeRef, type KubeObject, type ObjectRef, refOf, sameRef } from "../cluster/objects.ts";
import type { Bounds } from "../config/bounds.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import { containersOf } from "./pod-template.ts";
import type { ChangedObject } from "./rendered-diff.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";
import { type Fact, worseFacts } from "./rules/fact.ts";
import { hygiene } from "./rules/hygiene.ts";
import { identity } from "./rules/identity.ts";
import { podSecurity } from "./rules/pod-security.ts";
import { references } from "./rules/references.ts";
import { transitions } from "./rules/transitions.ts";

const BOOKS = [podSecurity, hygiene, identity, references];

/** What a class is allowed to change by its very nature, after the other guards looked at it. */
const EXEMPT: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  "service-account-missing": ["service-account"],
  // A ConfigMap in the place of a Secret of that name, which is not there (other-kind.ts).
  "secret-missing": ["secret-reference-lost"],
  // A request that shrinks below a limit it equalled is Burstable; asked for by the class.
  "unschedulable-resources": ["quality-of-service"],
  "out-of-memory": ["quality-of-service"],
  "image-not-found": ["image-repository"],
  "image-registry": ["image-repository"],
  "command-not-found": ["command-changed"],
  "crash-on-start": ["command-changed"],
  "job-failed": ["command-changed"],
  "dependency-address": ["command-changed"],
  // A word of its arguments goes back, or follows the port that it declares (plausible/told-port.ts).
  "liveness-probe": ["command-changed"],
  "readiness-probe": ["command-changed"],
  "startup-probe": ["command-changed"],
  // Where the old pod has to go first, the last good revision said so (plausible/values.ts).
  "port-conflict": ["command-changed", "recreate"],
  // Root's id may go where the last good revision had none (plausible/pod.ts): whatever the image says is no worse than root.
  "run-as-root-image": ["user-open"],
};

/** Of these it is no worse where the last good revision had it too: a digest that does not exist gives way to the tag that worked. */
const BACK: readonly string[] = [
  "digest-missing",
  "image-repository",
  "command-changed",
  "limit-beyond-factor",
  "probe-handler",
  "min-replicas-lowered",
  "lifecycle-hook",
  "host-port",
  "sync-phase",
];

/** In a repair of text these are what the commit wanted: what it does beside the broken line is judged by text/effect.ts. */
const WANTED: readonly string[] = ["image-repository", "command-changed"];

/**
 * What says only that something is there, or what it does without. Of a container or an object that came with the commits since the last good revision, which a
 * repair of text leaves as they are, these are the commits' own; what is dangerous by itself is not among them.
 */
const LACKING: ReadonlySet<string> = new Set([
  ...["container", "replicas-lowered", "quality-of-service", "limit-missing", "probe-missing", "digest-missing"],
  ...["privilege-escalation", "capabilities-kept", "root-allowed", "user-open", "seccomp-unset", "writable-root", "host-users", "token-mounted"],
]);

/**
 * A repair of text never touches a line in a document of such a kind (text/scope.ts): what is different there since the last good revision is the commit's
 * own.
 */
const UNTOUCHED: readonly string[] = ["budget"];

export interface RenderedTrees {
  before: readonly KubeObject[];
  after: readonly KubeObject[];
  lastGood?: readonly KubeObject[];
}

export interface Leniency {
  failureClass: FailureClass;
  bounds: Bounds;
  isText?: boolean;
  /** What a person changed on purpose: as in a repair of text, images, commands and removals are what they wanted. */
  isWanted?: boolean;
}

export function notWorse(
  changed: readonly ChangedObject[],
  trees: RenderedTrees,
  { failureClass, bounds, isText = false, isWanted = isText }: Leniency,
): GuardResult {
  const exempt = [...(EXEMPT[failureClass] ?? []), ...(isWanted ? WANTED : []), ...(isText ? UNTOUCHED : [])];
  const counts = ({ rule }: Fact) => !exempt.includes(rule);
  const own = changed.flatMap(({ ref, before, after }) => {
    // That a commit takes an object away is for text/effect.ts to judge.
    if (!after) return isWanted ? [] : [refused("not-worse", "object-removed", `${describeRef(ref)} would vanish.`)];
    return worseThan(before, after, trees, bounds)
      .filter((one) => counts(one) && !(isText && isLackOfNew(one, before)))
      .map((one) => finding(refOf(after), one));
  });
  return { findings: [...own, ...dangling(changed, trees)] };
}

/** Whether what lacks something was not there at all before: the object, or the container of which the fact speaks. */
function isLackOfNew({ rule, where }: Fact, before: KubeObject | undefined): boolean {
  if (rule === "service-account" && where === "default") return !before;
  if (!LACKING.has(rule)) return false;
  return !before || (where !== "" && !containersOf(before).some(({ list, name }) => `${where} `.startsWith(`${list}/${name} `)));
}

function worseThan(before: KubeObject | undefined, after: KubeObject, { before: all, after: now, lastGood = [] }: RenderedTrees, bounds: Bounds): Fact[] {
  const good = lastGood.find((object) => sameRef(refOf(object), refOf(after)));
  const since = (was: KubeObject | undefined, tree: readonly KubeObject[]): Fact[] => [
    ...worseFacts({ object: was, all: tree }, { object: after, all: now }, BOOKS),
    ...(was ? transitions(was, after, bounds) : []),
  ];
  const sinceGood = good ? since(good, lastGood) : [];
  const isBack = (one: Fact) => good !== undefined && BACK.includes(one.rule) && !sinceGood.some(({ rule, where }) => rule === one.rule && where === one.where);
  return since(before, all).filter((one) => !isBack(one));
}

/** Objects that do not change themselves, whose references lead nowhere any more. */
function dangling(changed: readonly ChangedObject[], { before, after }: RenderedTrees): GuardFinding[] {
  if (changed.length === 0) return [];
  return after.flatMap((object) => {
    const ref = refOf(object);
    if (changed.some((one) => sameRef(one.ref, ref))) return [];
    return worseFacts({ object, all: before }, { object, all: after }, [references]).map((one) => finding(ref, one));
  });
}

function finding(ref: ObjectRef, { rule, message, where }: Fact): GuardFinding {
  return refused("not-worse", rule, `${describeRef(ref)}: ${message}, which it was not before.`, { object: ref, path: where });
}
