import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";
import { isObject, type Json, type JsonObject } from "../../cluster/objects.ts";
import { resolvePlain } from "./yaml-scalars.ts";

/** One document of a multi-document file. `start` and `end` are character offsets of its text in the file, without the `---` line. */
export interface YamlDocument {
  /** Position among the file's documents, from 0; empty documents count. */
  index: number;
  node: ParsedNode | null;
  value: Json;
  start: number;
  end: number;
}

export type YamlRule =
  | "too-large"
  | "too-deep"
  | "syntax"
  | "duplicate-key"
  | "unknown-tag"
  | "anchor"
  | "merge-key"
  | "complex-key"
  | "prototype-key"
  | "not-json";

export type YamlOutcome = { kind: "parsed"; documents: YamlDocument[] } | { kind: "refused"; rule: YamlRule; message: string; line: number };

/** Longest text that is parsed, in characters: of the repository, and of a proposal. */
const LIMITS = { repository: 2_000_000, proposal: 200_000 };
const MAX_DEPTH = 64;
/** Bound on what aliases may expand to, in nodes. */
const MAX_NODES = 200_000;

/**
 * What was parsed last, by mode and text: an edit, its gate and the guards read the same texts again and again, and parsing is most of what they cost. What
 * parsing returns is read only.
 */
const lately = { repository: new Map<string, YamlOutcome>(), proposal: new Map<string, YamlOutcome>() };
/** Texts of each mode, and the longest of them, in characters: a few megabytes at most. */
const KEPT = { texts: 16, longest: 50_000 };

/**
 * Parses YAML (or JSON) the way Kubernetes reads it (goyaml.v2): see {@link resolvePlain} for scalars; duplicate keys, tabs as indentation and unknown
 * tags are errors. `repository` accepts anchors, aliases, merge keys and the standard tags for reading; `proposal` accepts none of them.
 */
export function parseYaml(text: string, mode: "repository" | "proposal" = "repository"): YamlOutcome {
  const kept = lately[mode];
  const outcome = kept.get(text) ?? parse(text, mode);
  if (text.length > KEPT.longest) return outcome;
  kept.delete(text);
  kept.set(text, outcome);
  const oldest = kept.keys().next();
  if (kept.size > KEPT.texts && !oldest.done) kept.delete(oldest.value);
  return outcome;
}

/** The documents of a text of the repository; none where there is no text, or where it cannot be parsed. */
export function yamlDocuments(text: string | undefined): YamlDocument[] {
  const outcome = text === undefined ? undefined : parseYaml(text);
  return outcome?.kind === "parsed" ? outcome.documents : [];
}

function parse(text: string, mode: "repository" | "proposal"): YamlOutcome {
  if (text.length > LIMITS[mode]) return refused("too-large", `The YAML is longer than ${LIMITS[mode]} characters`, 1);
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, { schema: "failsafe", uniqueKeys: false, lineCounter: lines, prettyErrors: false, logLevel: "silent" });
    const documents = [...parsed].map((document, index) => {
      const error = document.errors[0];
      if (error) throw new Refused("syntax", error.message, error.pos[0]);
      return readDocument(text, document, index, mode);
    });
    return { kind: "parsed", documents };
  } catch (thrown) {
    if (thrown instanceof Refused) return refused(thrown.rule, thrown.message, lines.linePos(thrown.offset).line || 1);
    if (thrown instanceof RangeError) return refused("too-deep", `The YAML is nested deeper than ${MAX_DEPTH} levels`, 1);
    throw thrown;
  }
}

/** Parses what a model or the playbook proposes: nothing of YAML beyond plain data. Fences must be gone already. */
export function parseProposalYaml(text: string): { kind: "parsed"; documents: Json[] } | { kind: "refused"; rule: YamlRule; message: string } {
  const outcome = parseYaml(text, "proposal");
  if (outcome.kind === "refused") return { kind: "refused", rule: outcome.rule, message: outcome.message };
  return { kind: "parsed", documents: outcome.documents.map((document) => document.value) };
}

/** Whether a document says some of it by anchors, aliases or merge keys: a repository may, a proposal says everything in full. */
export function hasAnchors(text: string): boolean {
  const outcome = parseProposalYaml(text);
  return outcome.kind === "refused" && outcome.rule === "anchor";
}

function refused(rule: YamlRule, message: string, line: number): YamlOutcome {
  return { kind: "refused", rule, message: `line ${line}: ${message}`, line };
}

class Refused extends Error {
  readonly rule: YamlRule;
  readonly offset: number;
  constructor(rule: YamlRule, message: string, offset: number) {
    super(message);
    this.rule = rule;
    this.offset = offset;
  }
}

function readDocument(text: string, document: Document.Parsed<ParsedNode>, index: number, mode: "repository" | "proposal"): YamlDocument {
  const node = document.contents;
  const value = node ? new Reader(document, mode).read(node, 1) : null;
  const [from, , end] = document.range;
  const marker = /^\uFEFF?(?:[^\n]*\n)*?---(?:[ \t]*\r?\n|[ \t]|$)/.exec(document.directives?.docStart ? text.slice(from, end) : "");
  return { index, node, value, start: from + (marker?.[0].length ?? 0), end };
}

class Reader {
  readonly #document: Document.Parsed<ParsedNode>;
  readonly #mode: "repository" | "proposal";
  #nodes = 0;

  constructor(document: Document.Parsed<ParsedNode>, mode: "repository" | "proposal") {
    this.#document = document;
    this.#mode = mode;
  }

  read(node: ParsedNode, depth: number): Json {
    const at = node.range[0];
    if (depth > MAX_DEPTH) throw new Refused("too-deep", `nested deeper than ${MAX_DEPTH} levels`, at);
    if (++this.#nodes > MAX_NODES) throw new Refused("too-large", "aliases expand to too much", at);
    if (isAlias(node) || node.anchor !== undefined) this.#forbid("anchor", "anchors and aliases are not accepted here", at);
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (!target?.range) throw new Refused("anchor", `there is no anchor ${node.source}`, at);
      return this.read(target as ParsedNode, depth + 1);
    }
    const tag = this.#tag(node);
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed, depth);
    if (isSeq(node)) return node.items.map((item) => this.read(item as ParsedNode, depth + 1));
    return readScalar(node, tag);
  }

  #forbid(rule: YamlRule, message: string, offset: number): void {
    if (this.#mode === "proposal") throw new Refused(rule, message, offset);
  }

  #tag(node: ParsedNode): string | undefined {
    if (node.tag === undefined) return undefined;
    this.#forbid("unknown-tag", `the tag ${node.tag} is not accepted here`, node.range[0]);
    const known = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.exec(node.tag)?.[1];
    if (!known) throw new Refused("unknown-tag", `Kubernetes does not know the tag ${node.tag}`, node.range[0]);
    return known;
  }

  #map(node: YAMLMap.Parsed, depth: number): JsonObject {
    const own: JsonObject = {};
    const merged: JsonObject[] = [];
    for (const { key, value } of node.items) {
      const name = keyOf(key);
      const read = value ? this.read(value, depth + 1) : null;
      if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        this.#forbid("merge-key", "merge keys are not accepted here", key.range[0]);
        merged.push(...mergeSources(read, key.range[0]));
        continue;
      }
      if (Object.hasOwn(own, name)) throw new Refused("duplicate-key", `the key ${JSON.stringify(name)} is there twice`, key.range[0]);
      own[name] = read;
    }
    for (const source of merged) for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(own, name)) own[name] = value;
    return own;
  }
}

function mergeSources(value: Json, offset: number): JsonObject[] {
  const sources = Array.isArray(value) ? value : [value];
  return sources.map((source) => {
    if (!isObject(source)) throw new Refused("merge-key", "only mappings can be merged", offset);
    return source;
  });
}

/** Keys are text in JSON: Kubernetes turns numbers and booleans into it. */
function keyOf(key: ParsedNode): string {
  if (!isScalar(key) || key.anchor !== undefined || key.tag !== undefined) throw new Refused("complex-key", "only plain keys are accepted", key.range[0]);
  const value = readScalar(key as Scalar.Parsed, undefined);
  if (value === null || typeof value === "object") throw new Refused("complex-key", "a key must not be empty", key.range[0]);
  const name = String(value);
  if (name === "__proto__") throw new Refused("prototype-key", "the key __proto__ is not accepted", key.range[0]);
  return name;
}

/** The text that a scalar key becomes in JSON. */
export function keyName(key: Scalar): string {
  const value = key.type === "PLAIN" ? resolvePlain(key.source ?? "") : key.value;
  return String(value);
}

function readScalar(node: Scalar.Parsed, tag: string | undefined): Json {
  if (node.type !== "PLAIN" || tag === "str") return String(node.value ?? "");
  const value = resolvePlain(node.source);
  if (value === undefined) throw new Refused("not-json", `${node.source} has no JSON form`, node.range[0]);
  return value;
}
