import { isObject, type JsonObject, listAt, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, answer, invalid } from "../github/exchange.ts";
import { BOT } from "../github/people.ts";
import { moveBranch } from "./branches.ts";
import { ancestorsOf } from "./git-graph.ts";
import type { FileEntry, Person } from "./git-objects.ts";
import { created, NOT_FOUND, nothing, ok, type RepositoryCall, type RepositoryRoute, refuse } from "./route.ts";
import { repositoryUrl } from "./shapes.ts";
import { gitCommitShape, refShape } from "./shapes-git.ts";
import { commitOf, stamp } from "./state.ts";

const GIT = "/repos/{owner}/{repo}/git";
const READ = ["contents:read"] as const;
const WRITE = ["contents:write"] as const;

/** GitHub's Git Data API (docs.github.com/rest/git). */
export const GIT_ROUTES: RepositoryRoute[] = [
  { operation: `GET ${GIT}/ref/{ref}`, needs: READ, serve: getRef },
  { operation: `GET ${GIT}/matching-refs/{ref}`, needs: READ, serve: matchingRefs },
  { operation: `POST ${GIT}/refs`, needs: WRITE, serve: createRef },
  { operation: `PATCH ${GIT}/refs/{ref}`, needs: WRITE, serve: updateRef },
  { operation: `DELETE ${GIT}/refs/{ref}`, needs: WRITE, serve: deleteRef },
  { operation: `GET ${GIT}/trees/{tree_sha}`, needs: READ, serve: getTree },
  { operation: `POST ${GIT}/trees`, needs: WRITE, serve: createTree },
  { operation: `GET ${GIT}/blobs/{file_sha}`, needs: READ, serve: getBlob },
  { operation: `POST ${GIT}/blobs`, needs: WRITE, serve: createBlob },
  { operation: `GET ${GIT}/commits/{commit_sha}`, needs: READ, serve: getCommit },
  { operation: `POST ${GIT}/commits`, needs: WRITE, serve: createCommit },
  { operation: `GET ${GIT}/tags/{tag_sha}`, needs: READ, serve: getTag },
  { operation: `POST ${GIT}/tags`, needs: WRITE, serve: createTag },
];

/** An empty repository has no git to speak of. */
const EMPTY = refuse(409, "Git Repository is empty.");

function getRef({ world, repository, params }: RepositoryCall): Answer {
  if (repository.refs.size === 0) return EMPTY;
  const ref = `refs/${params.ref}`;
  const sha = repository.refs.get(ref);
  return sha ? ok(refShape(world, repository, ref, sha)) : NOT_FOUND;
}

function matchingRefs({ world, repository, params }: RepositoryCall): Answer {
  const found = [...repository.refs].filter(([ref]) => ref.startsWith(`refs/${params.ref}`)).sort(([a], [b]) => a.localeCompare(b));
  return ok(found.map(([ref, sha]) => refShape(world, repository, ref, sha)));
}

function createRef(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const [ref, sha] = [textAt(body, "ref"), textAt(body, "sha")];
  if (!/^refs\/(heads|tags)\/[^\s~^:?*[\\]+$/.test(ref) || ref.includes("..")) return refuse(422, "Reference name is not valid");
  if (repository.refs.has(ref)) return refuse(422, "Reference already exists");
  if (!repository.git.commits.has(sha) && !repository.git.tags.has(sha)) return refuse(422, "Object does not exist");
  moveBranch(world, repository, ref, sha, call.login);
  return created(refShape(world, repository, ref, sha));
}

function updateRef(call: RepositoryCall): Answer {
  const { world, repository, body, params } = call;
  const ref = `refs/${params.ref}`;
  const before = repository.refs.get(ref);
  const sha = textAt(body, "sha");
  if (before === undefined) return refuse(422, "Reference does not exist");
  if (!repository.git.commits.has(sha)) return refuse(422, "Object does not exist");
  if (body.force !== true && !ancestorsOf(repository.git, sha).has(before)) return refuse(422, "Update is not a fast forward");
  moveBranch(world, repository, ref, sha, call.login);
  return ok(refShape(world, repository, ref, sha));
}

function deleteRef({ world, repository, params, login }: RepositoryCall): Answer {
  const ref = `refs/${params.ref}`;
  if (!repository.refs.has(ref)) return refuse(422, "Reference does not exist");
  moveBranch(world, repository, ref, undefined, login);
  return nothing();
}

function getTree({ world, repository, params, query }: RepositoryCall): Answer {
  const { git } = repository;
  if (repository.refs.size === 0) return EMPTY;
  const asked = params.tree_sha ?? "";
  const sha = git.trees.has(asked) ? asked : git.commits.get(commitOf(repository, asked) ?? "")?.tree;
  if (sha === undefined) return NOT_FOUND;
  const own = repositoryUrl(world, repository);
  const list = (tree: string, prefix: string): JsonObject[] =>
    (git.trees.get(tree) ?? []).flatMap(({ name, mode, sha: entry }): JsonObject[] => {
      const path = prefix + name;
      if (mode === "040000") {
        const folder = { path, mode, type: "tree", sha: entry, url: `${own}/git/trees/${entry}` };
        return query.get("recursive") ? [folder, ...list(entry, `${path}/`)] : [folder];
      }
      return [
        { path, mode, type: mode === "160000" ? "commit" : "blob", size: git.blobs.get(entry)?.length ?? 0, sha: entry, url: `${own}/git/blobs/${entry}` },
      ];
    });
  return ok({ sha, url: `${own}/git/trees/${sha}`, tree: list(sha, ""), truncated: false });
}

function createTree({ world, repository, body }: RepositoryCall): Answer {
  const { git } = repository;
  const base = textAt(body, "base_tree");
  const from = git.trees.has(base) ? base : (git.commits.get(base)?.tree ?? "");
  if (base !== "" && from === "") return refuse(422, "base_tree is not a valid tree oid");
  const files: Map<string, FileEntry> = base === "" ? new Map() : git.filesOf(from);
  for (const entry of listAt(body, "tree")) {
    const path = textAt(entry, "path");
    if (!isObject(entry) || path === "" || path.startsWith("/") || path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))) {
      return refuse(422, "tree.path contains a malformed path component");
    }
    for (const other of files.keys()) if (other.startsWith(`${path}/`)) files.delete(other);
    if (entry.sha === null) files.delete(path);
    else if (typeof entry.content === "string") files.set(path, { mode: textAt(entry, "mode"), sha: git.addBlob(Buffer.from(entry.content)) });
    else if (git.blobs.has(textAt(entry, "sha"))) files.set(path, { mode: textAt(entry, "mode"), sha: textAt(entry, "sha") });
    else return refuse(422, `tree.sha ${textAt(entry, "sha")} is not a valid blob`);
  }
  const sha = git.addTree(files);
  const own = repositoryUrl(world, repository);
  const tree = (git.trees.get(sha) ?? []).map(({ name, mode, sha: entry }) => {
    const type = mode === "040000" ? "tree" : "blob";
    return { path: name, mode, type, sha: entry, url: `${own}/git/${type}s/${entry}`, ...(type === "blob" ? { size: git.blobs.get(entry)?.length ?? 0 } : {}) };
  });
  return created({ sha, url: `${own}/git/trees/${sha}`, tree, truncated: false });
}

function getBlob({ world, repository, params }: RepositoryCall): Answer {
  const sha = params.file_sha ?? "";
  const content = repository.git.blobs.get(sha);
  if (!content) return NOT_FOUND;
  const url = `${repositoryUrl(world, repository)}/git/blobs/${sha}`;
  // GitHub breaks the lines of base64.
  const lines = (content.toString("base64").match(/.{1,60}/g) ?? []).join("\n");
  return ok({ sha, node_id: `B_${sha}`, size: content.length, url, content: lines === "" ? "" : `${lines}\n`, encoding: "base64" });
}

function createBlob({ world, repository, body }: RepositoryCall): Answer {
  const sha = repository.git.addBlob(Buffer.from(textAt(body, "content"), body.encoding === "base64" ? "base64" : "utf8"));
  return created({ sha, url: `${repositoryUrl(world, repository)}/git/blobs/${sha}` });
}

function getCommit({ world, repository, params }: RepositoryCall): Answer {
  if (repository.refs.size === 0) return EMPTY;
  const commit = repository.git.commits.get(params.commit_sha ?? "");
  return commit ? ok(gitCommitShape(world, repository, commit)) : NOT_FOUND;
}

function createCommit({ world, repository, body, login }: RepositoryCall): Answer {
  const { git } = repository;
  const tree = textAt(body, "tree");
  const parents = listAt(body, "parents").map(String);
  if (!git.trees.has(tree)) return refuse(422, "Tree SHA does not exist");
  if (parents.some((parent) => !git.commits.has(parent))) return refuse(422, "Parent SHA does not exist or is not a commit object");
  const own: Person = { name: login, email: `${login}@users.noreply.github.com`, seconds: Date.parse(stamp()) / 1000 };
  const author = personOf(body, "author", own);
  const committer = personOf(body, "committer", author);
  const named = ["author", "committer", "signature"].some((field) => body[field] !== undefined);
  const sha = git.addCommit({
    tree,
    parents,
    author,
    committer,
    message: textAt(body, "message"),
    ...accountOf("authorLogin", author, login, own),
    ...accountOf("committerLogin", committer, login, own),
    signed: login === BOT && !named,
  });
  const commit = git.commits.get(sha);
  return commit ? created(gitCommitShape(world, repository, commit)) : answer(500, undefined);
}

function personOf(body: JsonObject, field: string, fallback: Person): Person {
  const given = body[field];
  if (!isObject(given)) return fallback;
  const date = textAt(given, "date");
  return { name: textAt(given, "name"), email: textAt(given, "email"), seconds: date === "" ? fallback.seconds : Math.floor(Date.parse(date) / 1000) };
}

/** GitHub finds the account by the address: a name that nobody has there belongs to no account. */
function accountOf(field: "authorLogin" | "committerLogin", person: Person, login: string, own: Person): Partial<Record<typeof field, string>> {
  const known = person.email === own.email || person.email === `${login}@example.com`;
  return known ? { [field]: login } : {};
}

function getTag({ world, repository, params }: RepositoryCall): Answer {
  const tag = repository.git.tags.get(params.tag_sha ?? "");
  if (!tag) return NOT_FOUND;
  const own = repositoryUrl(world, repository);
  const { sha, type } = tag.target;
  return ok({
    node_id: `T_${tag.sha}`,
    tag: tag.tag,
    sha: tag.sha,
    url: `${own}/git/tags/${tag.sha}`,
    message: tag.message,
    tagger: { name: "", email: "", date: stamp() },
    object: { sha, type, url: `${own}/git/${type}s/${sha}` },
  });
}

function createTag(call: RepositoryCall): Answer {
  const { repository, body } = call;
  const target = { sha: textAt(body, "object"), type: textAt(body, "type") };
  if (!repository.git.commits.has(target.sha) && !repository.git.tags.has(target.sha)) return invalid("Tag", { field: "object", code: "invalid" });
  const sha = repository.git.addTag(textAt(body, "tag"), textAt(body, "message"), target);
  return created(getTag({ ...call, params: { ...call.params, tag_sha: sha } }).body ?? null);
}
