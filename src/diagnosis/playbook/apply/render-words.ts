import type { Hunk } from "../../../source/edit/hunks.ts";
import { withoutUnit } from "../../../source/slips/retyped-value.ts";
import { isPlainYaml } from "../../../source/slips/text-basis.ts";
import type { DiagnosisInput } from "../../diagnosis.ts";
import type { Fault } from "../../unrenderable/fault.ts";
import { isOfMerge } from "../../unrenderable/says-nothing.ts";
import type { TextRepair } from "../../unrenderable/text-repair.ts";
import { shown } from "../entry.ts";

/** What keeps a source from being rendered, in one sentence with file and line; `core` is the renderer's own complaint. */
export function causeOf({ how, files, hunks, reference }: TextRepair, fault: Fault | undefined, core: string): string {
  const [first] = hunks;
  if (!first) return `The manifests cannot be built: ${shown(core)}.`;
  const [start, end] = [first.at + 1, (hunks.at(-1)?.at ?? first.at) + 1];
  const place = `Line ${start} of ${first.path}`;
  if (how === "depth")
    return `${start === end ? `${place} is` : `Lines ${start} to ${end} of ${first.path} are`} indented so that what is said there belongs to something else: ${shown(core)}.`;
  if (how === "layout" && hunks.length > 1) return `Lines ${start} to ${end} of ${first.path} are indented wrongly, so that the file is no valid YAML.`;
  if (reference)
    return `${place} refers to ${reference.kind} ${reference.wrong}, which does not exist${reference.isRename ? " under that name any more" : ""}.`;
  const isGone = files.some(({ path, before }) => path === first.path && before === undefined);
  if (isGone) return `File ${first.path} was deleted, and the manifests cannot be built without it: ${shown(core)}.`;
  const wrong = first.before.join("");
  if (first.before.length === 1 && wrong.trim() === first.after.join("").trim()) {
    const what = /^ *\t/.test(wrong) ? "is indented with a tab" : "is indented wrongly";
    return `${place} ${what}, so that the file is no valid YAML.`;
  }
  if (first.before.some(isOfMerge)) return `${place} has the marks of a merge that nobody finished, so that the file is no valid YAML.`;
  if (how === "key") return `${place} has another key now, which nothing reads, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "leftover" && first.before.length === 0)
    return `A patch at ${place.toLowerCase()} adds to a list or map that does not exist, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "leftover" && first.after.length > 0)
    return `${place} patches an item of a list by its number, which is another one since the commit ${movesOn(first) ? "put one before it" : "took one away"}, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "leftover") return `${place} patches what the commit took away, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "punctuation") return `${place} ${lackOf(first.before[0] ?? "", first.after[0] ?? "")}: ${shown(core)}.`;
  if (how === "quotes") {
    const lack = isOpen(first) ? "a text that begins with a quotation mark and does not end with one" : "a value that needs quotes and has none";
    return `${place} has ${lack}, so that the file is no valid YAML.`;
  }
  if (how === "type") return `${place} has ${typesOf(first)}, and the manifests cannot be built since: ${shown(core)}.`;
  if (how === "word") return `${place} has a word that the chart's schema does not list, and the manifests cannot be built: ${shown(core)}.`;
  if (how === "block") return `A block of the template ${first.path} that ends before line ${first.at + 1} has no end: ${shown(core)}.`;
  if (how === "action") return `${place} has a slip in an action of the template: ${shown(core)}.`;
  if (how === "name") return `${place} names something that does not exist: ${shown(core)}.`;
  if (how === "component") return `${first.path} and a list of kustomize do not agree on whether a folder is a component: ${shown(core)}.`;
  if (how === "generator" && first.before.length === 0)
    return `A generator at ${place.toLowerCase()} makes a ConfigMap that its base makes already, and does not say that it is merged into that: ${shown(core)}.`;
  if (how === "generator") return `${place} merges settings into a generator that its base does not have any more: ${shown(core)}.`;
  if (how === "value") return `${place} sets a value where no template reads it, and where it is read there is none: ${shown(core)}.`;
  if (how === "needed")
    return `A value at ${place.toLowerCase()} stands elsewhere since the commit, and a template still reads it where it was: ${shown(core)}.`;
  if (how === "doubled") return `${first.path} has one key twice in the same place, which kustomize does not read.`;
  if (how === "listing") return `${place} is no entry that kustomize takes there: ${shown(core)}.`;
  if (how === "layout") return `${place} is indented wrongly, so that the file is no valid YAML.`;
  if (fault?.file === first.path && isPlainYaml(first.path)) {
    return `${place} keeps the manifests from being built: ${shown(fault.words)}.`;
  }
  const gone = `${first.after.length === 1 ? "A line is" : `${first.after.length} lines are`} gone at line ${first.at + 1} of ${first.path}`;
  const change = first.before.length === 0 ? gone : `${place} changed`;
  return `${change}, and the manifests cannot be built since: ${shown(core)}.`;
}

/** Whether all that comes is the closing quotation mark. */
function isOpen({ before, after }: Pick<Hunk, "before" | "after">): boolean {
  const count = (lines: readonly string[]) => lines.join("").split(/["']/).length;
  return count(after) === count(before) + 1;
}

/** Whether a patch is led to an item further on in its list. */
function movesOn({ before, after }: Pick<Hunk, "before" | "after">): boolean {
  const [from = [], to = []] = [before, after].map((lines) => lines.join("").match(/\/\d+(?=\/|\s|$)/g) ?? []);
  return to.some((step, i) => Number(step.slice(1)) > Number(from[i]?.slice(1)));
}

function typesOf({ after }: Hunk): string {
  return /["']/.test(after.join("")) ? "a number or a boolean where a text is asked for" : "a text where a number or a boolean is asked for";
}

function lines(count: number): string {
  return count === 1 ? "a line" : `${count} lines`;
}

/** What changes, a line for each place. */
export function wordsOf({ how, files, hunks, reference }: TextRepair, { lastGood }: DiagnosisInput): string[] {
  return hunks.slice(0, 20).map(({ path, at, before, after }) => {
    const isNamed = reference !== undefined && before.some((line) => line.split(/[^\w./-]+/).includes(reference.wrong));
    if (reference && files.length > 1 && !isNamed)
      return `Write line ${at + 1} of ${path} as ${shown(after.join("").trim())}: what it names has that name now, too`;
    if (reference) return `Refer to ${reference.right} instead of ${reference.wrong} in ${path}`;
    if (how === "key") return `Give line ${at + 1} of ${path} its old key again: ${shown(after.join("").trim())}; its value stays`;
    if (how === "quotes" && isOpen({ before, after })) return `Close the text in line ${at + 1} of ${path} with its quotation mark`;
    if (how === "quotes") return `Put the value in line ${at + 1} of ${path} into quotes: it then says what was written`;
    if (how === "type" && withoutUnit(before.join("")) === after.join("")) return `Write line ${at + 1} of ${path} without the unit, which its key has already`;
    if (how === "type") return `Write line ${at + 1} of ${path} ${/["']/.test(after.join("")) ? "with" : "without"} quotes: its value stays`;
    if (how === "leftover" && before.length === 0) return `Let the patch at line ${at + 1} of ${path} make what it adds to`;
    if (how === "leftover" && after.length > 0)
      return `Lead the patch at line ${at + 1} of ${path} to the same item as before: ${movesOn({ before, after }) ? "another one stands before it now" : "one that stood before it is gone"}`;
    if (how === "leftover") return `Take ${lines(before.length)} at line ${at + 1} of ${path} out: what they patch is gone`;
    if (how === "punctuation" || how === "action") return `Write line ${at + 1} of ${path} as ${shown(after.join("").trim())}`;
    if (how === "word") return `Write line ${at + 1} of ${path} as ${shown(after.join("").trim())}: the only word of the schema's that is almost the same`;
    if (how === "block") return `Put ${shown(after.join("").trim())} before line ${at + 1} of ${path}: what stands in the block stays`;
    if (how === "name") return `Write line ${at + 1} of ${path} as ${shown(after.join("").trim())}: the only name like it that exists`;
    if (how === "component" && after.length > 0)
      return `Write line ${at + 1} of ${path} as ${shown(after.map((one) => one.trim()).join(", "))}, so that kustomize takes the folder`;
    if (how === "generator" && before.length === 0) return `Merge the generator at line ${at + 1} of ${path} into that of its base: what only that says stays`;
    if (how === "generator") return `Take line ${at + 1} of ${path} out: the generator has every key itself`;
    if (how === "value") return `Set the value at line ${at + 1} of ${path} where the templates read it; what is set stays`;
    if (how === "needed") return `Set the value at line ${at + 1} of ${path} also where it was: other templates read it there`;
    if (how === "doubled" && after.length === 0) return `Take ${lines(before.length)} at line ${at + 1} of ${path} out: the key stands there already`;
    if (how === "doubled") return `Put ${lines(after.length)} before line ${at + 1} of ${path}, to what the same key holds there already`;
    if (how === "listing" && after.length === 0) return `Take ${lines(before.length)} at line ${at + 1} of ${path} out: another entry brings the same`;
    if (how === "listing") return `Write line ${at + 1} of ${path} as ${shown(after.map((one) => one.trim()).join(", "))}: the form that kustomize takes there`;
    if (how === "layout" || how === "depth") return `Indent line ${at + 1} of ${path} as its neighbours are; nothing but white space changes`;
    const last = at + Math.max(before.length, 1);
    const where = before.length > 1 ? `lines ${at + 1} to ${last}` : `line ${at + 1}`;
    const as = `as ${lastGood ? lastGood.commit.slice(0, 8) : "the last good revision"} has it`;
    if (files.some((file) => file.path === path && file.before === undefined)) return `Put ${path} back ${as}`;
    if (before.length === 0) return `Put ${lines(after.length)} back at ${where} of ${path}, ${as}`;
    return after.length === 0 ? `Take ${where} of ${path} out again, ${as}` : `Put ${where} of ${path} back ${as}`;
  });
}

/** What one character more, or one less, says of a line. */
function lackOf(before: string, after: string): string {
  if (after.length < before.length) return "has a blank inside of an image";
  if (after.trimEnd().endsWith(",") && !before.trimEnd().endsWith(",")) return "lacks the comma behind an entry";
  return /^\s*- /.test(after) ? "lacks the dash of an item" : "lacks the space behind a colon";
}
