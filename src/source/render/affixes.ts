import { type Json, textAt } from "../../cluster/objects.ts";
import { type InputDocument, isKustomization } from "../input-documents.ts";

/** What kustomize puts around the names of objects, and of those who refer to them (`namePrefix`, `nameSuffix`). */
export interface Affixes {
  prefix: string;
  suffix: string;
}

/** Those of each kustomization that adds to names. */
export function affixesOf(documents: readonly Pick<InputDocument, "value" | "file">[]): Affixes[] {
  const all = documents.filter(isKustomization).map(({ value }) => ({ prefix: textAt(value, "namePrefix"), suffix: textAt(value, "nameSuffix") }));
  return all.filter(({ prefix, suffix }) => prefix !== "" || suffix !== "");
}

/** A rendered name as it may stand in git: without the affixes of one kustomization. */
export function withoutAffixes(name: Json, affixes: readonly Affixes[]): string[] {
  if (typeof name !== "string") return [];
  return affixes.flatMap(({ prefix, suffix }) => {
    const bare = name.slice(prefix.length, name.length - suffix.length);
    return name.startsWith(prefix) && name.endsWith(suffix) && bare !== "" && bare !== name ? [bare] : [];
  });
}

/** A name that leads nowhere stays as it is written: what it may have been rendered to where it led somewhere, itself among it. */
export function withAffixes(name: string, affixes: readonly Affixes[]): string[] {
  return [name, ...affixes.map(({ prefix, suffix }) => `${prefix}${name}${suffix}`)];
}
