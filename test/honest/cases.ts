import type { FailureClass } from "../../src/incident/failure-class.ts";
import type { Situation } from "../guards/situation.ts";

/** A right fix: the failing document with these replacements is what a good model answers, and it must pass unchanged. */
export interface HonestCase {
  name: string;
  world: () => Situation;
  failureClass: FailureClass;
  container?: string;
  /** The document that is corrected, where it is not the failing object's own. */
  document?: { kind: string; name: string };
  edits: readonly (readonly [from: string, to: string])[];
  /** Verbatim in the evidence. */
  quote: string;
  /** The fix is not what the last good revision had, or must be found without knowing that one. */
  withoutHistory?: boolean;
}
