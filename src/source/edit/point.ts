import type { ObjectRef } from "../../cluster/objects.ts";
import { isInTemplates } from "../git/repository-paths.ts";
import { type InputDocument, isAbout, isKustomization } from "../input-documents.ts";
import type { RenderOutcome, Workspace } from "../workspace.ts";
import type { FieldPath, Segment } from "./field-path.ts";
import { isYamlFile } from "./plain-text.ts";
import { parseYaml, type YamlOutcome } from "./yaml-documents.ts";
import { lineAt, offsetOf } from "./yaml-lines.ts";

/** A line of a file, from 1. */
export interface FileLine {
  file: string;
  line: number;
}

/** Each search by rendering costs several renderings. */
const MOST_SEARCHES = 5;

/** Finds the lines, in the files that a change touches, where the fields of rendered objects are decided. */
export class Pointer {
  readonly #workspace: Workspace;
  readonly #files: readonly string[];
  #searches = 0;
  #documents: Promise<InputDocument[]> | undefined;
  readonly #parsed = new Map<string, Promise<{ text: string; outcome: YamlOutcome }>>();

  constructor(workspace: Workspace, files: readonly string[]) {
    this.#workspace = workspace;
    this.#files = files;
  }

  /** The field's own line where a document has it, the place that decides it, or else where the object begins; undefined where none of this is in these files. */
  async at(object: ObjectRef, path: FieldPath): Promise<FileLine | undefined> {
    this.#documents ??= this.#workspace.documentsIn(this.#files);
    const documents = (await this.#documents).filter((document) => isAbout(document, object));
    const own = await Promise.all(documents.map((document) => this.#inDocument(document, path)));
    const [best] = own.flatMap((one) => one ?? []).sort((a, b) => b.depth - a.depth);
    if (best && best.depth === path.length) return best.place;
    return (await this.#search(object, path)) ?? (await this.#inTemplate(object, path)) ?? best?.place;
  }

  async #inDocument({ file, index }: Pick<InputDocument, "file" | "index">, path: FieldPath): Promise<{ place: FileLine; depth: number } | undefined> {
    if (!isYamlFile(file)) return undefined;
    const { text, outcome } = await this.#parse(file);
    const node = outcome.kind === "parsed" ? outcome.documents[index]?.node : undefined;
    if (!node) return undefined;
    const { offset, depth } = offsetOf(node, path);
    return { place: { file, line: lineAt(text, offset) }, depth };
  }

  #parse(file: string): Promise<{ text: string; outcome: YamlOutcome }> {
    const known = this.#parsed.get(file) ?? this.#workspace.tree.read(file).then((text = "") => ({ text, outcome: parseYaml(text) }));
    this.#parsed.set(file, known);
    return known;
  }

  /** Values, and settings of kustomizations: found by rendering. */
  async #search(object: ObjectRef, path: FieldPath): Promise<FileLine | undefined> {
    if (path.length === 0 || this.#searches >= MOST_SEARCHES) return undefined;
    this.#searches++;
    const place = await this.#workspace.locate(object, path);
    if ("kind" in place || !this.#files.includes(place.file)) return undefined;
    return (await this.#inDocument({ file: place.file, index: place.document }, place.path))?.place;
  }

  /** A template is no YAML: the one line that names the field, else its first. */
  async #inTemplate({ kind, name }: ObjectRef, path: FieldPath): Promise<FileLine | undefined> {
    const outcome = await this.#workspace.render();
    const template = outcome.kind === "rendered" ? outcome.chart?.templates.get(`${kind}/${name}`) : undefined;
    const file = this.#files.find((one) => template !== undefined && one.endsWith(template.slice(template.indexOf("/"))));
    if (file === undefined) return undefined;
    const field = path.findLast((step: Segment) => typeof step === "string");
    const lines = ((await this.#workspace.tree.read(file)) ?? "").split("\n");
    const named = lines.flatMap((line, i) =>
      line
        .trim()
        .replace(/^- /, "")
        .startsWith(`${String(field)}:`)
        ? [i + 1]
        : [],
    );
    return { file, line: named.length === 1 ? (named[0] ?? 1) : 1 };
  }
}

/** Where a rendering broke: the line of a changed file that is no YAML, the one that the renderer names, or the beginning of a changed file that it names. */
export async function faultIn(
  workspace: Workspace,
  files: readonly string[],
  { message }: Extract<RenderOutcome, { kind: "failed" }>,
): Promise<FileLine | undefined> {
  for (const file of files.filter((path) => isYamlFile(path) && !isInTemplates(path))) {
    const text = await readable(workspace, file);
    const outcome = text === undefined ? undefined : parseYaml(text);
    if (text !== undefined && outcome?.kind === "refused") return { file, line: Math.min(outcome.line, lineAt(text, text.trimEnd().length)) };
  }
  for (const [, named = "", line] of message.matchAll(/([\w./-]+\.(?:ya?ml|tpl|txt))(?::(\d{1,6}))?/g)) {
    const file = files.find((path) => isNamed(path, named));
    if (file !== undefined) return { file, line: await within(workspace, file, Number(line ?? 1)) };
  }
  const unknown = /unknown field "(\w+)"/.exec(message)?.[1];
  for (const file of unknown === undefined ? [] : files.filter((path) => isKustomization({ file: path }))) {
    const line = ((await readable(workspace, file)) ?? "").split("\n").findIndex((text) => text.trim().replace(/^- /, "").startsWith(`${unknown}:`));
    if (line >= 0) return { file, line: line + 1 };
  }
  return undefined;
}

/** Renderers name files from where they stand; helm puts the chart's name before the path in the chart. */
function isNamed(path: string, named: string): boolean {
  const below = named.slice(named.indexOf("/") + 1);
  return path === named || path.endsWith(`/${named}`) || path === below || path.endsWith(`/${below}`) || named.endsWith(`/${path}`);
}

/** A renderer may count lines of something else than the file. */
async function within(workspace: Workspace, file: string, line: number): Promise<number> {
  const count = ((await readable(workspace, file)) ?? "").split("\n").length;
  return line >= 1 && line <= count ? line : 1;
}

async function readable(workspace: Workspace, file: string): Promise<string | undefined> {
  return workspace.tree.read(file).catch(() => undefined);
}
