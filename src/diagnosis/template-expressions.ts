import { type KubeObject, refOf, sameRef, textAt } from "../cluster/objects.ts";
import { linesOf } from "../source/edit/hunks.ts";
import { namesMade, withExpression, withoutAction } from "../source/slips/template-expressions.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import type { TemplateLines } from "./template-entries.ts";
import { templateOf } from "./template-of.ts";

/**
 * Lines of the templates that make these objects, with other expressions for the value that is to change: how the chart itself makes the name of the object that is
 * meant, or without an action that puts something before or behind it. Tried, by rendering, by who asks.
 */
export async function expressionPlaces({ workspace, rendered }: DiagnosisInput, changes: readonly ObjectChange[]): Promise<TemplateLines[]> {
  const all = changes.map(async (change): Promise<TemplateLines[]> => {
    const own = await templateOf(workspace, change.object);
    const meant = await Promise.all(meantBy(rendered, change).map((object) => templateOf(workspace, refOf(object))));
    const expressions = [...new Set(meant.flatMap((template) => (template ? namesMade(template.text) : [])))];
    return own ? linesOf(own.text).flatMap((line, at) => formsOf(line, change, expressions).map((lines) => ({ ...own, at, count: 1, lines }))) : [];
  });
  return (await Promise.all(all)).flat();
}

/** The objects that are called as the field is to say. */
function meantBy(rendered: readonly KubeObject[], { object, path, after }: ObjectChange): KubeObject[] {
  const isReference = /name$/i.test(String(path.at(-1)));
  return rendered.filter((one) => isReference && textAt(one, "metadata", "name") === after && !sameRef(refOf(one), object));
}

function formsOf(line: string, { path }: ObjectChange, expressions: readonly string[]): string[] {
  const key = String(path.at(-1));
  if (!line.includes(`${key}:`)) return [];
  return [...expressions.flatMap((expression) => withExpression(line, expression) ?? []), ...withoutAction(line)];
}
