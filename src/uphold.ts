import { refOf, sameRef } from "./cluster/objects.ts";
import { handOver, propose } from "./hand-over.ts";
import { pastOf } from "./incident/earlier-revisions.ts";
import { movedOn } from "./moved-on.ts";
import { whyRepairIsOff } from "./permission.ts";
import { proposedBy, readAgain, triedIn } from "./pull-request/ours.ts";
import { saySteppedBack } from "./pull-request/publish.ts";
import type { OurPull } from "./pull-request/pull.ts";
import { withdrawPull } from "./pull-request/record.ts";
import type { Case, Ending, ReconcileParts } from "./reconcile.ts";
import { findRepair } from "./repair.ts";
import { renderedObject } from "./source/compare.ts";
import { sameJson } from "./source/edit/field-path.ts";
import { carriedOver } from "./source/edit/patch.ts";
import { changedPaths } from "./source/git/changed-files.ts";
import { readHistory } from "./source/history.ts";
import { type OpenedSource, openSource } from "./source/open.ts";
import type { FileChange } from "./source/workspace.ts";

/** Webhooks tell when a base moves; this is for those that never arrived. */
const LOOK_EVERY = 5 * 60_000;

/**
 * Keeps an open pull request right: renewed where its base moved under the change, or where the incident shows something new that leads to another fix;
 * taken back where there is no fix any more. Left alone as long as merging it does what it says, and as soon as a person commits to its branch.
 */
export async function uphold(parts: ReconcileParts, standing: Case, pull: OurPull): Promise<Ending> {
  const { incident, observation, home } = standing;
  const stands: Ending = { kind: "standing", pull: pull.number, state: pull.state, again: LOOK_EVERY };
  const hasNews = parts.memory.hasNews(incident);
  const isDue = parts.memory.isBaseDue(pull, LOOK_EVERY);
  if (!home || pull.headSha === "" || (!hasNews && !isDue)) return stands;
  if (pull.headSha !== pull.ownHead) {
    if (parts.memory.isFirst(`${pull.repository}#${pull.number} taken over`)) await saySteppedBack(home.octokit, { ...pull, botLogin: home.botLogin });
    return stands;
  }
  const source = await openSource(observation.source, parts.opener);
  if (source.kind === "refused" || source.branch !== pull.base) return stands;
  const holds = await stillHolds(source, pull);
  if ((holds && !hasNews) || (await movedOn(source, observation, incident))) return stands;
  return (await renew(parts, standing, pull, { source, holds })) ?? stands;
}

/** Undefined where the pull request stays as it is. */
async function renew(
  parts: ReconcileParts,
  standing: Case,
  pull: OurPull,
  { source, holds }: { source: OpenedSource; holds: boolean },
): Promise<Ending | undefined> {
  const { incident, observation, home, own, rules } = standing;
  if (!home) return undefined;
  const { repository, head, open } = source;
  const history = await readHistory({ repository, head, ...pastOf(observation, incident.target, incident.since), open });
  const repair = await findRepair(parts, { incident, observation, workspace: head, history, tried: triedIn(own) });
  if (whyRepairIsOff(rules, repair)) return undefined;
  if (repair.kind === "approved") {
    if (holds && proposedBy(pull) === repair.change.digest) return undefined;
    const proposing = { incident, observation, source, history, repair, attempts: pull.attempts, existing: pull, refresh: !holds };
    const published = await propose(parts, home, proposing, rules.pullRequests);
    return { kind: "proposed", how: published.kind, url: published.url, again: LOOK_EVERY };
  }
  if (holds) return undefined;
  await parts.turns.take(home.repository, async () => {
    const fresh = await readAgain(home.octokit, pull, home.botLogin);
    const words = "The base has changed under this fix, and for what is there now I know no safe one. So I take it back, and tell people in an issue.";
    if (fresh) await withdrawPull(home.octokit, fresh, home.botLogin, words);
  });
  return handOver(parts, standing, repair);
}

/**
 * Whether a merge into the base as it is now would do what was approved: the change fits, and makes the same of the object that it is for. Only files matter here;
 * whether the base says something else about the object by itself is for {@link movedOn}.
 */
async function stillHolds({ repository, head, open }: OpenedSource, pull: OurPull): Promise<boolean> {
  if (head.tree.commit === pull.baseSha) return true;
  if ((await repository.resolve(pull.baseSha)) === undefined) return false;
  const [base, branch] = [await repository.tree(pull.baseSha), await repository.tree(pull.headSha)];
  const merged: FileChange[] = [];
  let moved = false;
  for (const path of await changedPaths(base, branch)) {
    const [before, after, now] = [await base.read(path), await branch.read(path), await head.tree.read(path)];
    const text = carriedOver({ before, after: after ?? "" }, now);
    if (text === undefined) return false;
    moved ||= now !== before;
    merged.push({ path, before: now, after: text });
  }
  if (!moved) return true;
  const { object } = pull.changes;
  const outcome = await head.renderWith(merged);
  const made = outcome.kind === "rendered" ? outcome.objects.find((one) => sameRef(refOf(one), object)) : undefined;
  return sameJson(made, await renderedObject(open(branch), object));
}
