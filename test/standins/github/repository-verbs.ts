import { type RestEndpointMethodTypes as Api, Octokit } from "@octokit/rest";
import { OWN } from "./front.ts";
import { tokenOf } from "./people.ts";

type PullRequest = Api["pulls"]["get"]["response"]["data"];
type Issue = Api["issues"]["get"]["response"]["data"];
type Comment = Api["issues"]["listComments"]["response"]["data"][number];
type CheckRun = Api["checks"]["get"]["response"]["data"];
type Reaction = Api["reactions"]["listForIssueComment"]["response"]["data"][number];

interface CommitOptions {
  message?: string;
  /** Who commits: one of the people, with write permission. */
  as?: string;
  author?: { name: string; email: string; date?: string };
  /** The default branch unless told. */
  branch?: string;
  /** The branch's tip unless told; another parent moves the branch by force. */
  parent?: string;
  /** The SHA that a real cluster reports for this commit. */
  sha?: string;
  /** The branch belongs to somebody's fork; see `fork` of the stand-in. */
  fork?: boolean;
  /** The files are the whole tree, not changes to it. */
  replace?: boolean;
}

/** What people do in one repository, and what they see. None of it counts among the recorded requests. */
export interface RepositoryVerbs {
  readonly fullName: string;
  /** Commits text files (null removes one) to a branch; gives the commit's SHA. A new branch starts at main, or with `replace` at nothing. */
  commit(files: Record<string, string | null>, options?: CommitOptions): Promise<string>;
  branch(name: string): Promise<string | undefined>;
  branches(): Promise<string[]>;
  /** Every file of a branch or commit with its text. */
  tree(ref?: string): Promise<Record<string, string>>;
  comment(number: number, text: string, as?: string): Promise<Comment>;
  /** Opens a pull request from a branch into the default one; gives its number. */
  propose(branch: string, as?: string, base?: string): Promise<number>;
  /** Changes the branch that a pull request is to be merged into. */
  rebase(number: number, base: string, as?: string): Promise<void>;
  merge(number: number, as?: string): Promise<string>;
  unlabel(number: number, label: string, as?: string): Promise<void>;
  close(number: number, as?: string): Promise<void>;
  closeIssue(number: number, as?: string): Promise<void>;
  reopen(number: number, as?: string): Promise<void>;
  deleteBranch(name: string): Promise<void>;
  /** The "Re-run" button of a check run. */
  rerun(checkRunId: number, as?: string): Promise<void>;
  /** The "Re-run all checks" button. */
  rerunAll(checkSuiteId: number, as?: string): Promise<void>;
  pull(number: number): Promise<PullRequest>;
  /** Messages of a pull request's commits, oldest first. */
  commitsOf(number: number): Promise<string[]>;
  /** All of them, whatever their state, oldest first. */
  pulls(): Promise<PullRequest[]>;
  issues(): Promise<Issue[]>;
  comments(number: number): Promise<Comment[]>;
  reactions(commentId: number): Promise<Reaction[]>;
  /** Every run at a commit with its annotations, oldest first. */
  checkRuns(sha: string): Promise<CheckRun[]>;
  /** The remarks of a check run, such as `.github/autofix.yml:3 failure: …`. */
  annotations(checkRunId: number): Promise<string[]>;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** GitHub's own client, as one of the people. */
export function clientOf(url: string, login: string): Octokit {
  const client = new Octokit({ auth: tokenOf(login), baseUrl: url, log: SILENT });
  client.hook.before("request", (request) => {
    request.headers[OWN] = "1";
  });
  return client;
}

export function repositoryVerbs(url: string, fullName: string, shas: { alias(real: string, given: string): void }, firstWriter: string): RepositoryVerbs {
  const [owner = "", repo = ""] = fullName.split("/");
  const place = { owner, repo };
  const by = (login = firstWriter) => clientOf(url, login).rest;

  async function branch(name: string): Promise<string | undefined> {
    const { data } = await by().git.listMatchingRefs({ ...place, ref: `heads/${name}` });
    return data.find((ref) => ref.ref === `refs/heads/${name}`)?.object.sha;
  }

  return {
    fullName,
    branch,
    async commit(files, options = {}) {
      const api = by(options.as);
      const name = options.branch ?? "main";
      const tip = await branch(name);
      const parent = options.parent ?? tip ?? (options.replace ? undefined : await branch("main"));
      const tree = Object.entries(files).map(([path, content]) => {
        const entry = { path, mode: "100644", type: "blob" } as const;
        return content === null ? { ...entry, sha: null } : { ...entry, content };
      });
      const base = parent === undefined || options.replace ? {} : { base_tree: (await api.git.getCommit({ ...place, commit_sha: parent })).data.tree.sha };
      const made = await api.git.createTree({ ...place, ...base, tree });
      const person = options.author ?? { name: options.as ?? firstWriter, email: `${options.as ?? firstWriter}@example.com` };
      const parents = parent === undefined ? [] : [parent];
      const { data } = await api.git.createCommit({
        ...place,
        message: options.message ?? "Change",
        tree: made.data.sha,
        parents,
        author: person,
        committer: person,
      });
      if (options.sha) shas.alias(options.sha, data.sha);
      const sha = options.sha ?? data.sha;
      if (options.fork) return sha;
      if (tip === undefined) await api.git.createRef({ ...place, ref: `refs/heads/${name}`, sha });
      else await api.git.updateRef({ ...place, ref: `heads/${name}`, sha, force: options.parent !== undefined && options.parent !== tip });
      return sha;
    },
    branches: async () => (await by().repos.listBranches({ ...place, per_page: 100 })).data.map((one) => one.name),
    async tree(ref = "main") {
      const { data } = await by().git.getTree({ ...place, tree_sha: (await branch(ref)) ?? ref, recursive: "1" });
      const texts = data.tree
        .filter((entry) => entry.type === "blob")
        .map(async ({ path, sha }) => {
          const blob = await by().git.getBlob({ ...place, file_sha: sha });
          return [path, Buffer.from(blob.data.content, "base64").toString("utf8")] as const;
        });
      return Object.fromEntries(await Promise.all(texts));
    },
    comment: async (number, text, as) => (await by(as).issues.createComment({ ...place, issue_number: number, body: text })).data,
    propose: async (head, as, base = "main") => (await by(as).pulls.create({ ...place, title: `Merge ${head}`, head, base, body: "" })).data.number,
    rebase: async (number, base, as) => void (await by(as).pulls.update({ ...place, pull_number: number, base })),
    rerunAll: async (id, as) => void (await by(as).checks.rerequestSuite({ ...place, check_suite_id: id })),
    merge: async (number, as) => (await by(as).pulls.merge({ ...place, pull_number: number })).data.sha,
    unlabel: async (number, name, as) => void (await by(as).issues.removeLabel({ ...place, issue_number: number, name })),
    close: async (number, as) => void (await by(as).pulls.update({ ...place, pull_number: number, state: "closed" })),
    closeIssue: async (number, as) => void (await by(as).issues.update({ ...place, issue_number: number, state: "closed" })),
    reopen: async (number, as) => void (await by(as).pulls.update({ ...place, pull_number: number, state: "open" })),
    deleteBranch: async (name) => void (await by().git.deleteRef({ ...place, ref: `heads/${name}` })),
    rerun: async (id, as) => void (await by(as).checks.rerequestRun({ ...place, check_run_id: id })),
    pull: async (number) => (await by().pulls.get({ ...place, pull_number: number })).data,
    commitsOf: async (number) => (await by().pulls.listCommits({ ...place, pull_number: number, per_page: 100 })).data.map(({ commit }) => commit.message),
    async pulls() {
      const { data } = await by().pulls.list({ ...place, state: "all", per_page: 100, direction: "asc" });
      return Promise.all(data.map(async ({ number }) => (await by().pulls.get({ ...place, pull_number: number })).data));
    },
    issues: async () =>
      (await by().issues.listForRepo({ ...place, state: "all", per_page: 100, direction: "asc" })).data.filter((issue) => !issue.pull_request),
    comments: async (number) => (await by().issues.listComments({ ...place, issue_number: number, per_page: 100 })).data,
    reactions: async (id) => (await by().reactions.listForIssueComment({ ...place, comment_id: id })).data,
    checkRuns: async (sha) => (await by().checks.listForRef({ ...place, ref: sha, filter: "all", per_page: 100 })).data.check_runs.reverse(),
    annotations: async (id) =>
      (await by().checks.listAnnotations({ ...place, check_run_id: id, per_page: 100 })).data.map(
        ({ path, start_line, annotation_level, message }) => `${path}:${start_line} ${annotation_level}: ${message}`,
      ),
  };
}
