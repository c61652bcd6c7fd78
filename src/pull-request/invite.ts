import type { Octokit } from "@octokit/rest";
import type { Rules } from "../config/rules.ts";
import { asAutofixError } from "../source/git/github-client.ts";
import { commentOnce } from "./comment.ts";
import { code } from "./escape.ts";
import { LABEL } from "./ours.ts";
import { coordinates } from "./requests.ts";

/** Who is to look at a new pull request, and under which labels it is found. */
export interface Invitation {
  number: number;
  failureClass: string;
  wishes: Pick<Rules["pullRequests"], "labels" | "reviewers" | "assignees">;
}

/**
 * Asks for reviews, assigns, and labels, once for each pull request. The labels come last, one of them names the failure class: a pull
 * request without them was not finished, and the next look does all of it again. Whom GitHub refuses is named in a comment; the pull request stands in any case.
 */
export async function invite(octokit: Octokit, place: { repository: string; botLogin: string }, { number, failureClass, wishes }: Invitation): Promise<void> {
  const at = { ...coordinates(place.repository), pull_number: number };
  const refused = [...(await askForReviews(octokit, at, wishes.reviewers)), ...(await assign(octokit, at, wishes.assignees))];
  if (refused.length > 0) await commentOnce(octokit, { ...place, number }, "invited", refusedWords(refused));
  const labels = [...new Set([LABEL, `autofix:${failureClass}`, ...wishes.labels])];
  await octokit.rest.issues.addLabels({ ...coordinates(place.repository), issue_number: number, labels });
}

interface At {
  owner: string;
  repo: string;
  pull_number: number;
}

/** GitHub takes all of a request or nothing of it: where it refuses, each is asked for alone. @returns who was refused */
async function askForReviews(octokit: Octokit, at: At, wished: readonly string[]): Promise<string[]> {
  if (wished.length === 0 || (await isTaken(() => octokit.rest.pulls.requestReviewers({ ...at, ...split(wished) })))) return [];
  if (wished.length === 1) return [...wished];
  const refused: string[] = [];
  for (const one of wished) if (!(await isTaken(() => octokit.rest.pulls.requestReviewers({ ...at, ...split([one]) })))) refused.push(one);
  return refused;
}

/** GitHub leaves out without a word who has no write access (REST, "Add assignees to an issue"). @returns who was left out */
async function assign(octokit: Octokit, { pull_number, ...at }: At, wished: readonly string[]): Promise<string[]> {
  if (wished.length === 0) return [];
  let assigned: string[] = [];
  const add = async () => {
    const { data } = await octokit.rest.issues.addAssignees({ ...at, issue_number: pull_number, assignees: [...wished] });
    assigned = (data.assignees ?? []).map(({ login }) => login.toLowerCase());
  };
  return (await isTaken(add)) ? wished.filter((login) => !assigned.includes(login.toLowerCase())) : [...wished];
}

/** `acme/platform` is a team, of which GitHub wants the last part. */
function split(wished: readonly string[]): { reviewers: string[]; team_reviewers: string[] } {
  const teams = wished.filter((one) => one.includes("/"));
  return { reviewers: wished.filter((one) => !one.includes("/")), team_reviewers: teams.map((team) => team.slice(team.indexOf("/") + 1)) };
}

/** False where GitHub refuses this for good: no such user, no access, no permission. What may pass is thrown. */
async function isTaken(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (thrown) {
    const failure = asAutofixError("github/unexpected", "ask for a review", thrown);
    if (failure.retry === "never") return false;
    throw failure;
  }
}

function refusedWords(refused: readonly string[]): string {
  const names = [...new Set(refused)].map((one) => code(one, 150)).join(", ");
  return `GitHub did not let me ask ${names}, whom the settings of this repository name: they need access to it, and for teams the App needs the organisation permission \`members: read\`. The pull request is not affected.`;
}
