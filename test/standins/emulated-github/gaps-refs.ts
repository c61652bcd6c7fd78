import { at, type JsonObject, textAt } from "../../../src/cluster/objects.ts";
import { type Gap, repositoryPath } from "../github/exchange.ts";
import { dress } from "./dress.ts";
import { ask, envelope, openPulls, senderOf, tipOf, type World } from "./world.ts";

const NOTHING = "0".repeat(40);

/**
 * What follows from moving a branch: `push` for new and deleted branches too, `pull_request.synchronize` for its open pull request, and a deleted branch closes it.
 * The emulator sends `push` for updates only, and leaves pull requests as they were.
 */
export function branchMoves(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const branch = place && branchOf(exchange.method, place.rest, textAt(exchange.body, "ref"));
    if (!place || branch === undefined) return next(exchange);
    const before = await tipOf(world, place.fullName, branch);
    const result = await next(exchange);
    const after = await tipOf(world, place.fullName, branch);
    if (result.status >= 300 || before === after) return result;
    const shared = await envelope(world, place.fullName, senderOf(world, exchange));
    if (before === undefined || after === undefined) world.hooks.deliver("push", pushOf(branch, before, after, shared));
    for (const pull of await openPulls(world, place.fullName, branch)) {
      const number = at(pull, "number");
      if (after === undefined) {
        world.frozenHeads.set(`${place.fullName}#${number}`, before ?? "");
        await ask(world, "PATCH", `/repos/${place.fullName}/pulls/${number}`, { state: "closed" });
      } else if (before !== undefined) {
        const fresh = await dress(world, pull);
        world.hooks.deliver("pull_request", { action: "synchronize", number: number ?? null, before, after, pull_request: fresh ?? null, ...shared });
      }
    }
    return result;
  };
}

export function pushOf(branch: string, before: string | undefined, after: string | undefined, shared: JsonObject): JsonObject {
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    created: before === undefined,
    deleted: after === undefined,
    forced: false,
    ...shared,
  };
}

function branchOf(method: string, rest: string, ref: string): string | undefined {
  if (method === "POST" && rest === "git/refs") return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
  if (method !== "PATCH" && method !== "DELETE") return undefined;
  const named = /^git\/refs\/(.+)$/.exec(rest)?.[1];
  const decoded = named === undefined ? "" : decodeURIComponent(named);
  return decoded.startsWith("heads/") ? decoded.slice("heads/".length) : undefined;
}

/** Whether a push that the emulator announces tells of something that happened: it announces updates to the same commit, and commits that a merge replaced. */
export function isRealPush(payload: JsonObject, replaced: ReadonlySet<string>): boolean {
  const before = textAt(payload, "before");
  return before !== textAt(payload, "after") && !replaced.has(before);
}
