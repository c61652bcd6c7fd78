import type { Quiet } from "./config/quiet-hours.ts";
import type { Ending } from "./reconcile.ts";

/** What would be written now waits for the end of the quiet hours. Evidence is collected all the same: each look keeps what it sees (evidence/keepsake.ts). */
export function quietEnding({ milliseconds, until }: Quiet): Ending {
  return { kind: "waiting", why: `quiet hours until ${until}`, again: milliseconds };
}
