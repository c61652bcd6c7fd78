import type { Octokit } from "@octokit/rest";
import { AutofixError } from "../../errors.ts";
import { type ByteCache, createByteCache } from "./byte-cache.ts";
import { CONDITIONAL } from "./conditional.ts";
import { readArchive, WORTH_AN_ARCHIVE } from "./github-archive.ts";
import { asAutofixError, statusOf } from "./github-client.ts";
import { type GitEntry, readTree } from "./github-tree.ts";
import type { Commit, Repository, RepositoryTree } from "./repository.ts";
import { parseFullName } from "./repository-name.ts";
import { refuseLarge } from "./repository-paths.ts";
import { asText } from "./utf8.ts";

/** What was read from GitHub and never changes, shared by all repositories and kept between reconciles. */
export interface GitHubObjects {
  blobs: ByteCache<Uint8Array>;
  trees: ByteCache<readonly GitEntry[]>;
  /** `owner/name@sha` of commits that exist: that they do not vanish is as good as certain. */
  commits: Set<string>;
}

const MAX_COMMITS = 20_000;

export interface GitHubRepositoryOptions {
  octokit: Octokit;
  /** `owner/name`. */
  fullName: string;
  objects: GitHubObjects;
  /** Files above this are refused with `source/too-large` instead of above the usual limit. */
  maxBlobBytes?: number;
}

const FULL_SHA = /^[0-9a-f]{40}$/;

/** Blobs get four fifths of the budget. */
export function createGitHubObjects(maxBytes = 64 * 1024 * 1024): GitHubObjects {
  return { blobs: createByteCache<Uint8Array>(maxBytes * 0.8), trees: createByteCache<readonly GitEntry[]>(maxBytes * 0.2), commits: new Set() };
}

/**
 * A repository through GitHub's Git Data API: one call a tree, one a file, no clone. Throws `source/unreadable` where GitHub does not answer as documented.
 * Objects are cached by repository and SHA: a SHA of one repository never opens a file of another.
 */
export function createGitHubRepository(options: GitHubRepositoryOptions): Repository {
  const { octokit, fullName } = options;
  const place = repositoryPlace(fullName);

  async function defaultBranch(): Promise<string> {
    const found = await orUndefined(`read ${fullName}`, () => octokit.rest.repos.get(place));
    if (!found) throw new AutofixError("source/repository-not-installed", `${fullName} is gone, or the App lost its access: install it there again.`);
    return found.data.default_branch;
  }

  return {
    name: fullName,
    defaultBranch,
    async resolve(ref) {
      if (FULL_SHA.test(ref)) return (await commitExists(options, place, ref)) ? ref : undefined;
      const branch = ref === "HEAD" ? await defaultBranch() : ref;
      return (await resolveRef(octokit, place, `heads/${branch}`)) ?? (await resolveRef(octokit, place, `tags/${branch}`));
    },
    async tree(commit) {
      const entries = await options.objects.trees.get(`${fullName}@${commit}`, async () => {
        const value = await readTree(octokit, place, commit);
        return { value, bytes: value.reduce((sum, entry) => sum + entry.path.length + 100, 0) };
      });
      return treeOf(options, place, commit, entries);
    },
    commits: (question) => readCommits(octokit, place, question),
  };
}

type Place = { owner: string; repo: string };

function repositoryPlace(fullName: string): Place {
  const parsed = parseFullName(fullName);
  if (!parsed) throw new AutofixError("source/unreadable", `"${fullName}" is no repository's name: owner/name is expected.`);
  return { owner: parsed.owner, repo: parsed.name };
}

async function commitExists({ octokit, fullName, objects: { commits } }: GitHubRepositoryOptions, place: Place, sha: string): Promise<boolean> {
  const name = `${fullName}@${sha}`;
  if (commits.has(name)) return true;
  const found = await orUndefined(`read commit ${sha}`, () => octokit.rest.git.getCommit({ ...place, commit_sha: sha }));
  if (!found) return false;
  if (commits.size >= MAX_COMMITS) commits.clear();
  commits.add(name);
  return true;
}

async function resolveRef(octokit: Octokit, place: Place, ref: string): Promise<string | undefined> {
  const found = await orUndefined(`read ${ref}`, () => octokit.rest.git.getRef({ ...place, ref, request: CONDITIONAL }));
  if (!found) return undefined;
  const { type, sha } = found.data.object;
  return type === "tag" ? peelTag(octokit, place, sha) : sha;
}

/** An annotated tag names an object of its own, which names the commit (or, allowed by git and rare, another tag). */
async function peelTag(octokit: Octokit, place: Place, sha: string, depth = 0): Promise<string | undefined> {
  const tag = await orUndefined(`read tag ${sha}`, () => octokit.rest.git.getTag({ ...place, tag_sha: sha }));
  if (!tag || depth > 5) return undefined;
  const { object } = tag.data;
  if (object.type === "tag") return peelTag(octokit, place, object.sha, depth + 1);
  return object.type === "commit" ? object.sha : undefined;
}

function treeOf(options: GitHubRepositoryOptions, place: Place, commit: string, entries: readonly GitEntry[]): RepositoryTree {
  const { octokit, objects, fullName, maxBlobBytes } = options;
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  async function blob(path: string): Promise<Uint8Array | undefined> {
    const entry = byPath.get(path);
    return !entry || entry.mode === "symlink" || entry.mode === "submodule" ? undefined : content(path, entry);
  }
  async function content(path: string, entry: GitEntry): Promise<Uint8Array> {
    refuseLarge(path, entry.size, maxBlobBytes);
    return objects.blobs.get(`${fullName}:${entry.sha}`, async () => {
      const { data } = await orThrow(`read ${path} at ${commit}`, () => octokit.rest.git.getBlob({ ...place, file_sha: entry.sha }));
      const value = Buffer.from(data.content, data.encoding === "utf-8" ? "utf8" : "base64");
      return { value, bytes: value.byteLength };
    });
  }
  return {
    commit,
    files: entries,
    read: async (path) => asText(path, await blob(path)),
    bytes: blob,
    async prefetch(paths) {
      const key = (sha: string) => `${fullName}:${sha}`;
      const wanted = new Map(paths.flatMap((path) => (byPath.has(path) ? [[path, byPath.get(path)?.sha ?? ""] as const] : [])));
      for (const [path, sha] of wanted) if (objects.blobs.has(key(sha))) wanted.delete(path);
      if (wanted.size < WORTH_AN_ARCHIVE) return;
      const size = entries.reduce((sum, entry) => sum + entry.size, 0);
      for (const [sha, value] of await readArchive({ octokit, place, commit, size, wanted })) {
        await objects.blobs.get(key(sha), async () => ({ value, bytes: value.byteLength }));
      }
    },
    async target(path) {
      const entry = byPath.get(path);
      return entry?.mode === "symlink" ? asText(path, await content(path, entry)) : undefined;
    },
  };
}

async function readCommits(octokit: Octokit, place: Place, question: { until: string; path?: string; limit: number }): Promise<Commit[]> {
  const found: Commit[] = [];
  const perPage = Math.min(question.limit, 100);
  for (let page = 1; found.length < question.limit; page++) {
    const asked = { ...place, sha: question.until, per_page: perPage, page, ...(question.path ? { path: question.path } : {}) };
    const answer = await orUndefined(`read the history of ${place.owner}/${place.repo}`, () => octokit.rest.repos.listCommits(asked));
    for (const { sha, commit, author } of answer?.data ?? []) {
      const date = commit.committer?.date ?? commit.author?.date;
      found.push({
        sha,
        author: commit.author?.name ?? author?.login ?? "unknown",
        date: new Date(date ?? 0),
        subject: commit.message.split("\n", 1)[0] ?? "",
      });
    }
    if ((answer?.data.length ?? 0) < perPage) break;
  }
  return found.slice(0, question.limit);
}

async function orThrow<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    throw asAutofixError("source/unreadable", what, thrown);
  }
}

/** Undefined where GitHub says that there is no such thing: 404, 409 for an empty repository, 422 for a SHA that names no commit. */
async function orUndefined<T>(what: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (thrown) {
    if ([404, 409, 422].includes(statusOf(thrown) ?? 0)) return undefined;
    throw asAutofixError("source/unreadable", what, thrown);
  }
}
