import { type Json, listAt } from "../cluster/objects.ts";
import { expansionOf } from "../source/expansion.ts";
import { type FieldChange, getIn } from "../source/field-path.ts";
import type { Grounds } from "./grounds.ts";
import { findTarget } from "./target-match.ts";

/** Whether a variable's references to what is defined only after it are written out, by the container's own list as it is rendered, and nothing else. */
export function isWrittenOut({ input, object }: Grounds, { path, after }: FieldChange, name: string): boolean {
  const container: Json | undefined = getIn(findTarget(input.rendered, object) ?? null, path.slice(0, -3));
  const expansion = expansionOf(name, listAt(container ?? null, "env"));
  return path.at(-3) === "env" && expansion !== undefined && expansion.after === after;
}
