import type { Observation } from "./cluster/observation.ts";
import { type Quiet, quietAt } from "./config/quiet-hours.ts";
import { type Rules, rulesFor } from "./config/rules.ts";
import type { Incident } from "./incident/incident.ts";
import { switchedOff, whyDeliveryIsOff } from "./permission.ts";
import { QUIET } from "./pull-request/book.ts";
import type { Ending, Home, ReconcileParts } from "./reconcile.ts";
import { NOTHING_SAID, problemWords } from "./settings.ts";
import { tellOfSettings } from "./settings-watch.ts";

/** What a repository's settings make of a look at one of its deliveries: that it ends here, or by which rules and with which parts it goes on. */
export type Governed = { kind: "left-alone"; ending: Ending } | { kind: "goes-on"; parts: ReconcileParts; rules: Rules; quiet?: Quiet };

/** A push that mends the settings brings it up at once; this is for the webhook that never came. */
const LATER = 30 * 60_000;

/** How long settings are believed while something fails. Pushes that change them tell of themselves. */
const BELIEVED = 5 * 60_000;

interface Seen {
  observation: Observation;
  incidents: readonly Incident[];
}

/** Reads the repository's settings and applies them to the parts. Invalid settings are said, and nothing else is done: defaults are never fallen back to. */
export async function govern(parts: ReconcileParts, home: Home | undefined, { observation, incidents }: Seen): Promise<Governed> {
  const found = home ? await parts.settings.of(home.repository, incidents.length > 0 ? BELIEVED : QUIET) : NOTHING_SAID;
  const url = home && (await tellOfSettings(parts, home, found));
  if (found.kind === "invalid") {
    const why = found.problems.slice(0, 1).map(problemWords).join("");
    return { kind: "left-alone", ending: { kind: "settings-invalid", why, ...(url ? { url } : {}), again: LATER } };
  }
  const rules = rulesFor(parts.operator, found.settings);
  const off = whyDeliveryIsOff(rules, observation);
  if (off) return { kind: "left-alone", ending: switchedOff(off) };
  const quiet = rules.quietHours && quietAt(rules.quietHours, parts.now());
  const { bounds, policies, engine } = rules;
  return { kind: "goes-on", rules, parts: { ...parts, bounds, policies, diagnose: parts.engines[engine] }, ...(quiet ? { quiet } : {}) };
}
