import type { FieldPath, Segment } from "../source/edit/field-path.ts";

type Step = { kind: "key"; key: string } | { kind: "any-key" } | { kind: "any-item" } | { kind: "item"; name: string };

/** A set of paths of an object that a fix may change. */
export interface PathPattern {
  /** As it was written, for reports. */
  readonly text: string;
  readonly steps: readonly Step[];
  /** Whether everything below is meant as well. */
  readonly deep: boolean;
}

/**
 * Reads a pattern such as `spec.template.spec.containers[C].args.**`: keys by dots, `*` any one key, `[*]` any item of a list,
 * `[C]` the item whose name is `container` (any item where none is given), and `.**` at the end for the value and all below it.
 */
export function pathPattern(text: string, container?: string): PathPattern {
  const deep = text.endsWith(".**");
  const steps = (deep ? text.slice(0, -3) : text).split(".").flatMap((part) => stepsOf(part, container));
  return { text, steps, deep };
}

function stepsOf(part: string, container: string | undefined): Step[] {
  const item = part.endsWith("[*]") ? "[*]" : part.endsWith("[C]") ? "[C]" : "";
  const key = item === "" ? part : part.slice(0, -item.length);
  const first: Step = key === "*" ? { kind: "any-key" } : { kind: "key", key };
  if (item === "") return [first];
  return [first, item === "[C]" && container !== undefined ? { kind: "item", name: container } : { kind: "any-item" }];
}

export function matchesPattern(pattern: PathPattern, path: FieldPath): boolean {
  if (pattern.deep ? path.length < pattern.steps.length : path.length !== pattern.steps.length) return false;
  return pattern.steps.every((step, i) => {
    const segment = path[i];
    return segment !== undefined && matchesStep(step, segment);
  });
}

/** Whether what a pattern means lies below this path. */
export function leadsTo(pattern: PathPattern, path: FieldPath): boolean {
  return path.length < pattern.steps.length && path.every((segment, i) => matchesStep(pattern.steps[i] as Step, segment));
}

function matchesStep(step: Step, segment: Segment): boolean {
  if (step.kind === "key") return segment === step.key;
  if (step.kind === "any-key") return typeof segment === "string";
  if (step.kind === "any-item") return typeof segment !== "string";
  return typeof segment === "object" && segment.key === "name" && segment.value === step.name;
}
