import type { Json } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { putBackItems } from "./arguments.ts";
import { type CrashCase, withLine } from "./crash-case.ts";
import { place, restoring } from "./entry.ts";
import { isRun } from "./variables.ts";

/** Runtimes that reached the limit which they were given for themselves, or do not understand it. */
const SAID =
  /heap out of memory|Reached heap limit|java\.lang\.OutOfMemoryError|GC overhead limit exceeded|Invalid (?:maximum|initial) heap size|Too small (?:maximum|initial) heap|memory limit exceeded by the runtime/i;
/** Options that set it: of the JVM, of V8, of Go. */
const OPTION = /-Xm[xs]\d|-XX:(?:Max|Min|Initial)(?:RAM|Heap|Metaspace|Direct)|max[-_]old[-_]space[-_]size|max[-_]semi[-_]space|GOMEMLIMIT/i;

/** The runtime's own limit of memory changed, and the runtime says that this is the trouble: not the kernel's limit, nor the release of the same commit. */
export function heapLimit(crashCase: CrashCase): Finding | undefined {
  const { log, changed, past, statement } = crashCase;
  const line = log.findLast(({ text }) => SAID.test(text.slice(0, 500)));
  const options = changed.filter((change) => isRun(change.path) && change.path.at(-1) !== "image" && setsLimit(change));
  if (!past || !line || options.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} has a limit for its heap that its runtime cannot work with.`;
  const isOption = (item: Json) => OPTION.test(JSON.stringify(item));
  return restoring(
    withLine(crashCase, line, { ...statement, rootCause }),
    past,
    options.map((change) => ({ ...change, before: putBackItems(change, isOption) })),
  );
}

function setsLimit({ path, before, after }: FieldChange): boolean {
  const name = path.map((segment) => (typeof segment === "object" ? segment.value : "")).join(" ");
  return OPTION.test(`${name} ${JSON.stringify([before ?? null, after ?? null])}`);
}
