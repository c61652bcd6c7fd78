import { applyChanges, differences, isProgress } from "../source/differences.ts";
import { linesOf } from "../source/hunks.ts";
import { isTemplate, quotedAction } from "../source/template-quotes.ts";
import { readTextBasis } from "../source/text-basis.ts";
import type { FileChange, ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";

/** Renderings that the search may cost. */
const TRIES = 24;

/**
 * The templates of a chart with `| quote` where they write a number or a boolean that has to be a text: with them exactly the wanted fields become texts. Undefined
 * where something else is wanted, or no line does it.
 */
export async function quoteInTemplate(input: DiagnosisInput, changes: readonly ObjectChange[]): Promise<FileChange[] | undefined> {
  const wanted = changes.every(isMadeText) ? applyChanges(input.rendered, changes) : undefined;
  if (!Array.isArray(wanted)) return undefined;
  const lines = await quotable(input, changes);
  let remaining = differences(input.rendered, wanted);
  let chosen: Place[] = [];
  for (const line of lines.slice(0, TRIES)) {
    if (remaining.size === 0) break;
    const outcome = await input.workspace.renderWith(filesWith([...chosen, line]));
    const left = outcome.kind === "rendered" ? differences(outcome.objects, wanted) : undefined;
    if (!left || !isProgress(remaining, left)) continue;
    chosen = [...chosen, line];
    remaining = left;
  }
  return remaining.size === 0 && chosen.length > 0 ? filesWith(chosen) : undefined;
}

/** A line of a template, and what it would be. */
interface Place {
  path: string;
  text: string;
  at: number;
  line: string;
}

/** A number in place of a name is no name in quotes: a list, perhaps, of which the template counts the items. */
function isMadeText({ path, before, after }: ObjectChange): boolean {
  return path.at(-1) !== "name" && (typeof before === "number" || typeof before === "boolean") && after === String(before);
}

/** The lines of templates that may be quoted, those first that name a key that is to change. */
async function quotable({ workspace }: DiagnosisInput, changes: readonly ObjectChange[]): Promise<Place[]> {
  const { files } = await readTextBasis(workspace, undefined);
  const keys = changes.map(({ path }) => String(path.at(-1)));
  const places = files.flatMap(({ path, text }) => {
    if (text === undefined || !isTemplate(path)) return [];
    return linesOf(text).flatMap((line, at): Place[] => {
      const quoted = quotedAction(line);
      return quoted === undefined ? [] : [{ path, text, at, line: quoted }];
    });
  });
  const isNamed = ({ line }: Place) => keys.some((key) => line.includes(`${key}:`));
  return [...places.filter(isNamed), ...places.filter((place) => !isNamed(place))];
}

function filesWith(places: readonly Place[]): FileChange[] {
  return [...new Set(places.map(({ path }) => path))].flatMap((path) => {
    const own = places.filter((place) => place.path === path);
    const [first] = own;
    if (!first) return [];
    const after = linesOf(first.text).map((line, at) => own.find((place) => place.at === at)?.line ?? line);
    return [{ path, before: first.text, after: after.join("") }];
  });
}
