import { groupOf, isObject, type Json, textAt } from "../cluster/objects.ts";
import type { Proposal } from "../diagnosis/diagnosis.ts";
import { readAnswer } from "../diagnosis/model-answer.ts";
import type { FailureClass } from "../incident/failure-class.ts";
import { sameJson } from "../source/edit/field-path.ts";
import { parseProposalYaml } from "../source/edit/yaml-documents.ts";
import type { OfferedDocument } from "../source/workspace.ts";

/** What somebody hands to the gate, before it is a proposal: the target is decided from it. */
export type HandedIn =
  | { kind: "documents"; failureClass?: FailureClass; rootCause: string; confidence: number; documents: Proposal["documents"]; words: string[] }
  | { kind: "escalates"; rootCause: string }
  | { kind: "unreadable"; guard: "envelope" | "yaml"; rule: string; message: string };

/** Reads an answer of a model (JSON), or documents as bare YAML that are matched with those of the tree by what they are. */
export function readHandedIn(text: string, offered: readonly OfferedDocument[]): HandedIn {
  return looksLikeAnswer(text) ? fromAnswer(text) : fromYaml(text, offered);
}

/** JSON that is no manifest, or what a model puts around it. */
function looksLikeAnswer(text: string): boolean {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (start.startsWith("<think") || /^(?:```|~~~)(?:json)?\s*\{/.test(start.slice(0, 200))) return true;
  return start.startsWith("{") && !/^\{\s*"(?:apiVersion|kind|metadata)"/.test(start.slice(0, 200));
}

function fromAnswer(text: string): HandedIn {
  const read = readAnswer(text);
  if (read.kind === "unusable") return { kind: "unreadable", guard: "envelope", rule: read.outcome, message: `The answer is of no use: ${read.detail}.` };
  const { answer } = read;
  if (answer.action === "escalate") return { kind: "escalates", rootCause: answer.root_cause };
  return {
    kind: "documents",
    failureClass: answer.failure_class,
    rootCause: answer.root_cause,
    confidence: answer.confidence_score,
    documents: answer.corrected_documents.map(({ document_id, corrected_yaml }) => ({ id: document_id, yaml: corrected_yaml })),
    words: answer.changes_made,
  };
}

function fromYaml(text: string, offered: readonly OfferedDocument[]): HandedIn {
  const documents: Proposal["documents"] = [];
  for (const part of text.split(/^---(?:[ \t][^\n]*)?\r?$/m)) {
    if (part.trim() === "") continue;
    const parsed = parseProposalYaml(part);
    if (parsed.kind === "refused") return { kind: "unreadable", guard: "yaml", rule: parsed.rule, message: `The YAML cannot be read: ${parsed.message}` };
    const [value = null] = parsed.documents;
    if (value === null) continue;
    const match = offered.find((document) => isSameObject(document.value, value));
    // A whole tree may be handed in; what is as it was is no part of the proposal.
    if (!match || !sameJson(match.value, value)) documents.push({ id: match?.id ?? nameOf(value), yaml: part });
  }
  return { kind: "documents", rootCause: "Handed in as documents.", confidence: 1, documents, words: [] };
}

function isSameObject(base: Json, value: Json): boolean {
  if (!isObject(base) || !isObject(value)) return false;
  const same = (...keys: string[]) => textAt(base, ...keys) === textAt(value, ...keys);
  return (
    groupOf(textAt(base, "apiVersion")) === groupOf(textAt(value, "apiVersion")) && same("kind") && same("metadata", "name") && same("metadata", "namespace")
  );
}

/** For a document that the tree does not have: what it calls itself, so that the refusal names it. */
function nameOf(value: Json): string {
  return `${textAt(value, "kind") || "document"} ${textAt(value, "metadata", "name")}`.trim().slice(0, 80);
}
