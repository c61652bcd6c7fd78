// What a chart's template writes out: a number or a boolean where a text has to be gets `| quote`, one word takes another's place, entries come or go, and one value
// is computed as the name is that it stands for.
import { describeRef } from "../../cluster/objects.ts";
import { type FieldChange, formatPath } from "../../source/edit/field-path.ts";
import { entryWords, hasOtherEntries } from "../../source/slips/template-entries.ts";
import { hasOtherExpression } from "../../source/slips/template-expressions.ts";
import { isQuotedTemplate, isTemplate } from "../../source/slips/template-quotes.ts";
import { isRewordedTemplate, newWords } from "../../source/slips/template-words.ts";
import { isFixable } from "../class-paths.ts";
import type { GateInput, MadeChange } from "../gate.ts";
import type { ChangedObject } from "../rendered-diff.ts";
import { type GuardFinding, refused } from "../report.ts";
import type { TracedFile } from "./trace.ts";

type Subject = Pick<GateInput, "proposal" | "rendered" | "texts">;

const CLASSES: readonly string[] = ["invalid-manifest", "helm-failed"];

/** Whether all that a repair changes is that templates of a source that renders pipe values through `quote`. */
export function isTemplateQuoting(input: Subject): boolean {
  return CLASSES.includes(input.proposal.failureClass) && areTemplates(input, isQuotedTemplate);
}

/**
 * Whether all that a repair changes is single words of templates, whole entries of plain YAML, or how one value is computed, of a source that renders. What they are,
 * and what they may be, is judged on the rendered objects, like a value of the chart.
 */
export function isTemplateWriting(input: Subject): boolean {
  const isEither = (path: string, before: string | undefined, after: string) => isRewordedTemplate(path, before, after) || hasOtherEntries(path, before, after);
  return isFixable(input.proposal.failureClass) && (areTemplates(input, isEither) || isTemplateExpression(input));
}

/** Whether one line of one template changes, which computes its value otherwise. */
export function isTemplateExpression({ proposal, rendered, texts }: Subject): boolean {
  const [file, ...more] = proposal.files ?? [];
  const templates = (texts?.files ?? []).flatMap(({ path, text }) => (isTemplate(path) && text !== undefined ? [text] : []));
  return rendered.length > 0 && file !== undefined && more.length === 0 && hasOtherExpression(file.path, baseOf({ texts }, file.path), file.text, templates);
}

/** Whether entries come to this template, or go from it. */
export function isTemplateEntry({ texts }: Subject, { path, text }: { path: string; text: string }): boolean {
  const before = baseOf({ texts }, path);
  return hasOtherEntries(path, before, text) && !isRewordedTemplate(path, before, text);
}

/** Whether every file of a repair is a template that changes in this way, of a source that renders. */
function areTemplates({ proposal, rendered, texts }: Subject, isWay: typeof isQuotedTemplate): boolean {
  const files = proposal.files ?? [];
  const isOne = ({ path, text }: { path: string; text: string }) => isWay(path, baseOf({ texts }, path), text);
  return rendered.length > 0 && files.length > 0 && files.every(isOne);
}

function baseOf({ texts }: { texts: Subject["texts"] }, path: string): string | undefined {
  return texts?.files.find((file) => file.path === path)?.text;
}

/** Words that show nowhere in what changes, be it the name of a field: a branch of a template that this delivery does not render may mean something to others. */
export function unseenWords(traced: readonly TracedFile[], changed: readonly ChangedObject[]): GuardFinding[] {
  const shown = changed.flatMap(({ changes }) =>
    changes.map((change) => `${formatPath(change.path)} ${JSON.stringify([change.before ?? null, change.after ?? null])}`),
  );
  return traced.flatMap(({ path, before = "", after, ground }) =>
    (ground === "entry" ? entryWords(path, before, after) : isRewordedTemplate(path, before, after) ? newWords(before, after) : [])
      .map((word) => word.replace(/:$/, ""))
      .filter((word) => !shown.some((text) => text.includes(word)))
      .map((word) => refused("blast-radius", "unseen-word", `${path} says ${JSON.stringify(word)} otherwise now, which changes nothing that is rendered.`)),
  );
}

/** Against the base, which renders, nothing differs but that numbers and booleans are the texts of the same characters. */
export function beyondQuotes({ before: base }: MadeChange, changed: readonly ChangedObject[] | undefined): GuardFinding[] {
  if (base.kind !== "rendered" || !changed)
    return [refused("blast-radius", "unexplained", "The base does not render, so that nobody can say what the quotes change.")];
  if (changed.length === 0) return [refused("blast-radius", "no-effect", "The quotes change nothing that is rendered.")];
  return changed
    .filter(({ before, after, changes }) => !before || !after || !changes.every(isMadeText))
    .map(({ ref }) => refused("blast-radius", "unexplained", `${describeRef(ref)} would differ in more than the quotes around its values.`));
}

/** Not of a name: a number there is the position in a list, where the chart wanted a map. */
function isMadeText({ path, before, after }: FieldChange): boolean {
  return path.at(-1) !== "name" && (typeof before === "number" || typeof before === "boolean") && after === String(before);
}
