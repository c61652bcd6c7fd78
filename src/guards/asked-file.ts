import { objectAt } from "../cluster/objects.ts";
import type { FieldChange } from "../source/edit/field-path.ts";
import { askedFile } from "../source/meant/asked-file.ts";
import { type Grounds, loggedLines } from "./grounds.ts";
import { filesNamed } from "./mounted-file.ts";
import { containersOf, podSpecOf } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a file of a ConfigMap gets the name by which the failing workload asks for it in vain (source/meant/asked-file.ts): all that it says comes, and goes where it
 * was.
 */
export function isCalledAsAsked({ input, object, after }: Grounds, { path }: FieldChange): boolean {
  const workload = findTarget(input.rendered, input.target);
  if (object.kind !== "ConfigMap" || path[0] !== "data" || path.length !== 2 || !workload) return false;
  const now = objectAt(after, "data");
  return containersOf(workload).some(({ name, container }) =>
    loggedLines({ input }, name).some((line) =>
      filesNamed(line.slice(0, 1000)).some((file) => {
        const asked = askedFile(podSpecOf(workload), container, file, input.rendered);
        if (asked?.map.name !== object.name || ![asked.from, asked.to].includes(String(path[1]))) return false;
        return now[asked.to] === asked.text && !Object.hasOwn(now, asked.from);
      }),
    ),
  );
}
