import type { Observation } from "../cluster/observation.ts";
import { isDescendant } from "../pull-request/ancestry.ts";
import { type Contains, revisionsOf } from "./delivered.ts";

/** Asks GitHub, for each commit that the delivery names, whether it is the merge commit or comes after it. One request for each that differs. */
export async function readContains(
  octokit: Parameters<typeof isDescendant>[0],
  { repository, commit, observation }: { repository: string; commit: string; observation: Observation },
): Promise<Contains> {
  const answers = new Map<string, boolean | undefined>();
  for (const revision of revisionsOf(observation)) answers.set(revision, await isDescendant(octokit, repository, commit, revision));
  return (revision) => answers.get(revision);
}
