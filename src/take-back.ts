import { formatKey } from "./cluster/delivery.ts";
import { describeRef, sameRef } from "./cluster/objects.ts";
import type { Standing } from "./follow-up.ts";
import { closeRecovered } from "./pull-request/escalate.ts";
import type { OurPull } from "./pull-request/pull.ts";
import { closePull, withdrawPull } from "./pull-request/record.ts";
import { quietEnding } from "./quiet.ts";
import type { Ending, ReconcileParts } from "./reconcile.ts";
import { readiness } from "./verification/ready.ts";

/** While nothing fails, what GitHub held this long ago is believed: hundreds of healthy deliveries must not use up the rate limit. */
export const QUIET = 30 * 60_000;

/** Closes pull requests and issues of a delivery that works again without them. */
export async function takeBack(parts: ReconcileParts, { home, observation, incidents, quiet }: Standing): Promise<Ending[]> {
  if (incidents.length > 0 || observation.state.kind !== "healthy") return [];
  const ours = { key: formatKey(observation.key), repository: home.repository };
  const isOpen = (one: { state: string; delivery: Standing["observation"]["key"] }) => one.state === "open" && formatKey(one.delivery) === ours.key;
  const found = [...(await parts.pulls.of(ours.repository, QUIET)), ...(await parts.escalations.of(ours.repository, QUIET))].filter(isOpen);
  if (found.length === 0) return [];
  const left = lasting(parts, observation);
  if (left === undefined) return [];
  if (left > 0) return [{ kind: "waiting", why: "recovered, and watched whether it stays so", again: left }];
  if (quiet) return [quietEnding(quiet)];
  // What is closed now is read afresh: somebody may have merged it since.
  parts.pulls.forget(ours.repository);
  parts.escalations.forget(ours.repository);
  for (const pull of (await parts.pulls.of(ours.repository)).filter(isOpen)) {
    await withdrawPull(home.octokit, pull, home.botLogin, `${describeRef(pull.target)} works again without this change, so I take it back.`);
  }
  for (const issue of (await parts.escalations.of(ours.repository)).filter(isOpen)) {
    await closeRecovered(home.octokit, issue, home.botLogin, "The deployment works again.");
  }
  parts.pulls.forget(ours.repository);
  parts.escalations.forget(ours.repository);
  return [{ kind: "quiet", why: "recovered" }];
}

/** Milliseconds until the recovery has lasted; undefined where there is none. */
function lasting(parts: ReconcileParts, observation: Standing["observation"]): number | undefined {
  const ready = readiness(observation);
  if (ready.kind === "not-ready") return undefined;
  return ready.since ? Math.max(0, ready.since.getTime() + parts.soak - parts.now().getTime()) : 0;
}

/** Closes older pull requests for the same object: its failure has become another, and a newer one says how. */
export async function supersede(
  parts: ReconcileParts,
  { home }: Pick<Standing, "home">,
  older: readonly OurPull[],
  newer: { number: number; target: OurPull["target"] },
): Promise<void> {
  for (const pull of older.filter(({ state, number, target }) => state === "open" && number !== newer.number && sameRef(target, newer.target))) {
    await closePull(home.octokit, pull, home.botLogin, `The failure has become another one: pull request ${newer.number} takes over.`);
  }
  parts.pulls.forget(home.repository);
}
