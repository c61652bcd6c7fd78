import { type FakeRepository, pullsOf } from "./state.ts";

/** A commit gets the SHA that a recorded or real cluster reports, wherever it is named. Commits that were made on top of it keep their own. */
export function renameCommit(repositories: readonly FakeRepository[], from: string, to: string): void {
  for (const repository of repositories) {
    const { git, refs } = repository;
    const commit = git.commits.get(from);
    if (!commit || from === to) continue;
    git.commits.delete(from);
    git.commits.set(to, { ...commit, sha: to });
    const renamed = (sha: string) => (sha === from ? to : sha);
    for (const other of git.commits.values()) other.parents = other.parents.map(renamed);
    for (const [ref, sha] of refs) refs.set(ref, renamed(sha));
    for (const { pull } of pullsOf(repository)) {
      pull.headSha = renamed(pull.headSha);
      pull.baseSha = renamed(pull.baseSha);
      if (pull.mergeCommit) pull.mergeCommit = renamed(pull.mergeCommit);
    }
    for (const run of repository.runs.values()) run.headSha = renamed(run.headSha);
    for (const suite of repository.suites.values()) suite.headSha = renamed(suite.headSha);
  }
}
