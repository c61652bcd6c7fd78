import type { FailureClass } from "../incident/failure-class.ts";
import type { DiagnosisInput } from "./diagnosis.ts";
import { consultPlaybook, TOPICS } from "./playbook/playbook.ts";
import { provenBy } from "./proven.ts";

/** Everything that the playbook looked for: what it found, the surest first, and what nothing speaks for. For people who ask why it is not something else. */
export interface Considered {
  findings: { failureClass: FailureClass; rootCause: string; confidence: number; quotes: string[] }[];
  /** What the cluster proves not to be the cause, in sentences. */
  proven: string[];
  /** What nothing speaks for, in words such as "memory limits". */
  nothing: string[];
}

/** Pure, and cheap: what is found out about a source that cannot be rendered is left out, and so is that topic then. */
export function consider(input: DiagnosisInput): Considered {
  const ranked = consultPlaybook(input);
  const found = new Set([...ranked.map(({ entry }) => entry), ...(input.renderError ? ["render"] : [])]);
  const proven = new Map([...provenBy(input)].filter(([entry]) => !found.has(entry)));
  return {
    findings: ranked.map(({ finding: { failureClass, rootCause, confidence, quotes } }) => ({
      failureClass,
      rootCause,
      confidence,
      quotes: quotes.map(({ quote }) => quote),
    })),
    proven: [...proven.values()],
    nothing: TOPICS.flatMap(({ name, topic }) => (found.has(name) || proven.has(name) ? [] : [topic])),
  };
}
