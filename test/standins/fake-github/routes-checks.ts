import { isObject, type JsonObject, listAt, objectAt, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, invalid } from "../github/exchange.ts";
import { BOT } from "../github/people.ts";
import { created, NOT_FOUND, ok, page, type RepositoryCall, type RepositoryRoute, refuse } from "./route.ts";
import { runInHookShape, runShape, suiteShape } from "./shapes-checks.ts";
import { commitOf, type FakeRun, stamp } from "./state.ts";

const REPO = "/repos/{owner}/{repo}";
const READ = ["checks:read"] as const;
const WRITE = ["checks:write"] as const;

/** docs.github.com/rest/checks */
export const CHECK_ROUTES: RepositoryRoute[] = [
  { operation: `POST ${REPO}/check-runs`, needs: WRITE, serve: createRun },
  { operation: `GET ${REPO}/check-runs/{check_run_id}`, needs: READ, serve: (call) => onRun(call, (run) => ok(runShape(call.world, call.repository, run))) },
  { operation: `PATCH ${REPO}/check-runs/{check_run_id}`, needs: WRITE, serve: (call) => onRun(call, (run) => updateRun(call, run)) },
  {
    operation: `GET ${REPO}/check-runs/{check_run_id}/annotations`,
    needs: READ,
    serve: (call) => onRun(call, (run) => page(call, run.annotations, (one) => one)),
  },
  { operation: `POST ${REPO}/check-runs/{check_run_id}/rerequest`, needs: READ, serve: (call) => onRun(call, (run) => rerequestRun(call, run)) },
  { operation: `GET ${REPO}/commits/{ref}/check-runs`, needs: READ, serve: listRuns },
  { operation: `GET ${REPO}/commits/{ref}/check-suites`, needs: READ, serve: listSuites },
  { operation: `POST ${REPO}/check-suites/{check_suite_id}/rerequest`, needs: WRITE, serve: rerequestSuite },
];

function onRun(call: RepositoryCall, serve: (run: FakeRun) => Answer): Answer {
  const run = call.repository.runs.get(Number(call.params.check_run_id));
  return run ? serve(run) : NOT_FOUND;
}

function createRun(call: RepositoryCall): Answer {
  const { world, repository, body, login } = call;
  const headSha = textAt(body, "head_sha");
  if (!repository.git.commits.has(headSha)) return refuse(422, `No commit found for SHA: ${headSha}`);
  const problem = overLimit(body);
  if (problem) return invalid("CheckRun", { field: problem, code: "invalid", message: `${problem} is over the limit` });
  const suite = [...repository.suites.values()].find((one) => one.headSha === headSha) ?? { id: world.id(), headSha, createdAt: stamp() };
  repository.suites.set(suite.id, suite);
  const run: FakeRun = {
    id: world.id(),
    suite: suite.id,
    name: textAt(body, "name"),
    headSha,
    externalId: null,
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: stamp(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
    login,
  };
  apply(run, body);
  repository.runs.set(run.id, run);
  return created(runShape(world, repository, run));
}

function updateRun({ world, repository, body, login }: RepositoryCall, run: FakeRun): Answer {
  if (login === BOT && run.login !== BOT) return refuse(403, "Invalid app_id - check run can only be modified by the GitHub App that created it.");
  const problem = overLimit(body);
  if (problem) return invalid("CheckRun", { field: problem, code: "invalid", message: `${problem} is over the limit` });
  apply(run, body);
  return ok(runShape(world, repository, run));
}

/** What is given replaces what was there, but annotations are added to the earlier ones. A conclusion completes the run. */
function apply(run: FakeRun, body: JsonObject): void {
  const given = (field: string) => (typeof body[field] === "string" ? textAt(body, field) : undefined);
  run.name = given("name") ?? run.name;
  run.externalId = given("external_id") ?? run.externalId;
  run.detailsUrl = given("details_url") ?? run.detailsUrl;
  run.conclusion = given("conclusion") ?? run.conclusion;
  run.status = run.conclusion ? "completed" : (given("status") ?? run.status);
  run.completedAt = run.status === "completed" ? (given("completed_at") ?? run.completedAt ?? stamp()) : null;
  if (isObject(body.output)) {
    const text = (field: string) => (isObject(body.output) && typeof body.output[field] === "string" ? textAt(body.output, field) : null);
    run.output = { title: text("title"), summary: text("summary"), text: text("text") };
    run.annotations.push(...listAt(body, "output", "annotations").filter(isObject).map(annotation));
  }
  if (Array.isArray(body.actions)) run.actions = body.actions.filter(isObject);
}

function annotation(given: JsonObject): JsonObject {
  return { start_column: null, end_column: null, title: null, raw_details: null, blob_href: "", ...given };
}

/** Limits that the description has in words only: docs.github.com/rest/checks/runs#create-a-check-run. */
function overLimit(body: JsonObject): string | undefined {
  const output = objectAt(body, "output");
  if (listAt(output, "annotations").length > 50) return "output.annotations";
  for (const field of ["summary", "text"]) if (textAt(output, field).length > 65_535) return `output.${field}`;
  const long = listAt(output, "annotations").some((one) => Buffer.byteLength(textAt(one, "message")) > 65_536 || textAt(one, "title").length > 255);
  if (long) return "output.annotations";
  return listAt(body, "actions").length > 3 ? "actions" : undefined;
}

function listRuns(call: RepositoryCall): Answer {
  const { world, repository, params, query } = call;
  const sha = commitOf(repository, params.ref ?? "");
  if (sha === undefined) return refuse(422, `No commit found for SHA: ${params.ref}`);
  const named = [...repository.runs.values()].filter((run) => run.headSha === sha && (query.get("check_name") ?? run.name) === run.name).reverse();
  // "latest" is one run for each name of each App.
  const latest = named.filter((run, i) => named.findIndex((other) => other.name === run.name && other.login === run.login) === i);
  const all = query.get("filter") === "all" ? named : latest;
  return page(
    call,
    all,
    (run) => runShape(world, repository, run),
    (list) => ({ total_count: all.length, check_runs: list }),
  );
}

function listSuites(call: RepositoryCall): Answer {
  const { world, repository, params } = call;
  const sha = commitOf(repository, params.ref ?? "");
  const all = [...repository.suites.values()].filter((suite) => suite.headSha === sha);
  return page(
    call,
    all,
    (suite) => suiteShape(world, repository, suite),
    (list) => ({ total_count: all.length, check_suites: list }),
  );
}

/** The "Re-run" buttons. */
function rerequestRun({ world, repository, login }: RepositoryCall, run: FakeRun): Answer {
  world.send("check_run", repository, login, { action: "rerequested", check_run: runInHookShape(world, repository, run) });
  return created({});
}

function rerequestSuite({ world, repository, params, login }: RepositoryCall): Answer {
  const suite = repository.suites.get(Number(params.check_suite_id));
  if (!suite) return NOT_FOUND;
  const { repository: _, ...shape } = suiteShape(world, repository, suite);
  world.send("check_suite", repository, login, { action: "rerequested", check_suite: shape });
  return created({});
}
