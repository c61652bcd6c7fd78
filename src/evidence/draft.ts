import type { EvidenceItem } from "./evidence.ts";

/** An item before it has an id. Lower ranks come first; texts are not redacted yet. */
export interface Draft extends Omit<EvidenceItem, "id"> {
  rank: number;
}

/** What a reader should see first. Git and the spec come after what was seen, since they explain it. */
export const RANK = {
  /** Whatever the incident's own target says. */
  target: 5,
  container: 10,
  pod: 12,
  refusal: 14,
  event: 16,
  previousLog: 20,
  log: 22,
  renderError: 30,
  renderDiff: 32,
  gitDiff: 34,
  gitHistory: 36,
  revisions: 40,
  spec: 44,
  service: 50,
  surroundings: 55,
  normalEvent: 58,
  delivery: 60,
} as const;
