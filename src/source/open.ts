import type { DeliverySource } from "../cluster/delivery.ts";
import type { Repository, RepositoryTree } from "./git/repository.ts";
import { refused } from "./refusal.ts";
import type { GitSource, SourceRefusal, Workspace } from "./workspace.ts";

/** A delivery's repository, opened at its branch's head. */
export interface OpenedSource {
  kind: "open";
  repository: Repository;
  branch: string;
  head: Workspace;
  /** The same delivery's source at another commit. */
  open(tree: RepositoryTree): Workspace;
}

export interface Opener {
  /** The repository that a delivery names, or undefined where the App (or the checkout) does not have it. */
  repository(url: string): Promise<Repository | undefined>;
  workspace(tree: RepositoryTree, source: GitSource): Workspace;
}

/** From what a delivery says of its source to its files at the branch's head, or the reason why not. */
export async function openSource(source: DeliverySource, opener: Opener): Promise<OpenedSource | SourceRefusal> {
  if (source.kind === "refused") return { ...source, candidates: [] };
  const repository = await opener.repository(source.url);
  if (!repository) {
    return refused(
      "repository-not-installed",
      `Kube AutoFix has no access to ${source.url}: install the GitHub App there, or name an alias if the cluster pulls from a mirror.`,
    );
  }
  const isNamed = source.branch !== "HEAD" && source.manifest === undefined;
  const defaultBranch = isNamed ? undefined : await repository.defaultBranch();
  const branch = source.branch === "HEAD" && defaultBranch ? defaultBranch : source.branch;
  const commit = await repository.resolve(branch);
  if (!commit) return refused("no-source", `${repository.name} has no branch ${branch}, which the delivery follows.`);
  const placed = defaultBranch === undefined ? source : { ...source, defaultBranch };
  const open = (tree: RepositoryTree) => opener.workspace(tree, placed);
  return { kind: "open", repository, branch, head: open(await repository.tree(commit)), open };
}
