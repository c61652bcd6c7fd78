import type { Octokit } from "@octokit/rest";
import { coordinates, unlessMissing } from "./requests.ts";

/**
 * Whether `head` is `base` or comes after it; undefined where one of them is not in the repository (any more). One request. The answer for two full SHAs
 * never changes (GitHub REST, "Compare two commits": `ahead` and `identical` mean that the base is contained).
 */
export async function isDescendant(octokit: Octokit, repository: string, base: string, head: string): Promise<boolean | undefined> {
  if (base === head) return true;
  const at = coordinates(repository);
  const answer = await unlessMissing(() => octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}`, per_page: 1 }));
  return answer && (answer.data.status === "ahead" || answer.data.status === "identical");
}

/** The commit at which `head` left `base`, a branch or a commit: what others did there since is none of its doing. Undefined where they have nothing in common. One request. */
export async function mergeBaseOf(octokit: Octokit, repository: string, base: string, head: string): Promise<string | undefined> {
  const at = coordinates(repository);
  const answer = await unlessMissing(() => octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}`, per_page: 1 }));
  return answer?.data.merge_base_commit.sha;
}
