import type { Json } from "../cluster/objects.ts";
import { linesOf } from "../source/edit/hunks.ts";
import { applyChanges, differences, isProgress } from "../source/plan/differences.ts";
import { changedLines } from "../source/plan/text-parts.ts";
import { withoutPlus } from "../source/slips/template-plus.ts";
import { isTemplate, quotedAction, quotedWhole } from "../source/slips/template-quotes.ts";
import { reworded, wordsBetween } from "../source/slips/template-words.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { entryPlaces, type TemplateLines } from "./template-entries.ts";
import { expressionPlaces } from "./template-expressions.ts";

/** Renderings that the search may cost. */
const TRIES = 24;

/**
 * The templates of a chart with other words where they write out what is to change, with whole entries more or less, or with `| quote` where they write a number or a
 * boolean that has to be a text: with them exactly the wanted fields change. Undefined where no line does it, or where it would change what others make of the chart.
 */
export async function editTemplate(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const wanted = applyChanges(input.rendered, changes);
  if (!Array.isArray(wanted)) return undefined;
  const scalars = changes.filter(isScalar);
  const lines = [...(await editable(input, scalars)), ...(await entryPlaces(input, wanted)), ...(await expressionPlaces(input, scalars))];
  let remaining = differences(input.rendered, wanted);
  let chosen: TemplateLines[] = [];
  for (const line of lines.slice(0, TRIES)) {
    if (remaining.size === 0) break;
    const outcome = await input.workspace.renderWith(filesWith([...chosen, line]));
    const left = outcome.kind === "rendered" ? differences(outcome.objects, wanted) : undefined;
    if (!left || !isProgress(remaining, left)) continue;
    chosen = [...chosen, line];
    remaining = left;
  }
  const files = filesWith(chosen);
  return remaining.size === 0 && files.length > 0 && (await input.workspace.alsoAffects(files)).length === 0 ? files : undefined;
}

function isScalar({ before, after }: ObjectChange): boolean {
  return [before, after].every((value) => ["string", "number", "boolean"].includes(typeof value));
}

/** A number in place of a name is no name in quotes: a list, perhaps, of which the template counts the items. */
function isMadeText({ path, before, after }: ObjectChange): boolean {
  return path.at(-1) !== "name" && typeof before !== "string" && after === String(before);
}

/** Go writes a float of seven digits before its point with an exponent (strconv, %v). */
function isLarge({ before }: ObjectChange): boolean {
  return typeof before === "number" && Number.isInteger(before) && Math.abs(before) >= 1e6;
}

/** A version's build in a label of its chart. */
function isPlusSign({ before, after }: ObjectChange): boolean {
  return typeof before === "string" && before.includes("+") && before.replaceAll("+", "_") === after;
}

/** The lines of templates that may say what is to change, those first that name its key. */
async function editable({ workspace }: DiagnosisInput, changes: readonly ObjectChange[]): Promise<TemplateLines[]> {
  if (changes.length === 0) return [];
  const { files } = await readTextBasis(workspace, undefined);
  const places = files.flatMap(({ path, text }) => {
    if (text === undefined || !isTemplate(path)) return [];
    return linesOf(text).flatMap((line, at) =>
      changes.flatMap((change) => formsOf(line, change).map((one): TemplateLines => ({ path, text, at, count: 1, lines: one }))),
    );
  });
  const keys = changes.map(({ path }) => String(path.at(-1)));
  const isNamed = ({ lines }: TemplateLines) => keys.some((key) => lines.includes(`${key}:`));
  return [...places.filter(isNamed), ...places.filter((place) => !isNamed(place))];
}

function formsOf(line: string, change: ObjectChange): string[] {
  const [before, after] = [wordOf(change.before), wordOf(change.after)];
  const lines = changedLines(before, after);
  const forms = isMadeText(change)
    ? [isLarge(change) ? quotedWhole(line) : quotedAction(line)]
    : isPlusSign(change)
      ? [withoutPlus(line)]
      : lines
        ? lines.map(([was, is]) => rewordedLine(line, was, is))
        : wordings(before, after).map(([wrong, right]) => reworded(line, wrong, right));
  return [...new Set(forms.flatMap((form) => form ?? []))];
}

/** A line of a text in a template (a ConfigMap's file), with the one word that differs in the text. What stands before the word tells lines apart. */
function rewordedLine(line: string, was: string, is: string): string | undefined {
  const { wrong, right } = wordsBetween(was.trim(), is.trim());
  const head = was.trim().split(wrong)[0] ?? "";
  return head !== "" && !line.includes("{{") && !line.trim().startsWith(head) ? undefined : reworded(line, wrong, right);
}

function wordOf(value: Json | undefined): string {
  return value === undefined ? "" : String(value);
}

/** What a template may write out of a value: all of it, or what is left of it behind or before an action (`{{ .Release.Name }}-config`). */
function wordings(before: string, after: string): [wrong: string, right: string][] {
  const [old, now] = [before, after].map((text) => text.split(/(?=[-./_:])/)) as [string[], string[]];
  const head = old.findIndex((part, i) => part !== now[i]);
  const whole: [string, string] = [before, after];
  if (head < 1 || now[head] === undefined) return [whole];
  return [whole, [old.slice(head).join(""), now.slice(head).join("")]];
}

function filesWith(places: readonly TemplateLines[]): FileChange[] {
  return [...new Set(places.map(({ path }) => path))].flatMap((path) => {
    const own = places.filter((place) => place.path === path);
    const [first] = own;
    if (!first) return [];
    const lines = linesOf(first.text);
    for (const { at, count, lines: others } of own.toSorted((a, b) => b.at - a.at)) lines.splice(at, count, others);
    return [{ path, before: first.text, after: lines.join("") }];
  });
}
