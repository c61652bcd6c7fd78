import type { Octokit } from "@octokit/rest";
import { type Marker, parseMarker } from "./marker.ts";
import type { OurPull } from "./pull.ts";
import { coordinates } from "./requests.ts";

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
