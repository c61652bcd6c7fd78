import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { followedExpansion, followedVariable } from "../source/meant/followed-expansion.ts";
import type { Grounds } from "./grounds.ts";
import { inContainer } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/** References to variables of the container itself, in its command or in another variable, under their names of today, and nothing else. */
export function isExpansionFollowed({ input, object, lastGood }: Grounds, { path, before, after }: FieldChange): boolean {
  const place = inContainer(object.kind, path);
  const now = findTarget(input.rendered, object);
  const [then, today] = [lastGood, now].map((one) => (one && place ? getIn(one, place.container) : undefined));
  if (!place || typeof before !== "string" || then === undefined || today === undefined || after === undefined) return false;
  const [list, item, field] = place.rest;
  if (list !== "env") return followedExpansion(then, today, before) === after;
  return typeof item === "object" && field === "value" && place.rest.length === 3 && followedVariable(then, today, item.value) === after;
}
