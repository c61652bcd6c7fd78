import { isObject, type Json, type KubeObject, refOf, sameRef } from "../cluster/objects.ts";
import { getIn, sameJson } from "../source/edit/field-path.ts";
import { type Difference, differences } from "../source/plan/differences.ts";
import { type OtherLines, placesForItem, placesForKey, placesOfItem, placesOfKey, placesOfMapping } from "../source/slips/template-entries.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { templateOf } from "./template-of.ts";

/** Lines of a template, and what would stand in their place. */
export interface TemplateLines extends OtherLines {
  path: string;
  text: string;
}

/** Where the templates that make the objects could take, or lose, the entries and items in which these differ from the wanted ones; tried, by rendering, by who asks. */
export async function entryPlaces({ workspace, rendered }: DiagnosisInput, wanted: readonly KubeObject[]): Promise<TemplateLines[]> {
  const all = [...differences(rendered, wanted).values()].map(async (difference): Promise<TemplateLines[]> => {
    const template = await templateOf(workspace, difference.object);
    const object = rendered.find((one) => sameRef(refOf(one), difference.object));
    return template && object ? placesOf(template.text, object, difference).map((place) => ({ ...place, ...template })) : [];
  });
  return (await Promise.all(all)).flat();
}

function placesOf(text: string, object: KubeObject, { path, is, wanted }: Difference): OtherLines[] {
  const last = path.at(-1);
  const parent = getIn(object, path.slice(0, -1));
  if (Array.isArray(is) && Array.isArray(wanted)) return placesOfOneItem(text, is, wanted);
  if (last === undefined || (is !== undefined && wanted !== undefined)) return [];
  if (typeof last !== "string") {
    const siblings = Array.isArray(parent) ? parent : [];
    return wanted === undefined ? placesOfItem(text, is ?? null) : placesForItem(text, siblings, wanted);
  }
  const siblings = isObject(parent) ? parent : {};
  if (wanted !== undefined) return placesForKey(text, siblings, last, wanted);
  const owner = path.at(-2);
  return Object.keys(siblings).length === 1 && typeof owner === "string" ? placesOfMapping(text, owner) : placesOfKey(text, last);
}

/** Lists whose items nothing tells apart: one item is more, or less. */
function placesOfOneItem(text: string, is: readonly Json[], wanted: readonly Json[]): OtherLines[] {
  const [longer, shorter] = is.length > wanted.length ? [is, wanted] : [wanted, is];
  const at = longer.findIndex((item, i) => !sameJson(item, shorter[i]));
  const item = longer[at];
  const isOne = longer.length === shorter.length + 1 && item !== undefined && sameJson([...longer.slice(0, at), ...longer.slice(at + 1)], [...shorter]);
  if (!isOne) return [];
  return is.length > wanted.length ? placesOfItem(text, item) : placesForItem(text, is.slice(at, at + 1), item);
}
