// Review: what can be said of a person's change to what a delivery renders. Nothing is put back and nothing has to be grounded, since people may change whatever they like; schema and the team's
// policies refuse, because the cluster or the team would. What is worse than before is remarked only: a person may want that (docs/adr/0010).
import { isObject, type Json, type KubeObject, type ObjectRef, sameRef } from "../cluster/objects.ts";
import type { SchemaBook } from "../cluster/schema-errors.ts";
import type { Bounds } from "../config/bounds.ts";
import type { Policy } from "../config/policies.ts";
import { messageOf } from "../errors.ts";
import { type FieldPath, getIn, listKey, type Segment } from "../source/edit/field-path.ts";
import { notWorse } from "./not-worse.ts";
import { policies } from "./policies.ts";
import { type ChangedObject, changedObjects } from "./rendered-diff.ts";
import type { GuardFinding } from "./report.ts";
import { schema } from "./schema.ts";

/** One finding: `refused` would not work or is not wanted by the team, `remarked` is for people to weigh. */
export interface ReviewFinding {
  verdict: "refused" | "remarked";
  rule: string;
  message: string;
  /** Undefined where it is about no object. */
  object?: ObjectRef;
  /** The field that it is about, or the first one that changed. */
  path: FieldPath;
}

export interface Review {
  changed: ChangedObject[];
  findings: ReviewFinding[];
}

export interface ReviewRules {
  bounds: Bounds;
  policies: readonly Policy[];
  schemas?: SchemaBook;
  /** Of objects that name none. */
  namespace: string;
}

/** Judges what is rendered after a change beside what was rendered before; `before` is undefined where that cannot be rendered. */
export function review(
  before: readonly KubeObject[] | undefined,
  after: readonly KubeObject[],
  { bounds, policies: rules, schemas, namespace }: ReviewRules,
): Review {
  const changed = changedObjects(before ?? [], after);
  // A new object is not worse than anything.
  const known = changed.filter((one) => one.before && one.after);
  const worse = () => (before ? notWorse(known, { before, after }, { failureClass: "unknown", bounds, isWanted: true }).findings : []);
  const invalid = judged("schema", "refused", () => schema(changed, schemas).findings);
  // Of an object that the cluster would not take, nothing else can be told.
  const isInvalid = ({ object }: Judged) => object !== undefined && invalid.some((other) => other.object && sameRef(other.object, object));
  const findings = [
    ...invalid,
    ...judged("policies", "refused", () => policies(rules, changed, namespace).findings),
    ...judged("not-worse", "remarked", worse).filter((one) => !isInvalid(one)),
  ];
  return { changed, findings: findings.map(({ path, ...one }) => ({ ...one, path: fieldOf(one, path, changed) })) };
}

type Judged = Omit<GuardFinding, "verdict"> & Pick<ReviewFinding, "verdict">;

/** What cannot be judged is no fault of the change, and no success either. */
function judged(rule: string, verdict: ReviewFinding["verdict"], judge: () => GuardFinding[]): Judged[] {
  try {
    return judge().map((finding) => ({ ...finding, verdict }));
  } catch (thrown) {
    return [
      {
        guard: "not-worse",
        verdict: "remarked",
        rule: `${rule}-failed`,
        message: `The change could not be judged (${rule}): ${messageOf(thrown).slice(0, 200)}`,
      },
    ];
  }
}

/** The field that a finding is about: what the schema names, else the first changed field of the container that is named, else the first of all. */
function fieldOf({ guard, object, unknown }: Omit<Judged, "path">, where = "", changed: readonly ChangedObject[]): FieldPath {
  const one = changed.find(({ ref }) => object && sameRef(ref, object));
  if (!one) return [];
  if (guard === "schema" && one.after) return [...keyedPath(one.after, where), ...(unknown === undefined ? [] : [unknown])];
  const names = where.split(/[/ ]/);
  const named = one.changes.find(({ path }) => path.some((step) => typeof step === "object" && names.includes(step.value)));
  return (named ?? one.changes[0])?.path ?? [];
}

/** A JSON pointer (RFC 6901) as a path that fits other documents of the same object, where lists may be in another order. */
function keyedPath(object: KubeObject, pointer: string): FieldPath {
  const path: Segment[] = [];
  for (const step of pointer.split("/").slice(1)) {
    const list = getIn(object, path);
    if (!Array.isArray(list)) path.push(step.replaceAll("~1", "/").replaceAll("~0", "~"));
    else path.push(itemStep(list, Number(step)));
  }
  return path;
}

function itemStep(list: readonly Json[], index: number): Segment {
  const [key, item] = [listKey([...list]), list[index]];
  return key && isObject(item) ? { key, value: String(item[key]) } : index;
}
