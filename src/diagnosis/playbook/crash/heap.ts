import type { Json } from "../../../cluster/objects.ts";
import { type FieldChange, sameJson } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { CONFIDENCE, escalate, place, restoring } from "../entry.ts";
import { isRun } from "../settings/named-by-log.ts";
import { putBackItems } from "./arguments.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

/** Runtimes that reached the limit which they were given for themselves, or do not understand it. */
const SAID =
  /heap out of memory|Reached heap limit|java\.lang\.OutOfMemoryError|GC overhead limit exceeded|Invalid (?:maximum|initial) heap size|Too small (?:maximum|initial) heap|Initial heap size set to a larger value|Incompatible (?:minimum|initial) and maximum heap sizes|Could not reserve enough space|memory limit exceeded by the runtime/i;
/** Options that set it: of the JVM, of V8, of Go. */
const OPTION = /-Xm[xs]\d|-XX:(?:Max|Min|Initial)(?:RAM|Heap|Metaspace|Direct)|max[-_]old[-_]space[-_]size|max[-_]semi[-_]space|GOMEMLIMIT/i;

/** It does not take the limit as it is written, and has not filled its heap. */
const MISREAD =
  /Invalid (?:maximum|initial) heap size|Too small (?:maximum|initial) heap|Initial heap size set to|Incompatible (?:minimum|initial)|Could not reserve/i;
const AMOUNT = /(?:-Xmx|space[-_]size["\s,=:]{1,4}|(?:Max|Metaspace|Direct)\w*(?:Size|Percentage)=|^)(\d{1,12})(?:\.\d+)?([kmgt]?)/i;

/** A heap that is full although it was made larger is not served by less. */
function wasRaised({ before, after }: FieldChange): boolean {
  const [then, now] = [amountIn(before), amountIn(after)];
  return then !== undefined && now !== undefined && now > then;
}

function amountIn(value: Json | undefined): number | undefined {
  const [, digits, unit = ""] = AMOUNT.exec(typeof value === "string" ? value : JSON.stringify(value ?? null)) ?? [];
  return digits === undefined ? undefined : Number(digits) * 1024 ** " kmgt".indexOf(unit.toLowerCase() || " ");
}

/** The runtime's own limit of memory changed, and the runtime says that this is the trouble: not the kernel's limit, nor the release of the same commit. */
export function heapLimit(crashCase: CrashCase): Finding | undefined {
  const { log, changed, past, statement } = crashCase;
  const line = log.findLast(({ text }) => SAID.test(text.slice(0, 500)));
  const isFull = line !== undefined && !MISREAD.test(line.text.slice(0, 500));
  const all = changed.filter((change) => isRun(change.path) && change.path.at(-1) !== "image" && setsLimit(change));
  const options = all.filter((change) => !(isFull && wasRaised(change)));
  if (!past || !line || all.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} has a limit for its heap that its runtime cannot work with.`;
  if (options.length === 0) {
    const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely });
    return escalate(
      said,
      "its heap was made larger already, and is full",
      "Find what fills the heap, or give it more, with a memory limit that has room for it.",
    );
  }
  const isOption = (item: Json) => OPTION.test(JSON.stringify(item));
  return restoring(
    withLine(crashCase, line, { ...statement, rootCause }),
    past,
    options.map((change) => ({ ...change, before: putBackOptions(change) ?? putBackItems(change, isOption) })),
  );
}

/** Of options in one text, as in JAVA_TOOL_OPTIONS, those that set the heap go back; the others of the same commit stay. Undefined where that is not all. */
function putBackOptions({ before, after }: FieldChange): string | undefined {
  const [then, now] = [before, after].map((value) => (typeof value === "string" && value.includes(" ") ? value.split(" ") : undefined));
  if (!then || !now) return undefined;
  const earlier = (word: string) => then.find((one) => OPTION.test(one) && optionName(one) === optionName(word));
  const back = now.map((word) => (OPTION.test(word) ? earlier(word) : word));
  const words = back.filter((word) => word !== undefined);
  return words.length < now.length || sameJson(words, now) ? undefined : words.join(" ");
}

/** `-Xmx` of `-Xmx96m`, `--max-old-space-size` of `--max-old-space-size=96`. */
function optionName(word: string): string {
  return word.replace(/=.*$|\d.*$/, "");
}

function setsLimit({ path, before, after }: FieldChange): boolean {
  const name = path.map((segment) => (typeof segment === "object" ? segment.value : "")).join(" ");
  return OPTION.test(`${name} ${JSON.stringify([before ?? null, after ?? null])}`);
}
