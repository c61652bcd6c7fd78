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
