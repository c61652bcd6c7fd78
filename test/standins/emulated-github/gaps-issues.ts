import { isObject, type Json, type JsonObject, listAt, textAt } from "../../../src/cluster/objects.ts";
import { answer, type Gap, repositoryPath } from "../github/exchange.ts";
import { dress } from "./dress.ts";
import { must, type World } from "./world.ts";

/** For GitHub every pull request is an issue as well, and a comment changes its thread; the emulator keeps them apart. */
export function pullsAsIssues(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const match = /^issues(?:\/(\d+))?$/.exec(place?.rest ?? "");
    if (!place || !match || exchange.method !== "GET") return next(exchange);
    const pulls = listAt(await must(world, "GET", `/repos/${place.fullName}/pulls?state=all&per_page=100`)).filter(isObject);
    if (match[1]) {
      const pull = pulls.find(({ number }) => number === Number(match[1]));
      return pull ? answer(200, await asIssue(world, place.fullName, pull)) : next(exchange);
    }
    const result = await next(exchange);
    const issues = listAt(result.body).filter((issue) => !pulls.some(({ number }) => isObject(issue) && issue.number === number));
    const threads = await Promise.all([...issues.filter(isObject), ...pulls].map((thread) => asIssue(world, place.fullName, thread)));
    const wanted = threads.filter((thread) => fits(thread, place.query));
    const by = place.query.get("sort") === "updated" ? "updated_at" : "created_at";
    wanted.sort((a, b) => textAt(a, by).localeCompare(textAt(b, by)) || Number(a.number) - Number(b.number));
    return answer(200, place.query.get("direction") === "asc" ? wanted : wanted.reverse());
  };
}

async function asIssue(world: World, fullName: string, thread: JsonObject): Promise<JsonObject> {
  const comments = listAt(await must(world, "GET", `/repos/${fullName}/issues/${thread.number}/comments?per_page=100`));
  const times = [textAt(thread, "updated_at"), ...comments.map((comment) => textAt(comment, "updated_at"))].sort();
  const dressed = await dress(world, thread);
  const isPull = isObject(thread.head);
  const { html_url, merged_at = null } = thread;
  const marks: JsonObject = isPull ? { pull_request: { html_url: html_url ?? null, merged_at } } : {};
  return { ...(isObject(dressed) ? dressed : thread), comments: comments.length, updated_at: times.at(-1) ?? "", ...marks };
}

function fits(thread: JsonObject, query: URLSearchParams): boolean {
  const labels = listAt(thread, "labels").map((label: Json) => textAt(label, "name"));
  const wanted = (query.get("labels") ?? "").split(",").filter(Boolean);
  const state = query.get("state") ?? "open";
  return wanted.every((label) => labels.includes(label)) && (state === "all" || thread.state === state);
}
