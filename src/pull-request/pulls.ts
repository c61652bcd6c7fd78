import type { Octokit } from "@octokit/rest";
import { type Marker, parseMarker } from "./marker.ts";
import type { OurPull } from "./pull.ts";
import { coordinates, unlessMissing } from "./requests.ts";

/** Every branch of ours starts like this (incident/incident.ts, branchOf). */
const BRANCH_PREFIX = "autofix/";

/** What is read of a pull request, the same in a list, a single read and an answer to a create (GitHub REST, "Pulls"). */
interface PullSeen {
  number: number;
  html_url: string;
  state: string;
  title: string;
  body: string | null;
  created_at: string;
  merged_at: string | null;
  merge_commit_sha: string | null;
  user: { login: string } | null;
  labels: { name: string }[];
  head: { ref: string; sha: string };
  base: { ref: string };
}

/** The bot's own pull requests of a repository in any state, among the newest 100; newest first. One request. */
export async function findPulls(octokit: Octokit, repository: string, botLogin: string): Promise<OurPull[]> {
  const { data } = await octokit.rest.pulls.list({ ...coordinates(repository), state: "all", sort: "created", direction: "desc", per_page: 100 });
  return data.flatMap((pull) => toOurPull(repository, pull, botLogin) ?? []);
}

/** A pull request of a branch of ours, whoever made it and whatever became of its body. */
export interface PullOfBranch {
  number: number;
  url: string;
  state: OurPull["state"];
  labels: string[];
  ours?: OurPull;
}

/** Pull requests of one branch in any state, newest first: asked before anything is created. One request. */
export async function findPullsOfBranch(octokit: Octokit, repository: string, branch: string, botLogin: string): Promise<PullOfBranch[]> {
  const at = coordinates(repository);
  const head = `${at.owner}:${branch}`;
  const { data } = await octokit.rest.pulls.list({ ...at, head, state: "all", sort: "created", direction: "desc", per_page: 30 });
  return data.map((pull) => {
    const ours = toOurPull(repository, pull, botLogin);
    return { number: pull.number, url: pull.html_url, state: stateOf(pull), labels: labelsOf(pull), ...(ours ? { ours } : {}) };
  });
}

/** Files of a pull request that are looked through: GitHub lists no more than 3,000 (REST, "List pull requests files"). */
const FILES_A_PAGE = 100;
const MOST_PAGES = 30;

/** The head of an open pull request that changes, adds, renames or removes one of these files; undefined where it does not. One request and one for each 100 files. */
export async function headThatTouches(octokit: Octokit, repository: string, number: number, paths: readonly string[]): Promise<string | undefined> {
  const at = { ...coordinates(repository), pull_number: number };
  const pull = await unlessMissing(() => octokit.rest.pulls.get(at));
  if (pull?.data.state !== "open") return undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await octokit.rest.pulls.listFiles({ ...at, per_page: FILES_A_PAGE, page });
    if (data.some(({ filename, previous_filename = "" }) => paths.includes(filename) || paths.includes(previous_filename))) return pull.data.head.sha;
    if (data.length < FILES_A_PAGE) break;
  }
  return undefined;
}

function labelsOf(pull: Pick<PullSeen, "labels">): string[] {
  return pull.labels.map((label) => label.name);
}

function stateOf(pull: Pick<PullSeen, "merged_at" | "state">): OurPull["state"] {
  return pull.merged_at ? "merged" : pull.state === "open" ? "open" : "closed";
}

/** One pull request, if it is one of ours. One request. */
export async function readPull(octokit: Octokit, repository: string, number: number, botLogin: string): Promise<OurPull | undefined> {
  const { data } = await octokit.rest.pulls.get({ ...coordinates(repository), pull_number: number });
  return toOurPull(repository, data, botLogin);
}

/** Ours: made by the bot, from a branch of ours, with a marker. Anybody may name a branch `autofix/…` or copy a marker; nobody else is the author. */
function toOurPull(repository: string, pull: PullSeen, botLogin: string): OurPull | undefined {
  if (pull.user?.login !== botLogin || !pull.head.ref.startsWith(BRANCH_PREFIX)) return undefined;
  const marker = parseMarker(pull.body ?? "");
  if (!marker) return undefined;
  return {
    repository,
    number: pull.number,
    url: pull.html_url,
    state: stateOf(pull),
    title: pull.title,
    branch: pull.head.ref,
    headSha: pull.head.sha,
    base: pull.base.ref,
    createdAt: new Date(pull.created_at),
    labels: labelsOf(pull),
    ...(pull.merged_at ? { mergedAt: new Date(pull.merged_at) } : {}),
    ...(pull.merged_at && pull.merge_commit_sha ? { mergeCommit: pull.merge_commit_sha } : {}),
    ...rememberedBy(marker),
    body: pull.body ?? "",
  };
}

function rememberedBy({ delivery, fingerprint, target, blamed, container, failureClass, baseSha, attempts, verdict }: Marker) {
  const changes = { object: blamed ?? target, ...(container ? { container } : {}) };
  return { delivery, fingerprint, target, changes, failureClass, baseSha, attempts, ...(verdict ? { verdict } : {}) };
}
