import type { Json, JsonObject } from "../../../src/cluster/objects.ts";
import { type FileDifference, patchOf } from "./git-graph.ts";
import type { CommitObject, Person } from "./git-objects.ts";
import { repositoryUrl, userShape } from "./shapes.ts";
import type { FakeRepository, FakeWorld } from "./state.ts";

/** How GitHub shows commits, references and differences. */

export function refShape(world: FakeWorld, repository: FakeRepository, ref: string, sha: string): JsonObject {
  const own = repositoryUrl(world, repository);
  const type = repository.git.tags.has(sha) ? "tag" : "commit";
  return { ref, node_id: `REF_${ref}`, url: `${own}/git/${ref}`, object: { sha, type, url: `${own}/git/${type}s/${sha}` } };
}

/** As the Git Data API has it. */
export function gitCommitShape(world: FakeWorld, repository: FakeRepository, commit: CommitObject): JsonObject {
  const own = repositoryUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url: `${own}/git/commits/${commit.sha}`,
    html_url: `${world.url}/${repository.fullName}/commit/${commit.sha}`,
    ...commitFields(own, commit),
    parents: parentsShape(world, repository, commit),
  };
}

/** As the Commits API has it, with the accounts behind names. */
export function commitShape(world: FakeWorld, repository: FakeRepository, commit: CommitObject): JsonObject {
  const own = repositoryUrl(world, repository);
  return {
    url: `${own}/commits/${commit.sha}`,
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    html_url: `${world.url}/${repository.fullName}/commit/${commit.sha}`,
    comments_url: `${own}/commits/${commit.sha}/comments`,
    commit: { url: `${own}/git/commits/${commit.sha}`, comment_count: 0, ...commitFields(own, commit) },
    author: commit.authorLogin ? userShape(world, commit.authorLogin) : null,
    committer: commit.committerLogin ? userShape(world, commit.committerLogin) : null,
    parents: parentsShape(world, repository, commit),
  };
}

function commitFields(own: string, commit: CommitObject): JsonObject {
  const signature = commit.signed ? "-----BEGIN PGP SIGNATURE-----" : null;
  const verification: Json = {
    verified: commit.signed,
    reason: commit.signed ? "valid" : "unsigned",
    signature,
    payload: commit.signed ? `tree ${commit.tree}` : null,
    verified_at: commit.signed ? dateOf(commit.committer) : null,
  };
  return {
    author: personShape(commit.author),
    committer: personShape(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${own}/git/trees/${commit.tree}` },
    verification,
  };
}

function parentsShape(world: FakeWorld, repository: FakeRepository, { parents }: CommitObject): JsonObject[] {
  const own = repositoryUrl(world, repository);
  return parents.map((sha) => ({ sha, url: `${own}/git/commits/${sha}`, html_url: `${world.url}/${repository.fullName}/commit/${sha}` }));
}

function personShape(person: Person): JsonObject {
  return { name: person.name, email: person.email, date: dateOf(person) };
}

function dateOf({ seconds }: Person): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** A file of a comparison, a commit or a pull request. */
export function fileShape(world: FakeWorld, repository: FakeRepository, file: FileDifference, at: string): JsonObject {
  const own = repositoryUrl(world, repository);
  const html = `${world.url}/${repository.fullName}`;
  const { patch, additions, deletions } = patchOf(repository.git, file);
  return {
    sha: file.sha,
    filename: file.path,
    ...(file.previous ? { previous_filename: file.previous } : {}),
    status: file.status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${html}/blob/${at}/${file.path}`,
    raw_url: `${html}/raw/${at}/${file.path}`,
    contents_url: `${own}/contents/${file.path}?ref=${at}`,
    ...(patch === "" ? {} : { patch }),
  };
}
