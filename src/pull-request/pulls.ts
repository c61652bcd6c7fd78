import type { Octokit } from "@octokit/rest";
import { type Marker, parseMarker } from "./marker.ts";
import type { OurPull } from "./pull.ts";
import { coordinates, unlessMissing } from "./requests.ts";

/** A pull request of a branch of ours, whoever made it and whatever became of its body. */
export interface PullOfBranch {
  number: number;
  url: string;
  state: OurPull["state"];
  labels: string[];
  /** Set where the bot made it, and its body still has what it wrote there. */
  marker?: Marker;
}

/** Pull requests of one branch in any state, newest first: asked before anything is created. One request. */
export async function findPullsOfBranch(octokit: Octokit, repository: string, branch: string, botLogin: string): Promise<PullOfBranch[]> {
  const at = coordinates(repository);
  const head = `${at.owner}:${branch}`;
  const { data } = await octokit.rest.pulls.list({ ...at, head, state: "all", sort: "created", direction: "desc", per_page: 30 });
  return data.map((pull) => {
    const marker = pull.user?.login === botLogin ? parseMarker(pull.body ?? "") : undefined;
    const state = pull.merged_at ? "merged" : pull.state === "open" ? "open" : "closed";
    const labels = pull.labels.map((label) => label.name);
    return { number: pull.number, url: pull.html_url, state, labels, ...(marker ? { marker } : {}) };
  });
}

/** Files of a pull request that are looked through: GitHub lists no more than 3,000 (REST, "List pull requests files"). */
const FILES_A_PAGE = 100;
const MOST_PAGES = 30;

/** An open pull request of anybody. */
export interface Proposal {
  number: number;
  author: string;
  /** Its head commit, which may be a fork's: GitHub shows that in the base repository as well. */
  head: string;
  /** The branch that it is to be merged into. */
  base: string;
  defaultBranch: string;
}

/** A pull request while it is open. One request. */
export async function readProposal(octokit: Octokit, repository: string, number: number): Promise<Proposal | undefined> {
  const found = await unlessMissing(() => octokit.rest.pulls.get({ ...coordinates(repository), pull_number: number }));
  if (found?.data.state !== "open") return undefined;
  const { user, head, base } = found.data;
  return { number, author: user?.login ?? "", head: head.sha, base: base.ref, defaultBranch: base.repo.default_branch };
}

/** Whether a pull request changes, adds, renames or removes one of these files. One request for each 100 files. */
export async function touches(octokit: Octokit, repository: string, number: number, paths: readonly string[]): Promise<boolean> {
  const at = { ...coordinates(repository), pull_number: number };
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await octokit.rest.pulls.listFiles({ ...at, per_page: FILES_A_PAGE, page });
    if (data.some(({ filename, previous_filename = "" }) => paths.includes(filename) || paths.includes(previous_filename))) return true;
    if (data.length < FILES_A_PAGE) break;
  }
  return false;
}

/** The open pull requests, the 100 newest. One request. */
export async function listOpen(octokit: Octokit, repository: string): Promise<Pick<Proposal, "number" | "author" | "head">[]> {
  const { data } = await octokit.rest.pulls.list({ ...coordinates(repository), state: "open", sort: "created", direction: "desc", per_page: 100 });
  return data.map(({ number, user, head }) => ({ number, author: user?.login ?? "", head: head.sha }));
}
