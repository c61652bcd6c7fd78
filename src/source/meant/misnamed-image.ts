import { commonEnds } from "../edit/common-ends.ts";
import { imageParts } from "../image-reference.ts";

/**
 * The image that was meant where its name, or its registry's, was misspelt while its tag became another one, or the registry went or stands there twice: the old name
 * with the new tag. Undefined where the names differ by more than a slip of the pen, or where only one of both changed: then nothing tells them apart.
 */
export function underOldName(before: string, after: string): string | undefined {
  const [then, now] = [imageParts(before), imageParts(after)];
  if (then.digest !== undefined || now.digest !== undefined || !isTag(then.tag) || !isTag(now.tag) || then.tag === now.tag) return undefined;
  return isSlip(then.name, now.name) || isAboutRegistry(then.name, now.name) ? `${then.name}:${now.tag}` : undefined;
}

export function isTag(tag: string | undefined): boolean {
  return /^\w[\w.-]{0,127}$/.test(tag ?? "");
}

/** The registry is left out, or another part of the chart puts it in front as well. */
function isAboutRegistry(right: string, wrong: string): boolean {
  const registry = /^(?:[\w-]{1,60}(?:\.[\w-]{1,60}){1,10}(?::\d{1,5})?|[\w-]{1,60}:\d{1,5})\//.exec(right)?.[0];
  return registry !== undefined && (right === registry + wrong || wrong === registry + right);
}

/** One letter too many, too few or another one, or two that changed places. A number that differs is another version. */
function isSlip(right: string, wrong: string): boolean {
  const { head, tail } = commonEnds(right, wrong);
  const [a, b] = [right.slice(head, right.length - tail), wrong.slice(head, wrong.length - tail)];
  if (a === b || /\d/.test(a + b)) return false;
  return Math.max(a.length, b.length) === 1 || (a.length === 2 && b === `${a[1]}${a[0]}`);
}
