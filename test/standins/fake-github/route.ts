import type { Json, JsonObject } from "../../../src/cluster/objects.ts";
import { type Answer, answer } from "../github/exchange.ts";
import type { FakeRepository, FakeWorld } from "./state.ts";

/** One request that found its operation: who asks, and for what. */
export interface Call {
  world: FakeWorld;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  /** Who asks; an installation's token acts as the App. */
  login: string;
  /** Path and query as they were asked, for links to further pages. */
  path: string;
}

export interface RepositoryCall extends Call {
  repository: FakeRepository;
}

/**
 * What a caller must be allowed: `app` is the App itself by its JWT, `anybody` everybody with a token, `admin` the stand-in's own; else an App's permission of
 * which one is enough, such as `issues:write`.
 */
export type Needs = "app" | "anybody" | "admin" | readonly `${string}:${"read" | "write"}`[];

export interface Route {
  /** As in GitHub's OpenAPI description: `GET /repos/{owner}/{repo}`. */
  operation: string;
  needs: Needs;
  serve(call: Call): Answer;
}

export interface RepositoryRoute {
  operation: string;
  needs: Needs;
  serve(call: RepositoryCall): Answer;
}

export function ok(body: Json): Answer {
  return answer(200, body);
}

export function created(body: Json): Answer {
  return answer(201, body);
}

export function nothing(status = 204): Answer {
  return { status, headers: {}, body: undefined };
}

export function refuse(status: number, message: string): Answer {
  return answer(status, { message, documentation_url: "https://docs.github.com/rest", status: String(status) });
}

export const NOT_FOUND: Answer = refuse(404, "Not Found");

/** One page of a list, with links to the others (docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export function page<T>({ world, query, path }: Call, all: readonly T[], show: (one: T) => Json, wrap: (list: Json[]) => Json = (list) => list): Answer {
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const number = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string) => {
    const url = new URL(path, world.url);
    url.searchParams.set("page", String(to));
    return `<${url}>; rel="${rel}"`;
  };
  const links = [...(number < last ? [link(number + 1, "next"), link(last, "last")] : []), ...(number > 1 ? [link(number - 1, "prev"), link(1, "first")] : [])];
  const shown = answer(200, wrap(all.slice((number - 1) * size, number * size).map(show)));
  return links.length === 0 ? shown : { ...shown, headers: { ...shown.headers, link: links.join(", ") } };
}

/** `sort` and `direction` as lists of issues and pull requests take them; newest first unless told. */
export function sorted<T extends { createdAt: string; updatedAt: string; number: number }>({ query }: Call, all: readonly T[]): T[] {
  const by = (one: T) => (query.get("sort") === "updated" ? one.updatedAt : one.createdAt);
  const ascending = all.toSorted((a, b) => by(a).localeCompare(by(b)) || a.number - b.number);
  return query.get("direction") === "asc" ? ascending : ascending.reverse();
}
