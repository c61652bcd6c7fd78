import type { JsonObject } from "../../../src/cluster/objects.ts";
import { BOT } from "../github/people.ts";
import { appShape, repositoryShape, repositoryUrl } from "./shapes.ts";
import { type FakeRepository, type FakeRun, type FakeSuite, type FakeWorld, headOf, pullsOf } from "./state.ts";

/** How GitHub shows check runs and check suites. */

export function runShape(world: FakeWorld, repository: FakeRepository, run: FakeRun): JsonObject {
  const own = `${repositoryUrl(world, repository)}/check-runs/${run.id}`;
  const html = `${world.url}/${repository.fullName}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    head_sha: run.headSha,
    external_id: run.externalId,
    name: run.name,
    url: own,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${own}/annotations` },
    check_suite: { id: run.suite },
    // A run that a person made with a token stands for another App's.
    app: { ...appShape(world, world.app), ...(run.login === BOT ? {} : { id: world.app.id + 1, slug: "another-app" }) },
    pull_requests: openPullsAt(world, repository, run.headSha),
  };
}

export function suiteShape(world: FakeWorld, repository: FakeRepository, suite: FakeSuite): JsonObject {
  const own = `${repositoryUrl(world, repository)}/check-suites/${suite.id}`;
  const runs = [...repository.runs.values()].filter((run) => run.suite === suite.id);
  const commit = repository.git.commits.get(suite.headSha);
  const person = { name: commit?.author.name ?? "", email: commit?.author.email ?? "" };
  return {
    id: suite.id,
    node_id: `CS_${suite.id}`,
    head_branch: branchAt(repository, suite.headSha),
    head_sha: suite.headSha,
    status: runs.every((run) => run.status === "completed") ? "completed" : "in_progress",
    conclusion: runs.at(-1)?.conclusion ?? null,
    url: own,
    before: null,
    after: suite.headSha,
    pull_requests: openPullsAt(world, repository, suite.headSha),
    app: appShape(world, world.app),
    repository: repositoryShape(world, repository),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
    head_commit: {
      id: suite.headSha,
      tree_id: commit?.tree ?? "",
      message: commit?.message ?? "",
      timestamp: suite.createdAt,
      author: person,
      committer: person,
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${own}/check-runs`,
  };
}

/** A webhook's check run has the suite within it. */
export function runInHookShape(world: FakeWorld, repository: FakeRepository, run: FakeRun): JsonObject {
  const suite = repository.suites.get(run.suite);
  const { repository: _, head_commit: __, ...whole } = suite ? suiteShape(world, repository, suite) : {};
  return { ...runShape(world, repository, run), check_suite: whole };
}

function openPullsAt(world: FakeWorld, repository: FakeRepository, sha: string): JsonObject[] {
  const end = (ref: string, at: string) => ({
    ref,
    sha: at,
    repo: { id: repository.id, url: repositoryUrl(world, repository), name: repository.name },
  });
  return pullsOf(repository)
    .filter((issue) => issue.state === "open" && issue.pull.fork === null && headOf(repository, issue) === sha)
    .map((issue) => ({
      id: issue.id,
      number: issue.number,
      url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
      head: end(issue.pull.head, sha),
      base: end(issue.pull.base, issue.pull.baseSha),
    }));
}

function branchAt(repository: FakeRepository, sha: string): string | null {
  const pull = pullsOf(repository).find((issue) => issue.state === "open" && issue.pull.fork === null && headOf(repository, issue) === sha);
  const ref = [...repository.refs].find(([name, at]) => name.startsWith("refs/heads/") && at === sha)?.[0];
  return pull?.pull.head ?? ref?.slice("refs/heads/".length) ?? null;
}
