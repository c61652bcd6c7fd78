import type { ObjectRef } from "../cluster/objects.ts";

export type EvidenceKind =
  | "delivery"
  | "workload"
  | "replica-set"
  | "pod"
  | "container"
  | "event"
  | "log"
  | "service"
  | "surroundings"
  | "git-history"
  | "git-diff"
  | "render-diff"
  | "render-error";

/** One thing that was seen. `text` is redacted before anybody else sees it, and untrusted: anybody who can write a log line can write here. */
export interface EvidenceItem {
  /** E1, E2 …, by rank. */
  id: string;
  kind: EvidenceKind;
  /** Where it comes from, for people: `pod checkout-5d… container checkout, previous log`. */
  source: string;
  object?: ObjectRef;
  container?: string;
  at?: Date;
  text: string;
}

export interface Evidence {
  items: EvidenceItem[];
  /** How many items the budget left out. */
  omitted: number;
  /** Names of rules that redacted something, with counts: shown, since a reader should know that something is missing. */
  redactions: Record<string, number>;
  /** What nobody can know any more, in words: it caps the confidence. */
  gaps?: readonly string[];
}

/** A verbatim piece of one evidence item. */
export interface Quote {
  evidenceId: string;
  quote: string;
}
