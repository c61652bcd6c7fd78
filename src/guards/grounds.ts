import type { Json, KubeObject, ObjectRef } from "../cluster/objects.ts";
import type { EvidenceKind } from "../evidence/evidence.ts";
import { type FieldChange, getIn, sameJson } from "../source/edit/field-path.ts";
import { alignedPath } from "../source/meant/aligned-path.ts";
import type { GateInput } from "./gate.ts";
import { namesToken } from "./nearness.ts";
import { findTarget, predecessorOf } from "./target-match.ts";

/** What is wrong with a value, or undefined. */
export type Objection = { rule: string; message: string } | undefined;

export function objection(rule: string, message: string): Objection {
  return { rule, message };
}

/** What a new value can be based on. `before` and `after` are the whole object (or patch) with and without the changes. */
export interface Grounds {
  input: GateInput;
  object: ObjectRef;
  before: Json;
  after: Json;
  changes: readonly FieldChange[];
  /** Whether this is a manifest or patch in git, which others may complete, and not what is rendered. */
  isDocument?: true;
  /** The object at the last good revision. */
  lastGood: KubeObject | undefined;
}

export function groundsFor(input: GateInput, object: ObjectRef, values: Pick<Grounds, "before" | "after" | "changes" | "isDocument">): Grounds {
  const lastGood = input.lastGood ?? [];
  return { input, object, ...values, lastGood: findTarget(lastGood, object) ?? predecessorOf(lastGood, input.rendered, findTarget(input.rendered, object)) };
}

/** Whether the change puts back what the last good revision had at this path: the best ground there is. */
export function isFromHistory({ lastGood, input, object }: Grounds, { path, after }: FieldChange): boolean {
  const then = lastGood && alignedPath(lastGood, findTarget(input.rendered, object) ?? lastGood, path);
  return lastGood !== undefined && then !== undefined && sameJson(getIn(lastGood, then), after);
}

/** Whether evidence of these kinds (any, without) names this word. */
export function evidenceNames({ input }: Grounds, token: string, ...kinds: readonly EvidenceKind[]): boolean {
  return input.evidence.items.some(({ kind, text }) => (kinds.length === 0 || kinds.includes(kind)) && namesToken(text, token));
}

/** What was logged, line by line; of one container, where it is named. */
export function loggedLines({ input }: Pick<Grounds, "input">, container?: string): string[] {
  const logs = input.evidence.items.filter((item) => item.kind === "log" && (container === undefined || item.container === container));
  return logs.flatMap(({ text }) => text.split("\n"));
}

/** What a text names in the form of variables. */
export function variablesIn(text: string): string[] {
  return text.match(/\b[A-Z][A-Z0-9_]{2,60}\b/g) ?? [];
}

/** What logs name in the form of variables, each once. */
export function loggedVariables({ evidence }: Pick<GateInput, "evidence">): string[] {
  return [...new Set(evidence.items.flatMap(({ kind, text }) => (kind === "log" ? variablesIn(text.slice(0, 20_000)) : [])))];
}

/** The value that the field has in the rendered object now, where the document at hand (a patch) does not say it. */
export function baselineOf({ input, object }: Grounds, change: FieldChange): Json | undefined {
  if (change.before !== undefined) return change.before;
  const rendered = findTarget(input.rendered, object);
  return rendered && getIn(rendered, change.path);
}

/** Objects that the delivery renders, now or at the last good revision. */
export function rendered({ input }: Grounds, ...kinds: readonly string[]): KubeObject[] {
  return [...input.rendered, ...(input.lastGood ?? [])].filter(({ kind }) => kinds.includes(kind));
}
