import { type Json, objectAt, textAt } from "../../../src/cluster/objects.ts";

/** `a=b,c!=d,e in (f,g),h,!i` over labels. */
export function matchesLabels(object: Json, selector: string): boolean {
  const labels = objectAt(object, "metadata", "labels");
  return requirements(selector).every((requirement) => {
    const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
    if (set) {
      const values = (set[3] ?? "").split(",").map((value) => value.trim());
      return values.includes(textAt(labels, set[1] ?? "")) === (set[2] === "in");
    }
    const pair = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(requirement);
    if (pair) return (textAt(labels, pair[1] ?? "") === pair[3]) === (pair[2] !== "!=");
    return requirement.startsWith("!") ? !Object.hasOwn(labels, requirement.slice(1)) : Object.hasOwn(labels, requirement);
  });
}

/** `metadata.name=x,status.phase!=Running` over any string field. */
export function matchesFields(object: Json, selector: string): boolean {
  return requirements(selector).every((requirement) => {
    const pair = /^([^=!]+)(==|=|!=)(.*)$/.exec(requirement);
    if (!pair) return false;
    return (textAt(object, ...(pair[1] ?? "").split(".")) === pair[3]) === (pair[2] !== "!=");
  });
}

/** Commas inside parentheses belong to a set. */
function requirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
