import { type JsonObject, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, answer } from "../github/exchange.ts";
import { ancestorsOf, differences, logOf, mergeBase } from "./git-graph.ts";
import type { CommitObject } from "./git-objects.ts";
import { created, NOT_FOUND, ok, page, type RepositoryCall, type RepositoryRoute, type Route } from "./route.ts";
import { fullRepositoryShape, repositoryUrl, userShape } from "./shapes.ts";
import { commitShape, fileShape } from "./shapes-git.ts";
import { commitOf, newRepository } from "./state.ts";

const REPO = "/repos/{owner}/{repo}";
const READ = ["contents:read"] as const;

export const REPOSITORY_ROUTES: RepositoryRoute[] = [
  { operation: `GET ${REPO}`, needs: ["metadata:read"], serve: ({ world, repository }) => ok(fullRepositoryShape(world, repository)) },
  { operation: `GET ${REPO}/commits`, needs: READ, serve: listCommits },
  { operation: `GET ${REPO}/commits/{ref}`, needs: READ, serve: getCommit },
  { operation: `GET ${REPO}/compare/{basehead}`, needs: READ, serve: compare },
  { operation: `GET ${REPO}/contents/{path}`, needs: READ, serve: getContent },
  { operation: `GET ${REPO}/branches`, needs: READ, serve: listBranches },
  { operation: `GET ${REPO}/collaborators/{username}/permission`, needs: ["metadata:read"], serve: getPermission },
];

export const USER_ROUTES: Route[] = [
  { operation: "POST /orgs/{org}/repos", needs: "admin", serve: createRepository },
  { operation: "GET /rate_limit", needs: "anybody", serve: rateLimit },
];

function listCommits(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  if (repository.refs.size === 0) return answer(409, { message: "Git Repository is empty." });
  const from = commitOf(repository, query.get("sha") ?? "HEAD");
  if (from === undefined) return NOT_FOUND;
  const path = query.get("path");
  const all = logOf(repository.git, ancestorsOf(repository.git, from));
  const touching = path === null ? all : all.filter((commit) => touches(repository.git, commit, path));
  return page(call, touching, (commit) => commitShape(world, repository, commit));
}

/** A merge that took one side whole did not touch the file. */
function touches(git: RepositoryCall["repository"]["git"], commit: CommitObject, path: string): boolean {
  const at = (sha: string) =>
    [...git.filesAt(sha)].filter(([file]) => file === path || file.startsWith(`${path}/`)).map(([file, { sha: blob }]) => file + blob);
  const now = at(commit.sha).join();
  return commit.parents.length === 0 ? now !== "" : commit.parents.every((parent) => at(parent).join() !== now);
}

function getCommit({ world, repository, params }: RepositoryCall): Answer {
  const { git } = repository;
  const sha = commitOf(repository, params.ref ?? "");
  const commit = sha === undefined ? undefined : git.commits.get(sha);
  if (!commit) return answer(422, { message: `No commit found for SHA: ${params.ref}` });
  const files = differences(git, commit.parents[0] ?? "", commit.sha).map((file) => fileShape(world, repository, file, commit.sha));
  return ok({ ...commitShape(world, repository, commit), stats: statsOf(files), files: files.slice(0, 300) });
}

function statsOf(files: readonly JsonObject[]): JsonObject {
  const sum = (field: string) => files.reduce((total, file) => total + Number(file[field]), 0);
  return { additions: sum("additions"), deletions: sum("deletions"), total: sum("changes") };
}

/** Three dots, as GitHub compares: what the head has since it left the base. */
function compare(call: RepositoryCall): Answer {
  const { world, repository, params } = call;
  const { git } = repository;
  const [from = "", to = ""] = (params.basehead ?? "").split("...").map((end) => end.replace(/^[^:]+:/, ""));
  const [base, head] = [commitOf(repository, from), commitOf(repository, to)];
  const [baseCommit, common] = [git.commits.get(base ?? ""), base && head ? mergeBase(git, base, head) : undefined];
  const commonCommit = git.commits.get(common ?? "");
  if (!base || !head || !baseCommit || !commonCommit) return NOT_FOUND;
  const [before, after] = [ancestorsOf(git, base), ancestorsOf(git, head)];
  const ahead = [...after].filter((sha) => !before.has(sha));
  const behind = [...before].filter((sha) => !after.has(sha)).length;
  const status = ahead.length > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
  const own = `${repositoryUrl(world, repository)}/compare/${from}...${to}`;
  const html = `${world.url}/${repository.fullName}/compare/${from}...${to}`;
  const files = differences(git, commonCommit.sha, head).map((file) => fileShape(world, repository, file, head));
  return page(
    call,
    logOf(git, ahead).reverse(),
    (commit) => commitShape(world, repository, commit),
    (commits) => ({
      url: own,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commitShape(world, repository, baseCommit),
      merge_base_commit: commitShape(world, repository, commonCommit),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits,
      // Only the first page lists files, 300 at most (docs.github.com/rest/commits/commits#compare-two-commits).
      ...(Number(call.query.get("page") ?? 1) === 1 ? { files: files.slice(0, 300) } : {}),
    }),
  );
}

function getContent({ world, repository, params, query }: RepositoryCall): Answer {
  const { git } = repository;
  const commit = commitOf(repository, query.get("ref") ?? "HEAD");
  const path = (params.path ?? "").replace(/\/+$/, "");
  const files = commit === undefined ? undefined : git.filesAt(commit);
  const own = `${repositoryUrl(world, repository)}/contents/${path}?ref=${query.get("ref") ?? repository.defaultBranch}`;
  const entry = files?.get(path);
  if (!files || !commit) return NOT_FOUND;
  const show = (name: string, type: string, sha: string): JsonObject => {
    const gitUrl = `${repositoryUrl(world, repository)}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
    const html = `${world.url}/${repository.fullName}/blob/${commit}/${name}`;
    const links = { self: own, git: gitUrl, html };
    const shared = { name: name.split("/").at(-1) ?? "", path: name, sha, size: git.blobs.get(sha)?.length ?? 0, type };
    return { ...shared, url: own, git_url: gitUrl, html_url: html, download_url: type === "dir" ? null : html, _links: links };
  };
  if (entry) return ok({ ...show(path, "file", entry.sha), encoding: "base64", content: git.blobs.get(entry.sha)?.toString("base64") ?? "" });
  const prefix = path === "" ? "" : `${path}/`;
  const inside = [...files.keys()].filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length).split("/")[0] ?? "");
  if (inside.length === 0) return NOT_FOUND;
  return ok(
    [...new Set(inside)].sort().map((name) => show(prefix + name, files.has(prefix + name) ? "file" : "dir", files.get(prefix + name)?.sha ?? "0".repeat(40))),
  );
}

function listBranches(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const branches = [...repository.refs].filter(([ref]) => ref.startsWith("refs/heads/")).sort(([a], [b]) => a.localeCompare(b));
  return page(call, branches, ([ref, sha]) => ({
    name: ref.slice("refs/heads/".length),
    commit: { sha, url: `${repositoryUrl(world, repository)}/commits/${sha}` },
    protected: false,
  }));
}

/** admin, write, read or none for everybody who exists, collaborator or not (docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user). */
function getPermission({ world, params }: RepositoryCall): Answer {
  const login = params.username ?? "";
  const permission = world.people.get(login);
  if (permission === undefined) return NOT_FOUND;
  const rank = ["none", "read", "write", "admin"].indexOf(permission);
  const permissions = { pull: rank >= 1, triage: rank >= 2, push: rank >= 2, maintain: rank >= 3, admin: rank >= 3 };
  return ok({ permission, role_name: permission, user: { ...userShape(world, login), role_name: permission, permissions } });
}

function createRepository({ world, params, body }: { world: RepositoryCall["world"]; params: Record<string, string>; body: JsonObject }): Answer {
  const repository = newRepository(world, `${params.org}/${textAt(body, "name")}`);
  world.repositories.set(repository.fullName.toLowerCase(), repository);
  return created(fullRepositoryShape(world, repository));
}

function rateLimit(): Answer {
  const rate = { limit: 5000, remaining: 5000, reset: Math.floor(Date.now() / 1000) + 3600, used: 0 };
  return ok({ resources: { core: rate, search: rate }, rate });
}
