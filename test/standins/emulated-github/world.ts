import type { Json, JsonObject } from "../../../src/cluster/objects.ts";
import { at, isObject, listAt, textAt } from "../../../src/cluster/objects.ts";
import type { Answer, Exchange, Next } from "../github/exchange.ts";
import type { Hooks } from "../github/hooks.ts";
import { ADMIN, BOT, type Permission, tokenOf } from "../github/people.ts";

/** What the gaps share: the emulator as its administrator sees it, and what the emulator does not remember itself. */
export interface World {
  emulator: Next;
  hooks: Hooks;
  people: ReadonlyMap<string, Permission>;
  installations: ReadonlyMap<string, number>;
  /** Keyed `owner/name#number`. A closed pull request keeps the head that it had. */
  frozenHeads: Map<string, string>;
  mergeCommits: Map<string, string>;
  /** Commits that GitHub would sign: made by the App with neither author nor committer nor signature. */
  signed: Set<string>;
  appId: number;
}

/** The emulator's answer to its administrator. */
export function ask(world: World, method: string, path: string, body?: Json): Promise<Answer> {
  return world.emulator({ method, path, headers: { authorization: `Bearer ${tokenOf(ADMIN)}`, "content-type": "application/json" }, body });
}

/** Like {@link ask}, for what must work. */
export async function must(world: World, method: string, path: string, body?: Json): Promise<Json | undefined> {
  const answer = await ask(world, method, path, body);
  if (answer.status >= 300) throw new Error(`The emulator answered ${answer.status} to ${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The login behind a request's token; an installation's acts as the App. */
export function senderOf(world: World, exchange: Exchange): string {
  const token = (exchange.headers.authorization ?? "").replace(/^(Bearer|token)\s+/i, "");
  return [ADMIN, ...world.people.keys()].find((login) => tokenOf(login) === token) ?? BOT;
}

/** The commit that a branch names now. */
export async function tipOf(world: World, fullName: string, branch: string): Promise<string | undefined> {
  const answer = await ask(world, "GET", `/repos/${fullName}/git/ref/heads/${branch}`);
  return answer.status === 200 ? textAt(answer.body, "object", "sha") : undefined;
}

/** Open pull requests, as the emulator has them, whose head is this branch. */
export async function openPulls(world: World, fullName: string, branch: string): Promise<JsonObject[]> {
  const pulls = await must(world, "GET", `/repos/${fullName}/pulls?state=open&per_page=100`);
  return listAt(pulls)
    .filter((pull) => textAt(pull, "head", "ref") === branch)
    .filter(isObject);
}

/** The parts of a webhook that every event carries. */
export async function envelope(world: World, fullName: string, sender: string): Promise<JsonObject> {
  const repository = await must(world, "GET", `/repos/${fullName}`);
  const user = await ask(world, "GET", `/users/${encodeURIComponent(sender)}`);
  const installation = world.installations.get(fullName.split("/")[0] ?? "");
  return {
    repository: repository ?? null,
    sender: user.status === 200 && user.body ? user.body : { login: sender, type: sender.endsWith("[bot]") ? "Bot" : "User" },
    ...(installation === undefined ? {} : { installation: { id: installation } }),
  };
}

export function keyOf(pull: Json | undefined): string {
  return `${textAt(pull, "base", "repo", "full_name")}#${String(at(pull, "number"))}`;
}
