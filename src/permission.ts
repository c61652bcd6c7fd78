import { formatKey } from "./cluster/delivery.ts";
import { describeRef } from "./cluster/objects.ts";
import type { Observation } from "./cluster/observation.ts";
import { permits, type Rules } from "./config/rules.ts";
import type { FailureClass } from "./incident/failure-class.ts";
import type { Incident } from "./incident/incident.ts";
import type { Ending } from "./reconcile.ts";
import type { Repair } from "./repair.ts";
import { matchesPath } from "./source/git/glob.ts";
import type { SourceRefusal } from "./source/workspace.ts";

/** A push of other settings brings it up at once; this is for the webhook that never came. */
const LOOK_AGAIN = 30 * 60_000;

export function switchedOff(why: string): Ending {
  return { kind: "switched-off", why, again: LOOK_AGAIN };
}

/** Why the settings leave a whole delivery alone; undefined where they do not. */
export function whyDeliveryIsOff({ enabled, deliveries, paths }: Rules, { key, source }: Pick<Observation, "key" | "source">): string | undefined {
  if (!enabled) return "switched off for this repository (enabled)";
  const name = formatKey(key);
  if (!permits(deliveries, (pattern) => matchesPath(name, pattern.split("/").length < 3 ? `*/${pattern}` : pattern)))
    return `${name} is switched off (deliveries)`;
  if (source.kind === "git" && !permits(paths, (pattern) => isBelow(source.path, pattern))) return `${source.path || "the root"} is switched off (paths)`;
  return undefined;
}

/** Why the settings leave an incident alone, as far as that can be told before anybody looks for its cause. A delivery has no kind of its own here. */
export function whyIncidentIsOff({ kinds }: Rules, { key, target }: Incident): string | undefined {
  return target.kind === key.kind || permits(kinds, (kind) => kind === target.kind)
    ? undefined
    : `${describeRef(target)} is of a kind that is switched off (kinds)`;
}

/** Why the settings want neither this fix nor an issue instead of one. What cannot be told counts as not permitted. */
export function whyRepairIsOff(rules: Rules, repair: SourceRefusal | Repair): string | undefined {
  const failureClass = classOf(repair);
  if (!permits(rules.failureClasses, (one) => one === failureClass)) return `failures of class ${failureClass} are switched off (classes)`;
  if (repair.kind !== "approved" || !("change" in repair)) return undefined;
  const { change, diagnosis } = repair;
  const path = change.files.find((file) => !permits(rules.paths, (pattern) => isBelow(file.path, pattern)))?.path;
  if (path !== undefined) return `the fix would change ${path}, which is switched off (paths)`;
  const kinds = diagnosis.proposal.files
    ? change.files.flatMap(({ before = "", after }) => kindsNamed(`${before}\n${after}`))
    : [diagnosis.proposal.target.object.kind];
  const permitted = kinds.length > 0 ? kinds.every((kind) => permits(rules.kinds, (one) => one === kind)) : rules.kinds.only === undefined;
  return permitted ? undefined : `the fix would change a ${kinds.join(" or ") || "file that names no kind"}, which is switched off (kinds)`;
}

function classOf(repair: SourceRefusal | Repair): FailureClass {
  if (!("diagnosis" in repair)) return "unknown";
  const { diagnosis } = repair;
  if (diagnosis.kind === "fix") return diagnosis.proposal.failureClass;
  return diagnosis.kind === "unusable" ? "unknown" : diagnosis.failureClass;
}

/** A pattern that names a folder stands for all that is below it. */
function isBelow(path: string, pattern: string): boolean {
  const place = path.replace(/^\.?\/+|^\.$|\/+$/g, "");
  const plain = pattern.replace(/\/+$/, "");
  return matchesPath(place, plain) || matchesPath(place, `${plain}/**`);
}

/** A repair of a text changes whole files, templates too, which are read as they are. */
function kindsNamed(text: string): string[] {
  return [...new Set([...text.matchAll(/^[ \t]*(?:- )?["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]{1,100})/gm)].map((match) => match[1] ?? ""))];
}
