import { listAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { expansionOf } from "../source/meant/expansion.ts";
import type { Grounds } from "./grounds.ts";
import { findTarget } from "./target-match.ts";

/** Whether a variable's references to what is defined only after it are written out, by the container's own list as it is rendered, and nothing else. */
export function isWrittenOut({ input, object }: Grounds, { path, after }: FieldChange, name: string): boolean {
  const target = findTarget(input.rendered, object);
  const env = target && path.at(-3) === "env" ? listAt(getIn(target, path.slice(0, -3)), "env") : [];
  return expansionOf(name, env)?.after === after && after !== undefined;
}
