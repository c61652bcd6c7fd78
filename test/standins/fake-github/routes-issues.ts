import { isObject, type Json, listAt, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, invalid } from "../github/exchange.ts";
import { closePull, sendPull } from "./branches.ts";
import { labelled, newIssue, sendIssue, touch } from "./issues.ts";
import { created, NOT_FOUND, ok, page, type RepositoryCall, type RepositoryRoute, sorted } from "./route.ts";
import { issueShape, labelShape } from "./shapes-issues.ts";
import { type FakeIssue, isPull } from "./state.ts";

const ISSUES = "/repos/{owner}/{repo}/issues";
const ONE = `${ISSUES}/{issue_number}`;
const READ = ["issues:read"] as const;
/** Labels and assignees of a pull request are there for who may write pull requests, too. */
const EITHER = ["issues:write", "pull_requests:write"] as const;

/** docs.github.com/rest/issues */
export const ISSUE_ROUTES: RepositoryRoute[] = [
  { operation: `GET ${ISSUES}`, needs: READ, serve: listIssues },
  { operation: `POST ${ISSUES}`, needs: ["issues:write"], serve: createIssue },
  { operation: `GET ${ONE}`, needs: READ, serve: (call) => onIssue(call, (issue) => ok(issueShape(call.world, call.repository, issue))) },
  { operation: `PATCH ${ONE}`, needs: EITHER, serve: (call) => onIssue(call, (issue) => updateIssue(call, issue)) },
  { operation: `GET ${ONE}/labels`, needs: READ, serve: (call) => onIssue(call, (issue) => ok(labelsOf(call, issue))) },
  { operation: `POST ${ONE}/labels`, needs: EITHER, serve: (call) => onIssue(call, (issue) => addLabels(call, issue)) },
  { operation: `DELETE ${ONE}/labels/{name}`, needs: EITHER, serve: (call) => onIssue(call, (issue) => removeLabel(call, issue)) },
  { operation: `POST ${ONE}/assignees`, needs: EITHER, serve: (call) => onIssue(call, (issue) => addAssignees(call, issue)) },
  { operation: "GET /repos/{owner}/{repo}/labels", needs: READ, serve: listLabels },
];

export function onIssue(call: RepositoryCall, serve: (issue: FakeIssue) => Answer): Answer {
  const issue = call.repository.issues.get(Number(call.params.issue_number));
  return issue ? serve(issue) : NOT_FOUND;
}

function listIssues(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const state = query.get("state") ?? "open";
  const wanted = (query.get("labels") ?? "")
    .split(",")
    .filter(Boolean)
    .map((name) => name.toLowerCase());
  const found = [...repository.issues.values()].filter((issue) => {
    const has = new Set(issue.labels.map((name) => name.toLowerCase()));
    return (
      (state === "all" || issue.state === state) &&
      wanted.every((name) => has.has(name)) &&
      (query.get("creator") ?? issue.login) === issue.login &&
      issue.updatedAt >= (query.get("since") ?? "")
    );
  });
  return page(call, sorted(call, found), (issue) => issueShape(world, repository, issue));
}

function createIssue(call: RepositoryCall): Answer {
  const { world, repository, body, login } = call;
  const title = String(body.title ?? "");
  if (title.trim() === "") return invalid("Issue", { field: "title", code: "missing_field" });
  const issue = newIssue(world, repository, { title, body: typeof body.body === "string" ? body.body : null, login });
  issue.labels = labelled(world, repository, namesIn(listAt(body, "labels")));
  issue.assignees = assignable(call, listAt(body, "assignees"));
  repository.issues.set(issue.number, issue);
  sendIssue(world, repository, issue, "opened", login);
  return created(issueShape(world, repository, issue));
}

function updateIssue(call: RepositoryCall, issue: FakeIssue): Answer {
  const { world, repository, body, login } = call;
  const edited = typeof body.title === "string" || typeof body.body === "string";
  if (typeof body.title === "string") issue.title = body.title;
  if (typeof body.body === "string") issue.body = body.body;
  if (Array.isArray(body.labels)) issue.labels = labelled(world, repository, namesIn(body.labels));
  if (Array.isArray(body.assignees)) issue.assignees = assignable(call, body.assignees);
  touch(issue);
  if (edited && isPull(issue)) sendPull(world, repository, issue, "edited", login, { changes: {} });
  else if (edited) sendIssue(world, repository, issue, "edited", login);
  setState(call, issue, textAt(body, "state"));
  return ok(issueShape(world, repository, issue));
}

function setState({ world, repository, body, login }: RepositoryCall, issue: FakeIssue, state: string): void {
  if (state === issue.state || (state !== "open" && state !== "closed")) return;
  if (isPull(issue)) {
    if (state === "closed") closePull(world, repository, issue, login);
    return;
  }
  issue.state = state;
  issue.stateReason = state === "open" ? "reopened" : textAt(body, "state_reason") || "completed";
  issue.closedAt = state === "open" ? null : issue.updatedAt;
  sendIssue(world, repository, issue, state === "open" ? "reopened" : "closed", login);
}

/** Labels are given as names or as objects with one. */
function namesIn(labels: readonly Json[]): string[] {
  return labels.map((label) => (isObject(label) ? textAt(label, "name") : String(label)));
}

/** Who cannot be assigned is left out without a word (docs.github.com/rest/issues/assignees#add-assignees-to-an-issue). */
function assignable({ world }: RepositoryCall, logins: readonly Json[]): string[] {
  return logins.map(String).filter((login) => !["none", undefined].includes(world.people.get(login)));
}

function labelsOf({ world, repository }: RepositoryCall, issue: FakeIssue): Json[] {
  return listAt(issueShape(world, repository, issue), "labels");
}

function addLabels(call: RepositoryCall, issue: FakeIssue): Answer {
  const names = labelled(call.world, call.repository, namesIn(Array.isArray(call.body.labels) ? call.body.labels : []));
  issue.labels = [...new Set([...issue.labels, ...names])];
  touch(issue);
  return ok(labelsOf(call, issue));
}

function removeLabel(call: RepositoryCall, issue: FakeIssue): Answer {
  const name = (call.params.name ?? "").toLowerCase();
  if (!issue.labels.some((label) => label.toLowerCase() === name)) return NOT_FOUND;
  issue.labels = issue.labels.filter((label) => label.toLowerCase() !== name);
  touch(issue);
  return ok(labelsOf(call, issue));
}

function addAssignees(call: RepositoryCall, issue: FakeIssue): Answer {
  issue.assignees = [...new Set([...issue.assignees, ...assignable(call, listAt(call.body, "assignees"))])];
  touch(issue);
  return created(issueShape(call.world, call.repository, issue));
}

function listLabels(call: RepositoryCall): Answer {
  const { world, repository } = call;
  return page(call, [...repository.labels.values()], (label) => labelShape(world, repository, label));
}
