import { at, isObject, type Json, type JsonObject, listAt, textAt } from "../../../src/cluster/objects.ts";
import type { Gap } from "../github/exchange.ts";
import { dressCheckRun } from "./gaps-checks.ts";
import { keyOf, must, type World } from "./world.ts";

/**
 * What the emulator remembers wrongly of pull requests, put right wherever one appears, in answers and in webhooks:
 * the head follows the branch while it is open (the emulator keeps the first), and an issue says whether it is a pull request.
 */
export function dressed(world: World): Gap {
  return async (exchange, next) => {
    const result = await next(exchange);
    return { ...result, body: await dress(world, result.body) };
  };
}

export async function dress(world: World, body: Json | undefined): Promise<Json | undefined> {
  const names = new Set<string>();
  visit(body, (object) => {
    const name = repositoryOf(object);
    if (name) names.add(name);
  });
  const facts = new Map<string, Facts>();
  for (const name of names) facts.set(name, await factsOf(world, name));
  return facts.size === 0 ? body : replace(world, body, facts);
}

interface Facts {
  pulls: JsonObject[];
  branches: Json[];
}

async function factsOf(world: World, fullName: string): Promise<Facts> {
  const branches = listAt(await must(world, "GET", `/repos/${fullName}/branches?per_page=100`));
  const pulls = listAt(await must(world, "GET", `/repos/${fullName}/pulls?state=all&per_page=100`)).filter(isObject);
  return { branches, pulls: pulls.map((pull) => dressPull(world, pull, branches)) };
}

function dressPull(world: World, pull: JsonObject, branches: readonly Json[]): JsonObject {
  const key = keyOf(pull);
  const tip = branches.find((branch) => textAt(branch, "name") === textAt(pull, "head", "ref"));
  const head = textAt(pull, "state") === "open" ? textAt(tip, "commit", "sha") : world.frozenHeads.get(key);
  const merged = world.mergeCommits.get(key);
  return {
    ...pull,
    ...(head && isObject(pull.head) ? { head: { ...pull.head, sha: head } } : {}),
    ...(merged ? { merge_commit_sha: merged } : {}),
  };
}

function isPull(object: JsonObject): boolean {
  return typeof object.number === "number" && isObject(object.head) && isObject(object.base) && "merge_commit_sha" in object;
}

function isIssue(object: JsonObject): boolean {
  return typeof object.number === "number" && "labels_url" in object && "repository_url" in object;
}

function isCheckRun(object: JsonObject): boolean {
  return "head_sha" in object && "check_suite" in object && "output" in object;
}

function repositoryOf(object: JsonObject): string | undefined {
  if (!isPull(object) && !isIssue(object) && !isCheckRun(object)) return undefined;
  return /\/repos\/([^/]+\/[^/]+)\//.exec(textAt(object, "url"))?.[1];
}

function visit(body: Json | undefined, see: (object: JsonObject) => void): void {
  if (Array.isArray(body)) for (const item of body) visit(item, see);
  if (!isObject(body)) return;
  see(body);
  for (const value of Object.values(body)) visit(value, see);
}

function replace(world: World, body: Json | undefined, facts: ReadonlyMap<string, Facts>): Json | undefined {
  if (Array.isArray(body)) return body.map((item) => replace(world, item, facts) ?? null);
  if (!isObject(body)) return body;
  const known = facts.get(repositoryOf(body) ?? "");
  if (known && isPull(body)) return dressPull(world, body, known.branches);
  if (known && isCheckRun(body)) return dressCheckRun(body, world, known.pulls, known.branches);
  if (known && isIssue(body)) return withPullLink(body, known.pulls);
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, replace(world, value, facts) ?? null]));
}

/** GitHub marks an issue that is a pull request with `pull_request`; the emulator does not. */
function withPullLink(issue: JsonObject, pulls: readonly JsonObject[]): JsonObject {
  const pull = pulls.find((one) => at(one, "number") === issue.number);
  if (!pull) return issue;
  return { ...issue, pull_request: { url: textAt(pull, "url"), html_url: textAt(pull, "html_url"), merged_at: pull.merged_at ?? null } };
}
