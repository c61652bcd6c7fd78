import { textAt } from "../../src/cluster/objects.ts";
import type { Commit, Repository } from "../../src/source/git/repository.ts";
import { treeOf } from "../../test/source/tree.ts";
import type { Recording } from "../../test/world/recording.ts";

type Files = Readonly<Record<string, string>>;

/** A recording's commits as a repository, of which the last one is the branch's head. Trees before the good commit were not recorded: they count as the good one's. */
export function recordedRepository({ id, scenario, before, after, commits: recorded, trees: between }: Recording): Repository {
  const trees = new Map<string, Files>([...Object.entries(between ?? {}), [scenario.good, before], [scenario.bad, after]]);
  const commits: Commit[] = recorded?.map((commit) => ({ ...commit, date: new Date(commit.date) })) ?? [
    { sha: scenario.bad, author: "dana", date: new Date(0), subject: scenario.subject },
    { sha: scenario.good, author: "robin", date: new Date(0), subject: "First release" },
  ];
  const filesAt = (sha: string | undefined) => trees.get(sha ?? "") ?? before;
  const branch = textAt(scenario.delivery, "spec", "source", "targetRevision") || "main";
  return {
    name: `acme/${id}`,
    defaultBranch: async () => branch,
    resolve: async (ref) => (commits.some(({ sha }) => sha === ref) ? ref : [branch, "main", "master", "HEAD"].includes(ref) ? scenario.bad : undefined),
    tree: async (sha) => treeOf(filesAt(sha), sha),
    async commits({ until, path, limit }) {
      const from = commits.findIndex(({ sha }) => sha === until);
      const touches = (i: number) =>
        path === undefined || filesAt(commits[i]?.sha)[path] !== (i + 1 < commits.length ? filesAt(commits[i + 1]?.sha)[path] : undefined);
      return commits.filter((_, i) => i >= from && touches(i)).slice(0, limit);
    },
  };
}
