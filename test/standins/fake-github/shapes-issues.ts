import type { Json, JsonObject } from "../../../src/cluster/objects.ts";
import { BOT } from "../github/people.ts";
import { ancestorsOf, differences, mergeBase, mergedFiles, patchOf } from "./git-graph.ts";
import { repositoryShape, repositoryUrl, teamShape, userShape } from "./shapes.ts";
import {
  type FakeComment,
  type FakeIssue,
  type FakeLabel,
  type FakeReaction,
  type FakeRepository,
  type FakeWorld,
  headOf,
  type PullIssue,
  tipOf,
} from "./state.ts";

/** How GitHub shows issues, pull requests, comments, labels and reactions. */

export function labelShape(world: FakeWorld, repository: FakeRepository, label: FakeLabel): JsonObject {
  const { id, name, color, description } = label;
  return { id, node_id: `LA_${id}`, url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(name)}`, name, color, description, default: false };
}

function labelsShape(world: FakeWorld, repository: FakeRepository, issue: FakeIssue): JsonObject[] {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label ? [labelShape(world, repository, label)] : [];
  });
}

/** What issues and pull requests share. */
function commonShape(world: FakeWorld, repository: FakeRepository, issue: FakeIssue): JsonObject {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: userShape(world, issue.login),
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    labels: labelsShape(world, repository, issue),
    assignee: issue.assignees[0] ? userShape(world, issue.assignees[0]) : null,
    assignees: issue.assignees.map((login) => userShape(world, login)),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(issue.login),
  };
}

/** GitHub hides private membership: this says little about what somebody may do. */
function associationOf(login: string): string {
  return login === BOT ? "NONE" : "CONTRIBUTOR";
}

export function issueShape(world: FakeWorld, repository: FakeRepository, issue: FakeIssue): JsonObject {
  const own = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const html = `${world.url}/${repository.fullName}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const pulls = `${repositoryUrl(world, repository)}/pulls/${issue.number}`;
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url: own,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${own}/labels{/name}`,
    comments_url: `${own}/comments`,
    events_url: `${own}/events`,
    html_url: html,
    ...commonShape(world, repository, issue),
    state_reason: issue.stateReason,
    comments: [...repository.comments.values()].filter((comment) => comment.issue === issue.number).length,
    reactions: reactionCounts(`${own}/reactions`),
    timeline_url: `${own}/timeline`,
    performed_via_github_app: null,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: { url: pulls, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: issue.pull.mergedAt },
        }
      : {}),
  };
}

/** As lists and webhooks show it. */
export function simplePullShape(world: FakeWorld, repository: FakeRepository, issue: PullIssue): JsonObject {
  const { pull } = issue;
  const own = `${repositoryUrl(world, repository)}/pulls/${issue.number}`;
  const asIssue = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const html = `${world.url}/${repository.fullName}/pull/${issue.number}`;
  const head = headOf(repository, issue);
  const statuses = `${repositoryUrl(world, repository)}/statuses/${head}`;
  const links = {
    self: own,
    html,
    issue: asIssue,
    comments: `${asIssue}/comments`,
    review_comments: `${own}/comments`,
    review_comment: `${own}/comments{/number}`,
    commits: `${own}/commits`,
    statuses,
  };
  return {
    id: issue.id,
    node_id: `PR_${issue.id}`,
    url: own,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: asIssue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    ...commonShape(world, repository, issue),
    draft: pull.draft,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    requested_reviewers: pull.reviewers.map((login) => userShape(world, login)),
    requested_teams: pull.teams.map((slug) => teamShape(world, repository.owner, slug)),
    head: endShape(world, repository, pull.head, head, pull.fork ?? repository.owner),
    base: endShape(world, repository, pull.base, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    auto_merge: null,
  };
}

function endShape(world: FakeWorld, repository: FakeRepository, ref: string, sha: string, owner = repository.owner): JsonObject {
  const repo = repositoryShape(world, { ...repository, owner, fullName: `${owner}/${repository.name}` });
  return { label: `${owner}:${ref}`, ref, sha, user: userShape(world, owner), repo };
}

/** As a single read, a creation or an update shows it. `compute`: a read makes GitHub find out whether it can be merged, for the next one to know. */
export function pullShape(world: FakeWorld, repository: FakeRepository, issue: PullIssue): JsonObject {
  const { git } = repository;
  const { pull } = issue;
  const head = headOf(repository, issue);
  const from = mergeBase(git, pull.baseSha, head) ?? pull.baseSha;
  const behind = ancestorsOf(git, pull.baseSha);
  const files = differences(git, from, head).map((file) => patchOf(git, file));
  const mergeable = mergeability(repository, issue);
  return {
    ...simplePullShape(world, repository, issue),
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy ? userShape(world, pull.mergedBy) : null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    comments: [...repository.comments.values()].filter((comment) => comment.issue === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: [...ancestorsOf(git, head)].filter((sha) => !behind.has(sha)).length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: files.length,
  };
}

function mergeability(repository: FakeRepository, issue: PullIssue): boolean | null {
  const [head, base] = [headOf(repository, issue), tipOf(repository, issue.pull.base)];
  if (issue.state === "closed" || base === undefined) return null;
  const asked = `${base}...${head}`;
  const known = issue.pull.mergeableKnownFor === asked;
  issue.pull.mergeableKnownFor = asked;
  if (!known) return null;
  const common = mergeBase(repository.git, base, head);
  return common !== undefined && mergedFiles(repository.git, common, base, head) !== "conflict";
}

export function commentShape(world: FakeWorld, repository: FakeRepository, comment: FakeComment): JsonObject {
  const own = `${repositoryUrl(world, repository)}/issues`;
  const isPull = repository.issues.get(comment.issue)?.pull !== undefined;
  const html = `${world.url}/${repository.fullName}/${isPull ? "pull" : "issues"}/${comment.issue}`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${own}/comments/${comment.id}`,
    html_url: `${html}#issuecomment-${comment.id}`,
    issue_url: `${own}/${comment.issue}`,
    user: userShape(world, comment.login),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(comment.login),
    performed_via_github_app: null,
    reactions: reactionCounts(`${own}/comments/${comment.id}/reactions`),
  };
}

export function reactionShape(world: FakeWorld, reaction: FakeReaction): JsonObject {
  const { id, login, content, createdAt } = reaction;
  return { id, node_id: `RE_${id}`, user: userShape(world, login), content, created_at: createdAt };
}

function reactionCounts(url: string): Json {
  return { url, total_count: 0, "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
}
