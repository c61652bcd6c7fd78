import type { KubeObject } from "../../../cluster/objects.ts";
import { milli } from "../../../cluster/quantity.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import { changedBelow, type Past } from "../../history.ts";
import type { ContainerAt } from "../../workload.ts";

/** A program that gets half the time it had, or less, answers late; with a quarter of it, it starts late as well. */
const LATE = { sharesToAnswer: 2n, sharesToStart: 4n };
/** Where nothing limited it before, a tenth of a core or less does (in thousandths). */
const LITTLE = 100n;

/** The limit of CPU that a commit set or cut so far that the program may no longer answer in time: then no probe of it is to blame for asking too early. */
export function throttledSince(past: Past | undefined, now: KubeObject, found: ContainerAt, note: string): FieldChange[] {
  const shares = ANSWERED_LATE.test(note) ? LATE.sharesToAnswer : /connection refused/.test(note) ? LATE.sharesToStart : undefined;
  if (shares === undefined) return [];
  return changedBelow(past, now, [...found.path, "resources", "limits", "cpu"]).filter(({ before, after }) => {
    const [had, has] = [milli(before), milli(after)];
    return has !== undefined && (had === undefined ? before === undefined && has <= LITTLE : had >= has * shares);
  });
}

const ANSWERED_LATE = /deadline exceeded|Client\.Timeout|timed out|i\/o timeout/i;
