// Envelope: the answer has the asked shape and bounded sizes. Anything else fails closed, before anything else looks at it.
import { areSensible } from "../config/bounds.ts";
import { FAILURE_CLASSES } from "../incident/failure-class.ts";
import { isFixable } from "./class-paths.ts";
import type { GateInput } from "./gate.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

const MOST = { documents: 20, quotes: 50, words: 50, sentence: 4000 };

export function envelope({ proposal, bounds }: GateInput): GuardResult {
  const findings: GuardFinding[] = [];
  const no = (rule: string, message: string) => findings.push(refused("envelope", rule, message));
  if (!FAILURE_CLASSES.includes(proposal.failureClass)) no("unknown-class", "The failure class is not one of the known ones.");
  else if (!isFixable(proposal.failureClass)) no("human-decides", `A failure of class ${proposal.failureClass} is never fixed by the bot: a human decides.`);
  if (!(proposal.confidence >= 0 && proposal.confidence <= 1)) no("confidence-range", "The confidence is not a number from 0 to 1.");
  if (proposal.rootCause.trim() === "" || proposal.rootCause.length > MOST.sentence) no("root-cause", "The root cause is empty or too long.");
  const count = proposal.documents.length + (proposal.files?.length ?? 0);
  if (count === 0 || count > MOST.documents) no("document-count", `The proposal holds ${count} documents.`);
  if (proposal.files && proposal.origin !== "playbook") no("text-of-a-model", "Only the playbook may repair text; a model corrects documents.");
  if (proposal.quotes.length > MOST.quotes || proposal.quotes.some(({ quote }) => quote.length > MOST.sentence))
    no("quote-size", "There are too many quotes, or one is too long.");
  if (proposal.words.length > MOST.words || proposal.words.some((word) => word.length > MOST.sentence))
    no("words-size", "The description of the changes is too long.");
  if (!areSensible(bounds)) no("bounds", "The configured bounds make no sense.");
  return { findings };
}
