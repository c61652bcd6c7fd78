// What the templates of a chart read of its values, also where they first go into a group of them (pkg.go.dev/text/template#hdr-Actions).
import { startsWith } from "../edit/field-path.ts";
import { referencesIn } from "./value-references.ts";

/** What templates read of a chart's values. A key that is read in a way that cannot be followed counts as read. */
export interface ValuesRead {
  /** From `.Values` on, with all that is below. */
  paths: (readonly string[])[];
  entered: EnteredGroup[];
}

/** A group of values that a template goes into, by `range`, `with` or a variable, before it reads keys of it. */
export interface EnteredGroup {
  path: readonly string[];
  /** Each item of the group is gone into, under whatever key it stands. */
  isRanged: boolean;
  /** What is read there, by its first key. */
  keys: Set<string>;
  /** Something takes the group, or an item, as it is: `toYaml .`, `include "x" $item`. */
  isTakenWhole: boolean;
}

/** Whose keys a dot or a variable reads; none where that is something else than values. */
type Owners = readonly EnteredGroup[];

interface Scope {
  variables: Map<string, Owners>;
  dot: Owners;
}

const TEXT = /"(?:[^"\\]|\\.)*"|`[^`]*`/g;
const HEAD = /^(?:else\s+)?(?:(?<verb>range|with|if|define|block)\b)?\s*(?:(?:\$\w+\s*,\s*)?(?<name>\$\w+)\s*:?=)?(?<expression>[\s\S]*)$/;
/** A dot or a variable, with the keys that are read of it. */
const OPERAND = /(?<![\w)$.])(\$\w*)?(?:\.(\w*))?(?:\.\w+)*/g;
/** What these functions make of groups is still the groups (masterminds.github.io/sprig/dicts.html). */
const KEEPING: ReadonlySet<string> = new Set(["merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite", "deepCopy", "mustDeepCopy", "default"]);
/** Of the root, which a dot is outside of blocks. */
const BUILT_IN: ReadonlySet<string> = new Set(["Values", "Chart", "Release", "Capabilities", "Files", "Template"]);

/** What these templates read, over all of them. */
export function valuesRead(templates: readonly string[]): ValuesRead {
  const read: ValuesRead = { paths: [], entered: [] };
  for (const text of templates) readTemplate(text, read);
  return read;
}

function readTemplate(text: string, read: ValuesRead): void {
  const variables: Scope["variables"] = new Map();
  const dots: Owners[] = [];
  for (const action of actionsIn(text)) {
    if (/^end\b/.test(action)) dots.pop();
    else {
      const dot = dots.at(-1) ?? [];
      const { verb, owners } = follow(action, { variables, dot }, read);
      const isElse = /^else\b/.test(action);
      if (verb && !isElse) dots.push(verb === "if" ? dot : owners);
    }
  }
}

/** What stands between `{{` and `}}`, without comments; none behind one that does not end. */
function* actionsIn(text: string): Generator<string> {
  for (let open = text.indexOf("{{"); open >= 0; ) {
    const start = text[open + 2] === "-" ? open + 3 : open + 2;
    const isComment = /^\s{0,10}\/\*/.test(text.slice(start, start + 12));
    const end = isComment ? text.indexOf("}}", Math.max(text.indexOf("*/", start), start)) : endOf(text, start);
    if (end < 0) return;
    if (!isComment) yield text.slice(start, end).replace(/-$/, "").trim();
    open = text.indexOf("{{", end + 2);
  }
}

/** Where an action ends: not within its texts. */
function endOf(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === "`") i = text.indexOf("`", i + 1);
    else if (text[i] === '"') i = closing(text, i);
    else if (text.startsWith("}}", i)) return i;
    if (i < 0) return -1;
  }
  return -1;
}

/** The quotation mark that ends the text which begins here. */
function closing(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

/** Notes what an action reads; whose keys a dot within it, or its variable, reads is returned, or kept. */
function follow(action: string, { variables, dot }: Scope, read: ValuesRead): { verb: string | undefined; owners: Owners } {
  const { verb, name, expression = "" } = HEAD.exec(action)?.groups ?? {};
  const code = expression.replaceAll(TEXT, '""');
  const functions = code.match(/(?<![\w.$])[A-Za-z]\w*/g) ?? [];
  const goesIn = (verb === "range" || verb === "with" || name !== undefined) && functions.every((one) => KEEPING.has(one));
  const paths = referencesIn(expression);
  const entered = goesIn ? paths.map((path): EnteredGroup => ({ path, isRanged: verb === "range", keys: new Set(), isTakenWhole: false })) : [];
  if (goesIn) read.entered.push(...entered);
  else read.paths.push(...paths);
  const handedOn = keysIn(code, { variables, dot });
  if (!goesIn || verb === "range") for (const group of handedOn) group.isTakenWhole = true;
  const owners = [...entered, ...handedOn];
  if (name) variables.set(name, owners);
  return { verb, owners };
}

/** Notes the keys that an expression reads of variables and of the dot; what it takes of them as it is, is returned. */
function keysIn(code: string, { variables, dot }: Scope): Owners {
  return [...code.matchAll(OPERAND)].flatMap(([operand, variable, key]) => {
    if (operand === "" || variable === "$" || BUILT_IN.has(key ?? "")) return [];
    const owners = variable ? (variables.get(variable) ?? []) : dot;
    if (!key) return owners;
    for (const { keys } of owners) keys.add(key);
    return [];
  });
}

/** Whether templates read what stands at this path, something in it, or all of what it stands in. */
export function isRead({ paths, entered }: ValuesRead, path: readonly string[]): boolean {
  return paths.some((one) => startsWith(one, path) || startsWith(path, one)) || entered.some((group) => startsWith(group.path, path) || isReadIn(group, path));
}

/** Whether all that stands below this path is read as it is, or in a way that is not followed further. */
export function isReadWhole({ paths, entered }: ValuesRead, path: readonly string[]): boolean {
  return paths.some((one) => startsWith(path, one)) || entered.some((group) => (group.isTakenWhole || path.length > depthOf(group)) && isReadIn(group, path));
}

/** The keys that templates read in the group at this path. */
export function keysRead({ paths, entered }: ValuesRead, parent: readonly string[]): string[] {
  const written = [...paths, ...entered.map(({ path }) => path)].flatMap((one) => (startsWith(one, parent) ? (one[parent.length] ?? []) : []));
  const followed = entered.flatMap((group) => (startsWith(parent, group.path) && parent.length === depthOf(group) ? [...group.keys] : []));
  return [...new Set([...written, ...followed])];
}

function isReadIn(group: EnteredGroup, path: readonly string[]): boolean {
  const key = path[depthOf(group)];
  return startsWith(path, group.path) && (key === undefined || group.isTakenWhole || group.keys.has(key));
}

/** How deep the keys stand that are read of a group. */
function depthOf({ path, isRanged }: EnteredGroup): number {
  return path.length + (isRanged ? 1 : 0);
}
