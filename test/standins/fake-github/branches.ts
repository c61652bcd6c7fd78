import type { JsonObject } from "../../../src/cluster/objects.ts";
import { ancestorsOf, logOf } from "./git-graph.ts";
import type { CommitObject } from "./git-objects.ts";
import { repositoryShape } from "./shapes.ts";
import { pullShape } from "./shapes-issues.ts";
import { commitOf, type FakeRepository, type FakeWorld, type PullIssue, pullsOf, stamp } from "./state.ts";

const NOTHING = "0".repeat(40);

/** Moves, makes or (without a SHA) deletes a branch or tag, with all that follows: `push`, and what becomes of the branch's open pull requests. */
export function moveBranch(world: FakeWorld, repository: FakeRepository, ref: string, sha: string | undefined, login: string): void {
  const before = repository.refs.get(ref);
  const target = sha === undefined ? undefined : commitOf(repository, sha);
  if (before === sha) return;
  const pulls = pullsOf(repository).filter((issue) => issue.state === "open" && `refs/heads/${issue.pull.head}` === ref);
  if (sha === undefined) repository.refs.delete(ref);
  else repository.refs.set(ref, sha);
  world.send("push", repository, login, pushOf(world, repository, { ref, before, after: target, login }));
  for (const issue of pulls) {
    if (sha === undefined) closePull(world, repository, issue, login, before);
    else synchronise(world, repository, issue, { before: before ?? NOTHING, after: sha, login });
  }
  // Its commits are in the base now, however they got there: GitHub calls it merged.
  if (sha !== undefined) for (const issue of pullsOf(repository)) mergeByPush(world, repository, issue, { ref, sha, login });
}

export function closePull(world: FakeWorld, repository: FakeRepository, issue: PullIssue, login: string, head?: string): void {
  issue.pull.headSha = head ?? repository.refs.get(`refs/heads/${issue.pull.head}`) ?? issue.pull.headSha;
  issue.state = "closed";
  issue.closedAt = stamp();
  issue.updatedAt = stamp(issue.updatedAt);
  sendPull(world, repository, issue, "closed", login);
}

export function sendPull(world: FakeWorld, repository: FakeRepository, issue: PullIssue, action: string, login: string, more: JsonObject = {}): void {
  world.send("pull_request", repository, login, { action, number: issue.number, pull_request: pullShape(world, repository, issue), ...more });
}

function synchronise(
  world: FakeWorld,
  repository: FakeRepository,
  issue: PullIssue,
  { before, after, login }: { before: string; after: string; login: string },
): void {
  issue.pull.headSha = after;
  issue.updatedAt = stamp(issue.updatedAt);
  sendPull(world, repository, issue, "synchronize", login, { before, after });
}

function mergeByPush(world: FakeWorld, repository: FakeRepository, issue: PullIssue, { ref, sha, login }: { ref: string; sha: string; login: string }): void {
  if (issue.state !== "open" || ref !== `refs/heads/${issue.pull.base}`) return;
  const head = repository.refs.get(`refs/heads/${issue.pull.head}`);
  if (head === undefined || !ancestorsOf(repository.git, sha).has(head)) return;
  Object.assign(issue.pull, { mergedAt: stamp(), mergedBy: login, mergeCommit: sha });
  closePull(world, repository, issue, login, head);
}

function pushOf(
  world: FakeWorld,
  repository: FakeRepository,
  { ref, before, after, login }: { ref: string; before: string | undefined; after: string | undefined; login: string },
): JsonObject {
  const { git } = repository;
  const known = before === undefined ? new Set<string>() : ancestorsOf(git, before);
  const fresh =
    after === undefined
      ? []
      : logOf(
          git,
          [...ancestorsOf(git, after)].filter((sha) => !known.has(sha)),
        ).slice(0, 20);
  const head = after === undefined ? undefined : git.commits.get(after);
  const html = `${world.url}/${repository.fullName}`;
  return {
    ref,
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    created: before === undefined,
    deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !ancestorsOf(git, after).has(before),
    base_ref: null,
    compare: `${html}/compare/${before ?? NOTHING}...${after ?? NOTHING}`,
    commits: before === undefined ? [] : fresh.map((commit) => pushedCommit(html, commit)).reverse(),
    head_commit: head ? pushedCommit(html, head) : null,
    pusher: { name: login, email: `${login}@users.noreply.github.com` },
    repository: { ...repositoryShape(world, repository), created_at: Date.parse(repository.createdAt) / 1000, pushed_at: Date.parse(stamp()) / 1000 },
  };
}

function pushedCommit(html: string, commit: CommitObject): JsonObject {
  const person = ({ name, email }: CommitObject["author"]) => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: new Date(commit.committer.seconds * 1000).toISOString(),
    url: `${html}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [],
    removed: [],
    modified: [],
  };
}
