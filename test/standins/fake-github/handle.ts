import { createHash } from "node:crypto";
import { isObject } from "../../../src/cluster/objects.ts";
import type { Answer, Exchange, Next } from "../github/exchange.ts";
import { OWN } from "../github/front.ts";
import type { Conformance } from "../openapi/conformance.ts";
import { callerOf, loginOf, refusal } from "./access.ts";
import { type Call, NOT_FOUND, nothing, type RepositoryRoute, type Route, refuse } from "./route.ts";
import { createRouter } from "./router.ts";
import { APP_REPOSITORY_ROUTES, APP_ROUTES } from "./routes-app.ts";
import { CHECK_ROUTES } from "./routes-checks.ts";
import { COMMENT_ROUTES } from "./routes-comments.ts";
import { GIT_ROUTES } from "./routes-git.ts";
import { ISSUE_ROUTES } from "./routes-issues.ts";
import { PULL_ROUTES } from "./routes-pulls.ts";
import { REPOSITORY_ROUTES, USER_ROUTES } from "./routes-repository.ts";
import type { FakeWorld } from "./state.ts";

const IN_REPOSITORIES = [...REPOSITORY_ROUTES, ...GIT_ROUTES, ...PULL_ROUTES, ...ISSUE_ROUTES, ...COMMENT_ROUTES, ...CHECK_ROUTES, ...APP_REPOSITORY_ROUTES];
const ROUTES = [...IN_REPOSITORIES.map(inRepository), ...APP_ROUTES, ...USER_ROUTES];

/** Every operation that the fake serves. */
export const OPERATIONS = ROUTES.map(({ operation }) => operation);

/** The version that the App pins (docs.github.com/rest/about-the-rest-api/api-versions). */
const VERSION = "2022-11-28";

function inRepository({ operation, needs, serve }: RepositoryRoute): Route {
  return {
    operation,
    needs,
    serve(call) {
      const repository = repositoryIn(call);
      return repository ? serve({ ...call, repository }) : NOT_FOUND;
    },
  };
}

function repositoryIn({ world, params }: Pick<Call, "world" | "params">) {
  return world.repositories.get(`${params.owner}/${params.repo}`.toLowerCase());
}

/** Serves requests. What does not conform to GitHub's description goes to `violations`, and the request is answered all the same. */
export function createHandle(world: FakeWorld, conformance: Conformance, violations: string[]): Next {
  const find = createRouter(ROUTES);
  let used = 0;

  function serve(exchange: Exchange): Answer {
    const { pathname, searchParams } = new URL(exchange.path, world.url);
    const caller = callerOf(world, exchange.headers.authorization ?? "");
    if (!caller) return refuse(401, "Bad credentials");
    const found = find(exchange.method, pathname);
    if (!found) {
      violations.push(`${exchange.method} ${pathname}: the fake has no such operation`);
      return NOT_FOUND;
    }
    const { route, params } = found;
    const note = (wrong: string[]) => violations.push(...wrong);
    note(conformance.request(route.operation, params, exchange));
    if (exchange.headers[OWN] === undefined && exchange.headers["x-github-api-version"] !== VERSION) note([`${route.operation}: no X-GitHub-Api-Version`]);
    const refused = refusal(world, caller, route.needs, exchange.method, repositoryIn({ world, params }));
    if (refused) return refused;
    if (isTooLong(exchange)) return refuse(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    const call = { world, params, query: searchParams, body: isObject(exchange.body) ? exchange.body : {}, login: loginOf(caller), path: exchange.path };
    const answer = route.serve(call);
    note(conformance.answer(route.operation, answer));
    return answer;
  }

  return async (exchange) => {
    const answer = conditional(exchange, serve(exchange));
    const counted = exchange.headers[OWN] === undefined && answer.status !== 304;
    if (counted) used++;
    const limits = {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": String(5000 - used),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": "core",
    };
    const reset = String(Math.floor(Date.now() / 1000) + 3600);
    return { ...answer, headers: { ...answer.headers, ...limits, "x-ratelimit-reset": reset, "x-github-api-version-selected": VERSION } };
  };
}

/** Bodies of pull requests, issues and comments. */
function isTooLong({ body }: Exchange): boolean {
  return isObject(body) && typeof body.body === "string" && body.body.length > 65_536;
}

/** `304 Not Modified` costs nothing of the rate limit (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). The tag differs from token to token. */
function conditional({ method, headers }: Exchange, answer: Answer): Answer {
  if (method !== "GET" || answer.status !== 200) return answer;
  const hash = createHash("sha256")
    .update(headers.authorization ?? "")
    .update(JSON.stringify(answer.body ?? null));
  const etag = `W/"${hash.digest("hex")}"`;
  if (headers["if-none-match"] === etag) return { ...nothing(304), headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}
