import { Octokit } from "@octokit/rest";
import { createEmulator } from "emulate";

/** The bot as a user with a token: the App's own tokens are the whole app's tests' business. */
export const BOT = "kube-autofix[bot]";
export const PEOPLE = { owner: "acme", writer: "vera", reader: "ravi", stranger: "mallory" } as const;
export const REPOSITORY = "acme/shop";

/** What happened to a write: it worked and the answer was lost, or it never arrived. */
export type Loss = "answer" | "request";

/** One GitHub with one repository, seen by the bot through an Octokit that counts what it asks and can lose writes. */
export interface GitHubWorld {
  octokit: Octokit;
  /** The same repository as somebody else. */
  as(login: string): Octokit;
  /** `GET /repos/…` per request of the bot, in order; commits as SHA. */
  requests: string[];
  /** Loses the n-th write from now on (1 is the next). */
  lose(write: number, loss: Loss): void;
  commit(files: Record<string, string>, message?: string, options?: { login?: string; branch?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startGitHub(files: Record<string, string>): Promise<GitHubWorld> {
  const logins = [...Object.values(PEOPLE), BOT];
  const tokens = Object.fromEntries(logins.map((login) => [tokenOf(login), { login, scopes: ["repo"] }]));
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens,
      github: {
        users: logins.map((login) => ({ login, name: login, email: `${login.replace("[bot]", "")}@users.noreply.github.com` })),
        repos: [{ owner: PEOPLE.owner, name: "shop", auto_init: true }],
      },
    },
  });
  const requests: string[] = [];
  const losses = new Map<number, Loss>();
  let writes = 0;
  const counting: typeof fetch = async (input, init) => {
    const method = init?.method ?? "GET";
    requests.push(`${method} ${decodeURIComponent(new URL(String(input)).pathname).replace(/\b[0-9a-f]{40}\b/, "SHA")}`);
    const loss = method === "GET" ? undefined : losses.get(++writes);
    if (loss === "request") throw new TypeError("fetch failed");
    const answer = await fetch(input, init);
    if (loss === "answer") throw new TypeError("fetch failed");
    return answer;
  };
  const client = (login: string, request: typeof fetch) =>
    new Octokit({ auth: tokenOf(login), baseUrl: emulator.url, request: { fetch: request }, log: silent });
  const world: GitHubWorld = {
    octokit: client(BOT, counting),
    as: (login) => client(login, fetch),
    requests,
    lose: (write, loss) => losses.set(writes + write, loss),
    commit: async (changed, message = "Change", { login = PEOPLE.owner, branch = "main" } = {}) => commit(client(login, fetch), changed, message, branch),
    close: () => emulator.close(),
  };
  const admin = world.as(PEOPLE.owner);
  for (const [login, permission] of [
    [BOT, "push"],
    [PEOPLE.writer, "push"],
    [PEOPLE.reader, "pull"],
  ] as const) {
    await admin.rest.repos.addCollaborator({ ...AT, username: login, permission });
  }
  await acceptInvitations(world);
  await world.commit(files, "Deploy");
  return world;
}

export const AT = { owner: PEOPLE.owner, repo: "shop" };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function tokenOf(login: string): string {
  return `token-${login.replaceAll(/\W/g, "-")}`;
}

async function acceptInvitations(world: GitHubWorld): Promise<void> {
  for (const login of [BOT, PEOPLE.writer, PEOPLE.reader]) {
    const octokit = world.as(login);
    const { data } = await octokit.rest.repos.listInvitationsForAuthenticatedUser().catch(() => ({ data: [] }));
    for (const { id } of data) await octokit.rest.repos.acceptInvitationForAuthenticatedUser({ invitation_id: id });
  }
}

async function commit(octokit: Octokit, files: Record<string, string>, message: string, branch: string): Promise<string> {
  const { data: ref } = await octokit.rest.git.getRef({ ...AT, ref: `heads/${branch}` });
  const { data: head } = await octokit.rest.git.getCommit({ ...AT, commit_sha: ref.object.sha });
  const entries = Object.entries(files).map(([path, content]) => ({ path, content, mode: "100644" as const, type: "blob" as const }));
  const { data: tree } = await octokit.rest.git.createTree({ ...AT, base_tree: head.tree.sha, tree: entries });
  const { data: made } = await octokit.rest.git.createCommit({ ...AT, message, tree: tree.sha, parents: [head.sha] });
  await octokit.rest.git.updateRef({ ...AT, ref: `heads/${branch}`, sha: made.sha });
  return made.sha;
}
