import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode, visit } from "yaml";
import type { Json } from "../../cluster/objects.ts";
import { type Operation, operations } from "./edit-operations.ts";
import { type EditRefusalCode, EditRefused, type Splice } from "./edit-refused.ts";
import { keyedIndex, Splicer, type Step } from "./edit-splice.ts";
import { type FieldPath, formatPath, getIn, type Segment, sameJson, samePath } from "./field-path.ts";
import { setIn } from "./set-in.ts";
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
    const renames = renamesAmong(edits, wanted);
    let edited = text;
    for (const nested of inOrder(edits.filter((edit) => !renames.some(({ come }) => come === edit)))) {
      const edit = nested.within ? flattened(wanted[nested.document], nested, nested.within) : nested;
      const rename = renames.find(({ gone }) => gone === nested);
      edited = rename ? renameKey(edited, edit, rename.name) : applyEdit(edited, edit, neighbourOf(edit, edits));
      wanted[edit.document] = setIn(wanted[edit.document], edit.path, edit.value) ?? null;
      if (rename) wanted[edit.document] = setIn(wanted[edit.document], rename.come.path, rename.come.value) ?? null;
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

interface Rename {
  gone: Edit;
  come: Edit;
  name: string;
}

/** Keys that go while another one comes with the same value: they are only called otherwise. */
function renamesAmong(edits: readonly Edit[], documents: readonly Json[]): Rename[] {
  return edits.flatMap((gone) => {
    const held = gone.value === undefined && !gone.within ? getIn(documents[gone.document], gone.path) : undefined;
    if (held === undefined || typeof gone.path.at(-1) !== "string") return [];
    const parent = gone.path.slice(0, -1);
    const same = edits.filter(({ document, path, within, value }) => {
      const isBeside = document === gone.document && !within && value !== undefined && samePath(path.slice(0, -1), parent);
      return isBeside && sameJson(value, held) && getIn(documents[document], path) === undefined;
    });
    const name = same[0]?.path.at(-1);
    return same.length === 1 && same[0] && typeof name === "string" ? [{ gone, come: same[0], name }] : [];
  });
}

/** The value stays as it is written, with its comments. */
function renameKey(text: string, { document: index, path }: Edit, name: string): string {
  const document = parse(text)[index];
  const step = document?.node ? walk(document.node, path).at(-1) : undefined;
  if (!document || !step) throw new EditRefused("not-found", `there is no ${formatPath(path)}`);
  const { from, to, text: inserted } = new Splicer(text, document.node).rename(step, name);
  return text.slice(0, from) + inserted + text.slice(to);
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
  forbidShared(document.node, nodeAt(document.node, steps));
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
    if (isShared(root, node)) throw shared();
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

function forbidShared(root: ParsedNode, node: ParsedNode | null): void {
  if (isShared(root, node)) throw shared();
  if (!isCollection(node)) return;
  for (const item of node.items) {
    forbidShared(root, "key" in item ? (item.value as ParsedNode | null) : (item as ParsedNode));
  }
}

/** An anchor that no alias of the document takes up shares its value with nothing. */
function isShared(root: ParsedNode, node: ParsedNode | null): boolean {
  if (!node) return false;
  if (isAlias(node) || node.tag !== undefined) return true;
  return node.anchor !== undefined && aliasesIn(root).has(node.anchor);
}

function aliasesIn(root: ParsedNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(root, { Alias: (_, { source }) => void names.add(source) });
  return names;
}

function shared(): EditRefused {
  return new EditRefused("anchor", "the value is shared through a YAML anchor, an alias or carries a tag");
}
