import type { Octokit } from "@octokit/rest";
import { type DeliveryKey, formatKey } from "../cluster/delivery.ts";
import { BRANCH_PREFIX, branchName } from "../incident/incident.ts";
import { CONDITIONAL } from "../source/git/conditional.ts";
import { type MarkedIncident, type Marker, parseMarker } from "./marker.ts";
import type { Affected, OurIssue, OurPull } from "./pull.ts";
import { coordinates, unlessMissing } from "./requests.ts";

/** By this label people find, filter and mute what the bot makes, and so does the bot: a repository may have hundreds of newer pull requests of others. */
export const LABEL = "autofix";

/** What of the bot's a repository has, newest change first. A pull request for several incidents is there once for each. */
export interface Ours {
  pulls: OurPull[];
  issues: OurIssue[];
}

/**
 * A merge without a verdict this long ago is history: whoever restarts the bot after a week wants no verdicts on last week's pull requests. Quiet hours may
 * last a long weekend, and the verdict comes after them. Milliseconds.
 */
export const VERDICT_WITHIN = 6 * 24 * 3_600_000;

/**
 * The bot's own pull requests and issues in any state, among the 100 labelled ones that changed last. One request; one more where a pull request is
 * open, for the branches' heads; one for each that was merged and waits for its verdict. All are conditional.
 */
export async function findOurs(octokit: Octokit, repository: string, botLogin: string, now = new Date()): Promise<Ours> {
  const at = coordinates(repository);
  const { data } = await octokit.rest.issues.listForRepo({
    ...at,
    labels: LABEL,
    state: "all",
    sort: "updated",
    direction: "desc",
    per_page: 100,
    request: CONDITIONAL,
  });
  const seen = data.flatMap((item) => asSeen(item, botLogin));
  const heads = seen.some(({ isPull, state }) => isPull && state === "open") ? await readHeads(octokit, repository) : new Map<string, string>();
  const pulls: OurPull[] = [];
  for (const one of seen.filter(({ isPull }) => isPull)) {
    const merged = isAwaitingVerdict(one, now) ? await readMerge(octokit, repository, one.number) : {};
    pulls.push(...pullsOf(repository, one, heads, merged));
  }
  return { pulls, issues: seen.flatMap((one) => (one.isPull ? [] : [issueOf(repository, one)])) };
}

/** The pull requests that are for one delivery, as its incidents see them. */
export function pullsFor(pulls: readonly OurPull[], key: DeliveryKey): OurPull[] {
  return pulls.filter((pull) => formatKey(pull.delivery) === formatKey(key));
}

/** Digests of changes that were merged and did not heal: the same once more would end alike. */
export function triedIn({ pulls }: Pick<Ours, "pulls">): string[] {
  return pulls.filter(({ verdict }) => verdict === "not-healed").flatMap(({ attempts }) => attempts.map(({ digest }) => digest));
}

/** The digest of the change that a pull request proposes. */
export function proposedBy({ attempts }: Pick<OurPull, "attempts">): string | undefined {
  return attempts.findLast(({ outcome }) => outcome === "proposed")?.digest;
}

/** A pull request's state and body as they are now, seen by the same incident; undefined where that is not named in it any more. One request. */
export async function readAgain(octokit: Octokit, pull: OurPull, botLogin: string): Promise<OurPull | undefined> {
  const { repository, number, branch, headSha, mergeCommit, fingerprint } = pull;
  const { data } = await octokit.rest.issues.get({ ...coordinates(repository), issue_number: number });
  const [seen] = asSeen(data, botLogin);
  const views = seen ? pullsOf(repository, seen, new Map([[branch, headSha]]), mergeCommit ? { mergeCommit } : {}) : [];
  return views.find((view) => view.fingerprint === fingerprint);
}

/** What is read of an issue or a pull request in a list of issues (GitHub REST, "List repository issues"). */
interface Item {
  number: number;
  html_url: string;
  state: string;
  title: string;
  body?: string | null | undefined;
  comments: number;
  created_at: string;
  updated_at: string;
  user: { login: string } | null;
  pull_request?: { html_url: string | null; merged_at?: string | null };
}

interface Seen {
  isPull: boolean;
  number: number;
  url: string;
  state: OurPull["state"];
  createdAt: Date;
  mergedAt: Date | undefined;
  title: string;
  body: string;
  comments: number;
  updatedAt: string;
  marker: Marker;
}

/** Ours: made by the bot, and with a marker. Anybody may name a branch `autofix/…`, set a label or copy a marker; nobody else is the author. */
function asSeen(item: Item, botLogin: string): Seen[] {
  const marker = item.user?.login === botLogin ? parseMarker(item.body ?? "") : undefined;
  if (!marker) return [];
  const merged = item.pull_request?.merged_at ?? undefined;
  return [
    {
      isPull: item.pull_request !== undefined,
      number: item.number,
      url: item.pull_request?.html_url ?? item.html_url,
      state: merged ? "merged" : item.state === "open" ? "open" : "closed",
      createdAt: new Date(item.created_at),
      mergedAt: merged ? new Date(merged) : undefined,
      title: item.title,
      body: item.body ?? "",
      comments: item.comments,
      updatedAt: item.updated_at,
      marker,
    },
  ];
}

function isAwaitingVerdict({ mergedAt, marker }: Seen, now: Date): boolean {
  const open = [marker, ...(marker.also ?? [])].some(({ verdict }) => verdict === undefined);
  return open && mergedAt !== undefined && now.getTime() - mergedAt.getTime() < VERDICT_WITHIN;
}

function pullsOf(repository: string, seen: Seen, heads: ReadonlyMap<string, string>, merged: Pick<OurPull, "mergeCommit">): OurPull[] {
  const { number, url, state, title, body, comments, createdAt, updatedAt, mergedAt, marker } = seen;
  const branch = branchName(marker.delivery, marker.fingerprint);
  const affected = affectedIn(marker);
  return affected.map((one) => ({
    ...one,
    repository,
    number,
    url,
    state,
    title,
    branch,
    headSha: state === "open" ? (heads.get(branch) ?? "") : "",
    createdAt,
    ...(mergedAt ? { mergedAt } : {}),
    ...merged,
    updatedAt,
    comments,
    failureClass: marker.failureClass,
    base: marker.base,
    baseSha: marker.baseSha,
    ownHead: marker.head,
    attempts: marker.attempts,
    affected,
    body,
  }));
}

function issueOf(repository: string, { number, url, state, updatedAt, comments, body, marker }: Seen): OurIssue {
  const own = affectedBy(marker);
  return { ...own, repository, number, url, state: state === "open" ? "open" : "closed", updatedAt, comments, attempts: marker.attempts, body };
}

export function affectedIn(marker: Marker): Affected[] {
  return [marker, ...(marker.also ?? [])].map(affectedBy);
}

function affectedBy({ delivery, fingerprint, target, blamed, container, verdict }: MarkedIncident): Affected {
  const changes = { object: blamed ?? target, ...(container ? { container } : {}) };
  return { delivery, fingerprint, target, changes, ...(verdict ? { verdict } : {}) };
}

/** The heads of all branches of ours. */
async function readHeads(octokit: Octokit, repository: string): Promise<Map<string, string>> {
  const { data } = await octokit.rest.git.listMatchingRefs({ ...coordinates(repository), ref: `heads/${BRANCH_PREFIX}`, request: CONDITIONAL });
  return new Map(data.map(({ ref, object }) => [ref.slice("refs/heads/".length), object.sha]));
}

async function readMerge(octokit: Octokit, repository: string, number: number): Promise<Pick<OurPull, "mergeCommit">> {
  const found = await unlessMissing(() => octokit.rest.pulls.get({ ...coordinates(repository), pull_number: number, request: CONDITIONAL }));
  const commit = found?.data.merged_at ? found.data.merge_commit_sha : undefined;
  return commit ? { mergeCommit: commit } : {};
}
