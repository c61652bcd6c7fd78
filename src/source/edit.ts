import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import { isObject, type Json } from "../cluster/objects.ts";
import { type EditRefusalCode, EditRefused, type Splice } from "./edit-refused.ts";
import { keyedIndex, Splicer, type Step } from "./edit-splice.ts";
import { type FieldPath, formatPath, getIn, type Segment, sameJson, samePath } from "./field-path.ts";
import { keyed, setIn } from "./set-in.ts";
import { keyName, parseYaml, type YamlDocument } from "./yaml-documents.ts";

/** One change of one document of a file: set or add (`value` given) or remove (undefined). Paths are those of the document before any change. */
export interface Edit {
  document: number;
  path: FieldPath;
  /** Where the value at `path` is text that holds YAML itself (Helm values, inline patches): the path in there. */
  within?: FieldPath;
  value: Json | undefined;
}

export type EditOutcome = { kind: "edited"; text: string } | { kind: "refused"; code: EditRefusalCode; message: string };

/**
 * Edits YAML or JSON text by splicing: only the characters of the edited nodes change. Afterwards the text is parsed again, and the difference must be exactly
 * what was asked for, else nothing is edited.
 */
export function editDocument(text: string, edits: readonly Edit[]): EditOutcome {
  try {
    const wanted = parse(text).map(({ value }) => value);
    let edited = text;
    for (const nested of inOrder(edits)) {
      const edit = nested.within ? flattened(wanted[nested.document], nested, nested.within) : nested;
      edited = applyEdit(edited, edit, neighbourOf(edit, edits));
      wanted[edit.document] = setIn(wanted[edit.document], edit.path, edit.value) ?? null;
    }
    const made = parse(edited).map(({ value }) => value);
    if (!sameJson(made, wanted)) throw new EditRefused("gate", "parsed again, the text does not say what was wanted");
    return { kind: "edited", text: edited };
  } catch (thrown) {
    if (thrown instanceof EditRefused) return { kind: "refused", code: thrown.code, message: thrown.message };
    throw thrown;
  }
}

/** An edit of YAML inside a string as an edit of that string, made by the same rules. */
function flattened(document: Json | undefined, { document: index, path, value }: Edit, within: FieldPath): Edit {
  const text = getIn(document, path);
  if (typeof text !== "string") throw new EditRefused("not-found", `there is no text at ${formatPath(path)}`);
  const inner = editDocument(text, [{ document: 0, path: within, value }]);
  if (inner.kind === "refused") throw new EditRefused(inner.code, `in the text at ${formatPath(path)}: ${inner.message}`);
  return { document: index, path, value: inner.text };
}

function parse(text: string): YamlDocument[] {
  const outcome = parseYaml(text);
  if (outcome.kind === "refused") throw new EditRefused("invalid-yaml", outcome.message);
  return outcome.documents;
}

/** Removals last, and those of higher positions first: then every path still means what it meant before. */
function inOrder(edits: readonly Edit[]): Edit[] {
  const removals = edits.filter((edit) => edit.value === undefined).sort((a, b) => byPosition(b.path, a.path));
  return [...edits.filter((edit) => edit.value !== undefined), ...removals];
}

function byPosition(a: FieldPath, b: FieldPath): number {
  for (const [i, segment] of a.entries()) {
    const other = b[i];
    if (typeof segment === "number" && typeof other === "number" && segment !== other) return segment - other;
  }
  return 0;
}

/** The key that goes from the same mapping: a new one takes its place, so that a rename stays where it is. */
function neighbourOf(edit: Edit, edits: readonly Edit[]): string | undefined {
  const parent = edit.path.slice(0, -1);
  const gone = edits.find(({ document, path, value }) => value === undefined && document === edit.document && samePath(path.slice(0, -1), parent));
  const key = gone?.path.at(-1);
  return edit.value !== undefined && typeof key === "string" ? key : undefined;
}

function applyEdit(text: string, edit: Edit, neighbour: string | undefined): string {
  let current = text;
  const document = parse(current)[edit.document];
  if (!document) throw new EditRefused("not-found", `the file has no document ${edit.document + 1}`);
  for (const operation of operations(document.value, edit.path, edit.value)) {
    const { from, to, text: inserted } = spliceFor(current, edit.document, operation, neighbour);
    current = current.slice(0, from) + inserted + current.slice(to);
  }
  return current;
}

interface Operation {
  kind: "set" | "insert" | "remove";
  path: FieldPath;
  value: Json;
}

/** The smallest operations that make the value at `path` the wanted one. */
function operations(document: Json, path: FieldPath, value: Json | undefined): Operation[] {
  const before = getIn(document, path);
  if (value === undefined) {
    if (before === undefined) throw new EditRefused("not-found", `there is no ${formatPath(path)}`);
    return [{ kind: "remove", path, value: null }];
  }
  if (before === undefined) return [insertion(document, path, value)];
  return replacements(before, value, path);
}

function replacements(before: Json, after: Json, path: FieldPath): Operation[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after) && Object.keys(before).length > 0 && Object.keys(after).length > 0) {
    const kept = Object.entries(before).flatMap(([key, value]) => {
      const next = Object.hasOwn(after, key) ? after[key] : undefined;
      return next === undefined ? [] : replacements(value, next, [...path, key]);
    });
    const added = Object.entries(after).filter(([key]) => !Object.hasOwn(before, key));
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [
      ...kept,
      ...added.map(([key, value]): Operation => ({ kind: "insert", path: [...path, key], value })),
      ...gone.map((key): Operation => ({ kind: "remove", path: [...path, key], value: null })),
    ];
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0) return listReplacements(before, after, path);
  return [{ kind: "set", path, value: after }];
}

/** Items that are the same at both ends stay; what is between is set, then added or removed. */
function listReplacements(before: readonly Json[], after: readonly Json[], path: FieldPath): Operation[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && sameJson(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail++;
  const middle = shorter - head - tail;
  const sets = before.slice(head, head + middle).flatMap((item, i) => replacements(item, after[head + i] ?? null, [...path, head + i]));
  const inserted = after
    .slice(head + middle, after.length - tail)
    .map((value, i): Operation => ({ kind: "insert", path: [...path, head + middle + i], value }));
  const removed = before
    .slice(head + middle, before.length - tail)
    .map((_, i): Operation => ({ kind: "remove", path: [...path, head + middle + i], value: null }));
  return [...sets, ...inserted, ...removed.reverse()];
}

/** Adds below the deepest part of the path that is there; what is missing on the way is added with it. */
function insertion(document: Json, path: FieldPath, value: Json): Operation {
  let depth = path.length - 1;
  while (depth > 0 && !isContainer(getIn(document, path.slice(0, depth)))) depth--;
  const first = path[depth];
  if (first === undefined) throw new EditRefused("unsupported", "the whole document cannot be added");
  const parent = getIn(document, path.slice(0, depth));
  const wrapped = path.slice(depth + 1).reduceRight<Json>(wrap, value);
  if (parent !== undefined && getIn(parent, [first]) === null) return { kind: "set", path: path.slice(0, depth + 1), value: wrapped };
  if (typeof first === "object") return { kind: "insert", path: [...path.slice(0, depth), listLength(parent)], value: keyed(first, wrapped) };
  if (typeof first === "number" && first > listLength(parent)) throw new EditRefused("not-found", `there is no item ${first} to add behind`);
  return { kind: "insert", path: path.slice(0, depth + 1), value: wrapped };
}

function isContainer(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null;
}

function listLength(value: Json | undefined): number {
  if (!Array.isArray(value)) throw new EditRefused("not-found", "there is no list where one is expected");
  return value.length;
}

function wrap(value: Json, segment: Segment): Json {
  if (typeof segment === "string") return { [segment]: value };
  if (typeof segment === "object") return [keyed(segment, value)];
  if (segment !== 0) throw new EditRefused("not-found", "a new list begins with its first item");
  return [value];
}

function spliceFor(text: string, index: number, { kind, path, value }: Operation, neighbour: string | undefined): Splice {
  const document = parse(text)[index];
  if (!document?.node) throw new EditRefused("not-found", "the document is empty");
  const splicer = new Splicer(text, document.node);
  const last = path.at(-1);
  if (kind === "insert" && last !== undefined) {
    const steps = walk(document.node, path.slice(0, -1));
    const container = nodeAt(document.node, steps);
    if (isMap(container) && typeof last === "string") return splicer.insert(container, last, value, behind(container, neighbour));
    if (isSeq(container) && typeof last === "number") return splicer.insert(container, undefined, value, last);
    throw new EditRefused("not-found", `nothing can be added at ${formatPath(path)}`);
  }
  const steps = walk(document.node, path);
  const step = steps.at(-1);
  if (!step) throw new EditRefused("unsupported", "the whole document cannot be replaced");
  forbidAnchors(nodeAt(document.node, steps));
  return kind === "remove" ? splicer.remove(step, steps.at(-2)) : splicer.replace(step, value);
}

function behind(container: ParsedNode, neighbour: string | undefined): number | undefined {
  const index = neighbour === undefined ? -1 : indexOf(container, neighbour);
  return index < 0 ? undefined : index + 1;
}

function nodeAt(root: ParsedNode, steps: readonly Step[]): ParsedNode | null {
  const step = steps.at(-1);
  if (!step) return root;
  return isMap(step.container) ? (step.container.items[step.index]?.value ?? null) : (step.container.items[step.index] ?? null);
}

function walk(root: ParsedNode, path: FieldPath): Step[] {
  const steps: Step[] = [];
  for (const segment of path) {
    const node = nodeAt(root, steps);
    if (isAlias(node) || (node && (node.anchor !== undefined || node.tag !== undefined))) throw anchored();
    const index = indexOf(node, segment);
    if (index < 0 || !isCollection(node)) throw new EditRefused("not-found", `there is no ${formatPath(path)}`);
    steps.push({ container: node, index });
  }
  return steps;
}

function indexOf(node: ParsedNode | null, segment: Segment): number {
  if (isMap(node) && typeof segment === "string") {
    return node.items.findIndex(({ key }) => isScalar(key) && keyName(key) === segment);
  }
  if (!isSeq(node)) return -1;
  if (typeof segment === "number") return segment < node.items.length ? segment : -1;
  return typeof segment === "object" ? keyedIndex(node.toJSON() as Json, segment.key, segment.value) : -1;
}

function forbidAnchors(node: ParsedNode | null): void {
  if (!node) return;
  if (isAlias(node) || node.anchor !== undefined || node.tag !== undefined) throw anchored();
  if (!isCollection(node)) return;
  for (const item of node.items) {
    if ("key" in item) forbidAnchors(item.value as ParsedNode | null);
    else forbidAnchors(item as ParsedNode);
  }
}

function anchored(): EditRefused {
  return new EditRefused("anchor", "the value is shared through a YAML anchor, an alias or carries a tag");
}
