import { type JsonObject, listAt, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, invalid } from "../github/exchange.ts";
import { closePull, moveBranch, sendPull } from "./branches.ts";
import { ancestorsOf, differences, logOf, mergeBase, mergedFiles } from "./git-graph.ts";
import { newIssue, touch } from "./issues.ts";
import { created, NOT_FOUND, ok, page, type RepositoryCall, type RepositoryRoute, refuse, sorted } from "./route.ts";
import { commitShape, fileShape } from "./shapes-git.ts";
import { pullShape, simplePullShape } from "./shapes-issues.ts";
import { forkRef, headOf, isPull, type PullIssue, pullsOf, stamp, tipOf } from "./state.ts";

const PULLS = "/repos/{owner}/{repo}/pulls";
const ONE = `${PULLS}/{pull_number}`;
const READ = ["pull_requests:read"] as const;
const WRITE = ["pull_requests:write"] as const;

/** docs.github.com/rest/pulls */
export const PULL_ROUTES: RepositoryRoute[] = [
  { operation: `GET ${PULLS}`, needs: READ, serve: listPulls },
  { operation: `POST ${PULLS}`, needs: WRITE, serve: createPull },
  { operation: `GET ${ONE}`, needs: READ, serve: (call) => onPull(call, (pull) => ok(pullShape(call.world, call.repository, pull))) },
  { operation: `PATCH ${ONE}`, needs: WRITE, serve: (call) => onPull(call, (pull) => updatePull(call, pull)) },
  { operation: `GET ${ONE}/files`, needs: READ, serve: (call) => onPull(call, (pull) => listFiles(call, pull)) },
  { operation: `GET ${ONE}/commits`, needs: READ, serve: (call) => onPull(call, (pull) => listPullCommits(call, pull)) },
  { operation: `PUT ${ONE}/merge`, needs: ["contents:write"], serve: (call) => onPull(call, (pull) => mergePull(call, pull)) },
  { operation: `GET ${ONE}/requested_reviewers`, needs: READ, serve: (call) => onPull(call, (pull) => ok(reviewersOf(call, pull))) },
  { operation: `POST ${ONE}/requested_reviewers`, needs: WRITE, serve: (call) => onPull(call, (pull) => requestReviewers(call, pull)) },
  { operation: "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", needs: READ, serve: pullsWithCommit },
];

function onPull(call: RepositoryCall, serve: (pull: PullIssue) => Answer): Answer {
  const issue = call.repository.issues.get(Number(call.params.pull_number));
  return issue && isPull(issue) ? serve(issue) : NOT_FOUND;
}

/** A filter for the head that names no owner is ignored, as GitHub ignores it. */
function listPulls(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const state = query.get("state") ?? "open";
  const head = query.get("head");
  const found = pullsOf(repository).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (head === null || !head.includes(":") || head === `${repository.owner}:${issue.pull.head}`) &&
      (query.get("base") ?? issue.pull.base) === issue.pull.base,
  );
  return page(call, sorted(call, found), (issue) => simplePullShape(world, repository, issue));
}

function createPull(call: RepositoryCall): Answer {
  const { world, repository, body, login } = call;
  const [, owner, head = ""] = /^(?:([^:]+):)?(.*)$/.exec(textAt(body, "head")) ?? [];
  const base = textAt(body, "base");
  const fork = owner === undefined || owner === repository.owner ? null : owner;
  const [headSha, baseSha] = [fork ? repository.refs.get(forkRef(fork, head)) : tipOf(repository, head), tipOf(repository, base)];
  if (headSha === undefined) return invalid("PullRequest", { field: "head", code: "invalid" });
  if (baseSha === undefined) return invalid("PullRequest", { field: "base", code: "invalid" });
  const custom = (message: string) => invalid("PullRequest", { code: "custom", message });
  if (pullsOf(repository).some((issue) => issue.state === "open" && issue.pull.head === head && issue.pull.fork === fork && issue.pull.base === base)) {
    return custom(`A pull request already exists for ${repository.owner}:${head}.`);
  }
  if (ancestorsOf(repository.git, baseSha).has(headSha)) return custom(`No commits between ${base} and ${head}`);
  const draft = body.draft === true;
  const pull = {
    head,
    fork,
    base,
    headSha,
    baseSha,
    draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    reviewers: [],
    teams: [],
    mergeableKnownFor: "",
  };
  const issue = { ...newIssue(world, repository, { title: textAt(body, "title"), body: bodyOf(body.body), login }), pull };
  repository.issues.set(issue.number, issue);
  sendPull(world, repository, issue, "opened", login);
  return created(pullShape(world, repository, issue));
}

/** GitHub takes at most 65,536 characters; the front refuses more. */
function bodyOf(body: unknown): string | null {
  return typeof body === "string" ? body : null;
}

function updatePull(call: RepositoryCall, issue: PullIssue): Answer {
  const { world, repository, body, login } = call;
  const state = textAt(body, "state");
  if (state === "open" && issue.state === "closed") {
    const tip = tipOf(repository, issue.pull.head);
    const taken = pullsOf(repository).some((other) => other.state === "open" && other.pull.head === issue.pull.head);
    const rewritten = tip !== undefined && !ancestorsOf(repository.git, tip).has(issue.pull.headSha);
    if (tip === undefined || issue.pull.mergedAt !== null || taken || rewritten) return invalid("PullRequest", { field: "state", code: "invalid" });
  }
  const edited = typeof body.title === "string" || typeof body.body === "string" || typeof body.base === "string";
  if (typeof body.title === "string") issue.title = body.title;
  if (typeof body.body === "string") issue.body = body.body;
  const { base, baseSha } = issue.pull;
  const changes: JsonObject = typeof body.base === "string" && body.base !== base ? { base: { ref: { from: base }, sha: { from: baseSha } } } : {};
  if (typeof body.base === "string") Object.assign(issue.pull, { base: body.base, baseSha: tipOf(repository, body.base) ?? baseSha });
  touch(issue);
  if (edited) sendPull(world, repository, issue, "edited", login, { changes });
  if (state === "closed" && issue.state === "open") closePull(world, repository, issue, login);
  if (state === "open" && issue.state === "closed") {
    Object.assign(issue, { state: "open", closedAt: null });
    sendPull(world, repository, issue, "reopened", login);
  }
  return ok(pullShape(world, repository, issue));
}

/** Where the diff of a pull request starts. */
function startOf({ repository }: RepositoryCall, issue: PullIssue): { from: string; head: string; base: string } {
  const base = (issue.state === "open" ? tipOf(repository, issue.pull.base) : undefined) ?? issue.pull.baseSha;
  const head = headOf(repository, issue);
  return { base, head, from: mergeBase(repository.git, base, head) ?? base };
}

function listFiles(call: RepositoryCall, issue: PullIssue): Answer {
  const { from, head } = startOf(call, issue);
  return page(call, differences(call.repository.git, from, head), (file) => fileShape(call.world, call.repository, file, head));
}

function listPullCommits(call: RepositoryCall, issue: PullIssue): Answer {
  const { git } = call.repository;
  const { base, head } = startOf(call, issue);
  const known = ancestorsOf(git, base);
  const commits = logOf(
    git,
    [...ancestorsOf(git, head)].filter((sha) => !known.has(sha)),
  ).reverse();
  return page(call, commits, (commit) => commitShape(call.world, call.repository, commit));
}

function mergePull(call: RepositoryCall, issue: PullIssue): Answer {
  const { world, repository, body, login } = call;
  const { git } = repository;
  const head = headOf(repository, issue);
  const base = tipOf(repository, issue.pull.base);
  const wanted = textAt(body, "sha");
  if (issue.state !== "open" || base === undefined || issue.pull.draft) return refuse(405, "Pull Request is not mergeable");
  if (wanted !== "" && wanted !== head) return refuse(409, "Head branch was modified. Review and try the merge again.");
  const files = mergedFiles(git, mergeBase(git, base, head) ?? base, base, head);
  if (files === "conflict") return refuse(405, "Pull Request is not mergeable");
  const person = { name: login, email: `${login}@users.noreply.github.com`, seconds: Date.parse(stamp()) / 1000 };
  const squash = textAt(body, "merge_method") === "squash";
  const message = squash
    ? `${issue.title} (#${issue.number})`
    : `Merge pull request #${issue.number} from ${repository.owner}/${issue.pull.head}\n\n${issue.title}`;
  const parents = squash ? [base] : [base, head];
  const sha = git.addCommit({
    tree: git.addTree(files),
    parents,
    author: person,
    committer: person,
    message,
    authorLogin: login,
    committerLogin: login,
    signed: false,
  });
  issue.pull.baseSha = base;
  Object.assign(issue.pull, { mergedAt: stamp(), mergedBy: login, mergeCommit: sha });
  closePull(world, repository, issue, login);
  moveBranch(world, repository, `refs/heads/${issue.pull.base}`, sha, login);
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

function reviewersOf({ world, repository }: RepositoryCall, issue: PullIssue) {
  const shape = simplePullShape(world, repository, issue);
  return { users: listAt(shape, "requested_reviewers"), teams: listAt(shape, "requested_teams") };
}

/** Only people and teams with access, and not the author; all of a request or nothing of it (docs.github.com/rest/pulls/review-requests#request-reviewers-for-a-pull-request). */
function requestReviewers(call: RepositoryCall, issue: PullIssue): Answer {
  const { world, repository, body } = call;
  const wanted = listAt(body, "reviewers").map(String);
  const teams = listAt(body, "team_reviewers").map(String);
  if (wanted.some((login) => ["none", undefined].includes(world.people.get(login))) || teams.some((team) => !world.teams.includes(team)))
    return refuse(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.");
  if (wanted.includes(issue.login)) return refuse(422, "Review cannot be requested from pull request author.");
  issue.pull.reviewers = [...new Set([...issue.pull.reviewers, ...wanted])];
  issue.pull.teams = [...new Set([...issue.pull.teams, ...teams])];
  touch(issue);
  return created(simplePullShape(world, repository, issue));
}

function pullsWithCommit(call: RepositoryCall): Answer {
  const { world, repository, params } = call;
  const sha = params.commit_sha ?? "";
  if (!repository.git.commits.has(sha)) return refuse(422, `No commit found for SHA: ${sha}`);
  const found = pullsOf(repository).filter(
    (issue) =>
      issue.pull.mergeCommit === sha ||
      (ancestorsOf(repository.git, headOf(repository, issue)).has(sha) && !ancestorsOf(repository.git, issue.pull.baseSha).has(sha)),
  );
  return page(call, found, (issue) => simplePullShape(world, repository, issue));
}
