// YAML: fences and thoughts around the document are stripped and reported; then a strict parse with Kubernetes' rules, one document for each
// offered id. Anchors, aliases, tags, duplicate keys, tabs, other scripts' look-alikes in keys, and anything too big or too deep are refused.
import { isObject, type Json, textAt } from "../cluster/objects.ts";
import { parseProposalYaml } from "../source/edit/yaml-documents.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import type { GateInput } from "./gate.ts";
import { isJsonPatch } from "./json-patch.ts";
import { type GuardFinding, type GuardResult, refused, restored } from "./report.ts";

/** A corrected document beside the one that was offered; its text is not looked at any more. */
export interface ProposedDocument {
  offered: OfferedDocument;
  value: Json;
}

const MOST_CHARACTERS = 256 * 1024;
const MOST_DEPTH = 40;
const MOST_NODES = 20_000;
/** Signs that begin or end a part in YAML; a manifest of 6,000 lines has about 14,000. */
const MOST_PARTS = 25_000;

export function yaml({ proposal, offered }: GateInput): GuardResult & { documents: ProposedDocument[] } {
  const findings: GuardFinding[] = [];
  const documents: ProposedDocument[] = [];
  const seen = new Set<string>();
  for (const { id, yaml: text } of proposal.documents) {
    const document = offered.find((candidate) => candidate.id === id);
    if (!document) findings.push(refused("scope", "unknown-document", `The proposal names document ${printable(id)}, which was not offered.`));
    else if (seen.has(id)) findings.push(refused("scope", "duplicate-document", `The proposal holds document ${id} more than once.`, { document: id }));
    else {
      const read = readOne(id, text, document);
      findings.push(...read.findings);
      if (read.value !== undefined) documents.push({ offered: document, value: read.value });
    }
    seen.add(id);
  }
  return { findings, documents };
}

function readOne(id: string, text: string, { text: baseline, value: there }: OfferedDocument): { findings: GuardFinding[]; value?: Json } {
  const no = (rule: string, message: string) => ({ findings: [refused("yaml", rule, message, { document: id })] });
  if (text.length > Math.min(MOST_CHARACTERS, 4 * baseline.length + 16_384))
    return no("too-large", `Document ${id} is much larger than the one that was offered.`);
  const stripped = strip(text);
  if (stripped === undefined) return no("wrapping", `Document ${id} is wrapped in text that leaves open which part is the document.`);
  if (hasTooManyParts(stripped.text)) return no("too-many-nodes", `Document ${id} has more parts than any manifest.`);
  const parsed = parseProposalYaml(stripped.text);
  if (parsed.kind === "refused") return no(parsed.rule, `Document ${id}: ${parsed.message}`);
  const documents = parsed.documents.length > 1 ? parsed.documents.filter((document) => document !== null) : parsed.documents;
  const [value, ...more] = documents;
  // Refused already; the first one is looked at all the same, so that the report names everything that is wrong at once.
  const extra = more.map((one) =>
    refused("scope", "extra-document", `Document ${id} brings a further document, ${describeKind(one)}: only the offered one may be there.`, { document: id }),
  );
  // The operations of a JSON patch are a list, and stay one.
  if (!isObject(value) && !(Array.isArray(value) && isJsonPatch(there) && isJsonPatch(value))) return no("not-a-mapping", `Document ${id} is not a mapping.`);
  const odd = oddity(value);
  if (odd) return no(odd.rule, `Document ${id} ${odd.message}.`);
  return {
    value,
    findings: [
      ...stripped.removed.map((what) => restored("yaml", "stripped", `Document ${id} was wrapped in ${what}, which was stripped.`, { document: id })),
      ...extra,
    ],
  };
}

/** Counted before anything is parsed: a parser takes its time for each of them, a count does not. */
function hasTooManyParts(text: string): boolean {
  let parts = 0;
  for (const _ of text.matchAll(/[,[\]{}\n&!]|[-?:](?=\s)/g)) if (++parts > MOST_PARTS) return true;
  return false;
}

function describeKind(value: Json): string {
  const kind = textAt(value, "kind").slice(0, 60);
  return /^[A-Za-z]+$/.test(kind) ? `a ${kind}` : "of no kind";
}

/** The document without thoughts, fences and prose around them; undefined where that is ambiguous. Linear, no patterns. */
function strip(text: string): { text: string; removed: string[] } | undefined {
  const removed: string[] = [];
  let rest = text.startsWith("\u{feff}") ? text.slice(1) : text;
  if (rest.trimStart().startsWith("<think>")) {
    const end = rest.indexOf("</think>");
    if (end < 0) return undefined;
    rest = rest.slice(end + "</think>".length);
    removed.push("a thought");
  }
  const lines = rest.split("\n");
  const fences = lines.flatMap((line, i) => (/^(```|~~~)/.test(line) ? [i] : []));
  if (fences.length === 0) return { text: rest, removed };
  const [open, close, more] = fences;
  if (open === undefined || close === undefined || more !== undefined) return undefined;
  const prose = [...lines.slice(0, open), ...lines.slice(close + 1)].some((line) => line.trim() !== "");
  removed.push(prose ? "a fence and prose" : "a fence");
  return { text: lines.slice(open + 1, close).join("\n"), removed };
}

/** What the parser accepts and no manifest has. Iterative, so that depth cannot exhaust the stack. */
function oddity(root: Json): { rule: string; message: string } | undefined {
  const open: { value: Json; depth: number }[] = [{ value: root, depth: 1 }];
  let nodes = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (++nodes > MOST_NODES) return { rule: "too-many-nodes", message: `has more than ${MOST_NODES} values` };
    if (depth > MOST_DEPTH) return { rule: "too-deep", message: `is nested deeper than ${MOST_DEPTH} levels` };
    if (typeof value === "number" && !Number.isFinite(value)) return { rule: "number", message: "holds a number that JSON cannot hold" };
    if (typeof value === "string" && hasHiddenCharacters(value))
      return { rule: "hidden-characters", message: "holds invisible or direction-changing characters" };
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value) && Object.keys(value).some(isOddKey))
      return { rule: "odd-key", message: "has a key with characters that no Kubernetes field has" };
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return undefined;
}

function isOddKey(key: string): boolean {
  return key === "__proto__" || key === "<<" || hasHiddenCharacters(key);
}

/** Control characters, zero-width and bidirectional marks, private use, tag and filler characters, variation selectors: things a reviewer cannot see. */
function hasHiddenCharacters(text: string): boolean {
  return /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029]|[^\P{Cc}\t\n\r]|[\u115f\u1160\u2800\u3164\uffa0]|[\u180b-\u180d\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u.test(text);
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
