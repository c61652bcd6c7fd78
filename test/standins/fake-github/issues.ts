import type { JsonObject } from "../../../src/cluster/objects.ts";
import { commentShape, issueShape } from "./shapes-issues.ts";
import { type FakeComment, type FakeIssue, type FakeLabel, type FakeRepository, type FakeWorld, stamp } from "./state.ts";

/** What happens to issues, whoever asks for it. */

export function newIssue(world: FakeWorld, repository: FakeRepository, given: { title: string; body: string | null; login: string }): FakeIssue {
  return {
    ...given,
    id: world.id(),
    number: repository.nextNumber++,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: stamp(),
    updatedAt: stamp(),
    closedAt: null,
  };
}

/** Something about it changed. */
export function touch(issue: FakeIssue): void {
  issue.updatedAt = stamp(issue.updatedAt);
}

export function sendIssue(world: FakeWorld, repository: FakeRepository, issue: FakeIssue, action: string, login: string): void {
  const changes: JsonObject = action === "edited" ? { changes: {} } : {};
  world.send("issues", repository, login, { action, issue: issueShape(world, repository, issue), ...changes });
}

export function addComment(world: FakeWorld, repository: FakeRepository, issue: FakeIssue, body: string, login: string): FakeComment {
  const now = stamp();
  const comment = { id: world.id(), issue: issue.number, login, body, createdAt: now, updatedAt: now };
  repository.comments.set(comment.id, comment);
  touch(issue);
  sendComment(world, repository, comment, "created", login);
  return comment;
}

export function sendComment(world: FakeWorld, repository: FakeRepository, comment: FakeComment, action: string, login: string, more: JsonObject = {}): void {
  const issue = repository.issues.get(comment.issue);
  if (!issue) return;
  world.send("issue_comment", repository, login, {
    action,
    issue: issueShape(world, repository, issue),
    comment: commentShape(world, repository, comment),
    ...more,
  });
}

/** Labels that do not exist yet are made (docs.github.com/rest/issues/labels#add-labels-to-an-issue); names differ in more than case. */
export function labelled(world: FakeWorld, repository: FakeRepository, names: readonly string[]): string[] {
  return names.map((name) => {
    const known = repository.labels.get(name.toLowerCase());
    const label: FakeLabel = known ?? { id: world.id(), name, color: "ededed", description: "" };
    repository.labels.set(name.toLowerCase(), label);
    return label.name;
  });
}
