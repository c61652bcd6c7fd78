import { at, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../../src/cluster/objects.ts";
import { answer, type Gap, invalid, repositoryPath } from "../github/exchange.ts";
import { ask, must, type World } from "./world.ts";

/**
 * Check runs as GitHub has them (rest/checks/runs): limits are enforced, annotations of an update are added to the earlier ones, buttons are called by `identifier`
 * (the emulator asks for `id` and drops others without a word), the run names its App, its suite's branch and its pull requests, and a commit must exist.
 */
export function checkRuns(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const match = /^check-runs(?:\/(\d+))?$/.exec(place?.rest ?? "");
    const writes = place && match && (exchange.method === "POST" || exchange.method === "PATCH");
    if (!writes || !isObject(exchange.body)) return next(exchange);
    const problem = overLimit(exchange.body);
    if (problem) return invalid("CheckRun", { field: problem, code: "invalid", message: `${problem} is over the limit` });
    const head = textAt(exchange.body, "head_sha");
    if (exchange.method === "POST" && (await ask(world, "GET", `/repos/${place.fullName}/git/commits/${head}`)).status !== 200) {
      return answer(422, { message: `No commit found for SHA: ${head}` });
    }
    const earlier = match[1]
      ? listAt(await must(world, "GET", `/repos/${place.fullName}/check-runs/${match[1]}/annotations?per_page=100`), "check_annotations")
      : [];
    return next({ ...exchange, body: forEmulator(exchange.body, earlier) });
  };
}

/** GitHub lists annotations as an array (rest/checks/runs#list-check-run-annotations); the emulator wraps them. */
export function annotationLists(): Gap {
  return async (exchange, next) => {
    const result = await next(exchange);
    const lists = exchange.method === "GET" && /^check-runs\/\d+\/annotations$/.test(repositoryPath(exchange.path)?.rest ?? "");
    return lists && result.status === 200 ? { ...result, body: listAt(result.body, "check_annotations") } : result;
  };
}

function overLimit(body: JsonObject): string | undefined {
  const output = objectAt(body, "output");
  if (listAt(output, "annotations").length > 50) return "output.annotations";
  for (const field of ["summary", "text"]) if (textAt(output, field).length > 65_535) return `output.${field}`;
  const actions = listAt(body, "actions");
  const long = (field: string, length: number) => actions.some((action) => textAt(action, field).length > length);
  return actions.length > 3 || long("label", 20) || long("description", 40) || long("identifier", 20) ? "actions" : undefined;
}

function forEmulator(body: JsonObject, earlier: Json[]): JsonObject {
  const changed: JsonObject = { ...body };
  if (isObject(body.output)) changed.output = { ...body.output, annotations: [...earlier, ...listAt(body, "output", "annotations")] };
  if (Array.isArray(body.actions)) changed.actions = body.actions.map((action) => (isObject(action) ? { ...action, id: action.identifier ?? null } : action));
  return changed;
}

/** What GitHub says of a check run beyond what the emulator does: the App, the suite's branch and the open pull requests at its commit. */
export function dressCheckRun(run: JsonObject, world: World, pulls: readonly JsonObject[], branches: readonly Json[]): JsonObject {
  const sha = textAt(run, "head_sha");
  const here = pulls.filter((pull) => textAt(pull, "head", "sha") === sha && textAt(pull, "state") === "open");
  const branch =
    textAt(here[0], "head", "ref") ||
    textAt(
      branches.find((one) => textAt(one, "commit", "sha") === sha),
      "name",
    );
  return {
    ...run,
    app: { id: world.appId, slug: "kube-autofix", name: "Kube AutoFix" },
    check_suite: { ...objectAt(run, "check_suite"), head_branch: branch || null },
    pull_requests: here.map((pull) => ({
      number: at(pull, "number") ?? null,
      url: textAt(pull, "url"),
      head: { ref: textAt(pull, "head", "ref"), sha },
      base: { ref: textAt(pull, "base", "ref"), sha: textAt(pull, "base", "sha") },
    })),
  };
}
