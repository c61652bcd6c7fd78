import { createHash } from "node:crypto";
import type { Octokit } from "@octokit/rest";
import { AutofixError } from "../errors.ts";
import { ApprovedChange } from "../guards/gate.ts";
import type { TreeFile } from "../source/git/repository.ts";
import type { FileChange } from "../source/workspace.ts";
import { renderCommitMessage } from "./body.ts";
import type { Draft } from "./pull.ts";
import { coordinates, createOnce, NO_RETRIES, unlessMissing } from "./requests.ts";

/** How the branch came to hold the change. `taken-over`: somebody else committed to it last, and it does not hold the change. */
export type Branch = { kind: "created" | "advanced" | "unchanged" | "taken-over"; headSha: string };

type Entry = { path: string; mode: "100644" | "100755"; type: "blob"; content: string };

interface Commit {
  treeSha: string;
  author: string;
}

/** How a branch stands to the base: commits that only one of them has, and the files that the branch changed. */
interface Comparison {
  ahead: number;
  behind: number;
  files: ReadonlySet<string>;
}

interface PushOptions {
  botLogin: string;
  /**
   * Whether a branch that holds the change but fell behind the base gets a commit: on request, and without an open pull request, since it may be the branch
   * of a merged one.
   */
  renew: boolean;
  /** The files of a commit, with their SHAs. */
  filesOf(commit: string): Promise<readonly TreeFile[]>;
}

/**
 * Makes the branch hold the approved change, with as few writes as that takes: none where it does already. Never forced, so that nobody's commit
 * can be lost; where the base has moved under the change, the new commit has both as parents, as GitHub's "Update branch" does it.
 */
export async function pushBranch(octokit: Octokit, draft: Draft, branch: string, { botLogin, renew, filesOf }: PushOptions): Promise<Branch> {
  refuseForbidden(draft.change.files);
  const headSha = await refSha(octokit, draft.repository, branch);
  if (headSha === undefined) return createBranch(octokit, draft, branch, filesOf);
  const [head, held, comparison] = await Promise.all([
    readCommit(octokit, draft.repository, headSha),
    entries(filesOf, headSha),
    compare(octokit, draft, headSha),
  ]);
  const ours = head.author === botLogin || comparison.ahead === 0;
  const holds = draft.change.files.every(({ path, after }) => held.get(path)?.sha === blobSha(after));
  const exactly = !ours || sameFiles(comparison.files, draft.change.files);
  if (holds && exactly && (!renew || (comparison.ahead > 0 && comparison.behind === 0))) return { kind: "unchanged", headSha };
  if (!ours) return { kind: "taken-over", headSha };
  const sha = await commit(octokit, draft, parentsOf(comparison, headSha, draft.baseSha), filesOf);
  await advance(octokit, draft.repository, branch, sha);
  return { kind: "advanced", headSha: sha };
}

async function createBranch(octokit: Octokit, draft: Draft, branch: string, filesOf: PushOptions["filesOf"]): Promise<Branch> {
  const sha = await commit(octokit, draft, [draft.baseSha], filesOf);
  const at = coordinates(draft.repository);
  const create = async () => {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha, request: NO_RETRIES });
    return sha;
  };
  const headSha = await createOnce(`the branch ${branch}`, create, () => refSha(octokit, draft.repository, branch));
  if (headSha !== sha) throw new AutofixError("github/conflict", `the branch ${branch} appeared while it was being created`, { retry: "later" });
  return { kind: "created", headSha };
}

/** `force: false`, so that GitHub refuses where somebody pushed since we looked; the next reconcile sees their commit. */
async function advance(octokit: Octokit, repository: string, branch: string, sha: string): Promise<void> {
  const at = coordinates(repository);
  const update = () => octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: false, request: NO_RETRIES });
  await createOnce<unknown>(`the commit on ${branch}`, update, async () => ((await refSha(octokit, repository, branch)) === sha ? sha : undefined));
}

function parentsOf({ ahead, behind }: Comparison, headSha: string, baseSha: string): string[] {
  if (ahead === 0) return [baseSha];
  return behind === 0 ? [headSha] : [headSha, baseSha];
}

async function compare(octokit: Octokit, draft: Draft, headSha: string): Promise<Comparison> {
  const at = coordinates(draft.repository);
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${draft.baseSha}...${headSha}`, per_page: 1 });
  return { ahead: data.ahead_by, behind: data.behind_by, files: new Set((data.files ?? []).map((file) => file.filename)) };
}

function sameFiles(changed: ReadonlySet<string>, files: readonly FileChange[]): boolean {
  return changed.size === files.length && files.every(({ path }) => changed.has(path));
}

/** Tree and commit of the change on top of the base's tree. No author and no committer: only then GitHub signs it for the App. */
async function commit(octokit: Octokit, draft: Draft, parents: string[], filesOf: PushOptions["filesOf"]): Promise<string> {
  if (!ApprovedChange.isGenuine(draft.change)) throw new AutofixError("github/unexpected", "refusing to write a change that the guards did not approve");
  const at = coordinates(draft.repository);
  const [base, known] = await Promise.all([readCommit(octokit, draft.repository, draft.baseSha), entries(filesOf, draft.baseSha)]);
  const tree = draft.change.files.map((file) => changedEntry(file, known));
  const made = await octokit.rest.git.createTree({ ...at, base_tree: base.treeSha, tree, request: NO_RETRIES });
  if (made.data.sha === base.treeSha) throw new AutofixError("github/unexpected", "the approved change changes nothing");
  const message = renderCommitMessage(draft);
  const { data } = await octokit.rest.git.createCommit({ ...at, message, tree: made.data.sha, parents, request: NO_RETRIES });
  return data.sha;
}

/** The base must hold exactly what the guards saw before the change; the file's mode is kept. */
function changedEntry(file: FileChange, known: ReadonlyMap<string, TreeFile>): Entry {
  const entry = known.get(file.path);
  const expected = file.before === undefined ? undefined : blobSha(file.before);
  if (entry?.sha !== expected) {
    throw new AutofixError("github/conflict", `${file.path} at the base is not the file that the fix was made for`, { retry: "later" });
  }
  if (entry?.mode === "symlink" || entry?.mode === "submodule") throw new AutofixError("github/unexpected", `${file.path} is not a plain file`);
  return { path: file.path, mode: entry?.mode === "executable" ? "100755" : "100644", type: "blob", content: file.after };
}

/** The guards decide what may change; this is the last look at paths before they are written, whatever they say: no workflow, and not the bot's own settings. */
function refuseForbidden(files: readonly FileChange[]): void {
  for (const { path } of files) {
    const parts = path.toLowerCase().split("/");
    const odd = parts.some((part) => part === "" || part === "." || part === ".." || part === ".git") || /[\\\p{Cc}]/u.test(path);
    const forbidden = parts[0] === ".github" && (parts[1] === "workflows" || /^autofix\.ya?ml$/.test(parts[1] ?? ""));
    if (odd || forbidden) throw new AutofixError("github/forbidden-path", `refusing to write ${JSON.stringify(path)}`);
  }
  if (files.every(({ before, after }) => before === after)) throw new AutofixError("github/unexpected", "the approved change changes nothing");
}

async function refSha(octokit: Octokit, repository: string, branch: string): Promise<string | undefined> {
  const found = await unlessMissing(() => octokit.rest.git.getRef({ ...coordinates(repository), ref: `heads/${branch}` }));
  return found?.data.object.sha;
}

async function readCommit(octokit: Octokit, repository: string, sha: string): Promise<Commit> {
  const { data } = await octokit.rest.repos.getCommit({ ...coordinates(repository), ref: sha, per_page: 1 });
  // An author without a GitHub account is null; a name is all there is then.
  return { treeSha: data.commit.tree.sha, author: data.author?.login ?? data.commit.author?.name ?? "" };
}

async function entries(filesOf: PushOptions["filesOf"], commitSha: string): Promise<ReadonlyMap<string, TreeFile>> {
  return new Map((await filesOf(commitSha)).map((entry) => [entry.path, entry]));
}

/** The SHA that git gives a file with this text (SHA-1 repositories, which all of GitHub's are). */
function blobSha(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
