import { at, isObject, type Json, listAt, numberAt, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, answer, type Exchange, type Gap, invalid, repositoryPath } from "../github/exchange.ts";
import { dress } from "./dress.ts";
import { pushOf } from "./gaps-refs.ts";
import { ask, envelope, keyOf, must, openPulls, senderOf, tipOf, type World } from "./world.ts";

/** GitHub refuses a pull request for a branch that does not exist, that has one already, or that is not ahead (rest/pulls/pulls#create-a-pull-request); the emulator makes the branch and the second pull request. */
export function pullCreation(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    if (exchange.method !== "POST" || place?.rest !== "pulls") return next(exchange);
    const head = textAt(exchange.body, "head").replace(/^[^:]+:/, "");
    const base = textAt(exchange.body, "base");
    for (const [field, branch] of Object.entries({ head, base })) {
      if ((await tipOf(world, place.fullName, branch)) === undefined) return invalid("PullRequest", { field, code: "invalid" });
    }
    const open = await openPulls(world, place.fullName, head);
    if (open.some((pull) => textAt(pull, "base", "ref") === base)) {
      return invalid("PullRequest", { code: "custom", message: `A pull request already exists for ${place.fullName.split("/")[0]}:${head}.` });
    }
    const compared = await must(world, "GET", `/repos/${place.fullName}/compare/${base}...${head}`);
    if (numberAt(compared, "ahead_by") === 0) return invalid("PullRequest", { code: "custom", message: `No commits between ${base} and ${head}` });
    return next(exchange);
  };
}

/** GitHub ignores a `head` filter without an owner; the emulator is kinder, which would hide the mistake. */
export function headFilter(): Gap {
  return (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const head = place?.query.get("head");
    if (exchange.method !== "GET" || place?.rest !== "pulls" || !head || head.includes(":")) return next(exchange);
    place.query.delete("head");
    return next({ ...exchange, path: `/repos/${place.fullName}/pulls?${place.query}` });
  };
}

/** The emulator lists no files, and the commits of the first head only: both are read off a comparison. */
export function pullContents(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const match = /^pulls\/(\d+)\/(files|commits)$/.exec(place?.rest ?? "");
    if (exchange.method !== "GET" || !place || !match) return next(exchange);
    const found = await ask(world, "GET", `/repos/${place.fullName}/pulls/${match[1]}`);
    if (found.status !== 200) return found;
    const pull = await dress(world, found.body);
    const compared = await must(
      world,
      "GET",
      `/repos/${place.fullName}/compare/${textAt(pull, "base", textAt(pull, "state") === "open" ? "ref" : "sha")}...${textAt(pull, "head", "sha")}`,
    );
    return answer(200, listAt(compared, match[2] ?? ""));
  };
}

/** A pull request keeps its last head when it is closed, and cannot be opened again without its branch. */
export function pullClosing(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const number = /^pulls\/(\d+)$/.exec(place?.rest ?? "")?.[1];
    const state = textAt(exchange.body, "state");
    if (exchange.method !== "PATCH" || !place || !number || state === "") return next(exchange);
    const found = await ask(world, "GET", `/repos/${place.fullName}/pulls/${number}`);
    if (found.status !== 200) return next(exchange);
    const tip = await tipOf(world, place.fullName, textAt(found.body, "head", "ref"));
    if (state === "closed" && textAt(found.body, "state") === "open") world.frozenHeads.set(keyOf(found.body), tip ?? textAt(found.body, "head", "sha"));
    if (state === "open" && tip === undefined) return invalid("PullRequest", { field: "state", code: "invalid" });
    return next(exchange);
  };
}

/**
 * A merge of what the two branches are now. The emulator takes the tree of the first head and drops what happened on the base since; so the right commit is made
 * first, the emulator closes the pull request, and the base is put on the right commit. Files that both sides changed are a conflict, whatever the lines.
 */
export function merging(world: World, replaced: Set<string>, alone: <T>(work: () => Promise<T>) => Promise<T>): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const number = /^pulls\/(\d+)\/merge$/.exec(place?.rest ?? "")?.[1];
    if (exchange.method !== "PUT" || !place || !number) return next(exchange);
    const found = await ask(world, "GET", `/repos/${place.fullName}/pulls/${number}`);
    if (found.status !== 200) return found;
    const pull = await dress(world, found.body);
    const wanted = textAt(exchange.body, "sha");
    if (textAt(pull, "state") !== "open") return answer(405, { message: "Pull Request is not mergeable" });
    if (wanted !== "" && wanted !== textAt(pull, "head", "sha")) return answer(409, { message: "Head branch was modified. Review and try the merge again." });
    const merged = await mergeCommit(world, place.fullName, pull, exchange);
    if (merged.status !== 201) return merged;
    return alone(() => finishMerge(world, replaced, next, exchange, { fullName: place.fullName, pull, sha: textAt(merged.body, "sha") }));
  };
}

async function mergeCommit(world: World, fullName: string, pull: Json | undefined, exchange: Exchange): Promise<Answer> {
  const base = (await tipOf(world, fullName, textAt(pull, "base", "ref"))) ?? "";
  const head = textAt(pull, "head", "sha");
  const changed = async (from: string, to: string) => listAt(await must(world, "GET", `/repos/${fullName}/compare/${from}...${to}`), "files");
  const ours = await changed(head, base);
  const theirs = await changed(base, head);
  const touched = new Set(ours.map((file) => textAt(file, "filename")));
  if (theirs.some((file) => touched.has(textAt(file, "filename")))) return answer(405, { message: "Pull Request is not mergeable" });
  const tree = await must(world, "POST", `/repos/${fullName}/git/trees`, {
    base_tree: textAt(await must(world, "GET", `/repos/${fullName}/git/commits/${base}`), "tree", "sha"),
    tree: theirs.flatMap((file): Json[] => {
      const gone = textAt(file, "status") === "removed" ? textAt(file, "filename") : textAt(file, "previous_filename");
      const entry = (path: string, sha: string | null): Json => ({ path, mode: "100644", type: "blob", sha });
      const kept = textAt(file, "status") === "removed" ? [] : [entry(textAt(file, "filename"), textAt(file, "sha"))];
      return gone === "" ? kept : [entry(gone, null), ...kept];
    }),
  });
  const login = senderOf(world, exchange);
  const message = `Merge pull request #${at(pull, "number")} from ${textAt(pull, "head", "label").replace(":", "/")}\n\n${textAt(pull, "title")}`;
  const parents = textAt(exchange.body, "merge_method") === "squash" ? [base] : [base, head];
  const person = { name: login, email: `${login}@users.noreply.github.com` };
  return ask(world, "POST", `/repos/${fullName}/git/commits`, { message, tree: textAt(tree, "sha"), parents, author: person, committer: person });
}

async function finishMerge(
  world: World,
  replaced: Set<string>,
  next: (exchange: Exchange) => Promise<Answer>,
  exchange: Exchange,
  merge: { fullName: string; pull: Json | undefined; sha: string },
): Promise<Answer> {
  const { fullName, pull, sha } = merge;
  const branch = textAt(pull, "base", "ref");
  const before = await tipOf(world, fullName, branch);
  const body = isObject(exchange.body) ? { ...exchange.body } : {};
  delete body.sha;
  world.frozenHeads.set(keyOf(pull), textAt(pull, "head", "sha"));
  world.mergeCommits.set(keyOf(pull), sha);
  const result = await next({ ...exchange, body });
  if (result.status !== 200) {
    world.frozenHeads.delete(keyOf(pull));
    world.mergeCommits.delete(keyOf(pull));
    return result;
  }
  replaced.add(textAt(result.body, "sha"));
  await must(world, "PATCH", `/repos/${fullName}/git/refs/heads/${branch}`, { sha, force: true });
  world.hooks.deliver("push", pushOf(branch, before, sha, await envelope(world, fullName, senderOf(world, exchange))));
  return answer(200, { sha, merged: true, message: "Pull Request successfully merged" });
}
