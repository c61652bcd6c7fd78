import type { Octokit } from "@octokit/rest";
import { createGitHub } from "../../src/source/git/github-client.ts";
import { BOT as APP } from "../standins/github/people.ts";
import { clientOf } from "../standins/github/repository-verbs.ts";
import { startGitHub as startStandIn } from "../standins/github.ts";

export const BOT = APP;
export const PEOPLE = { owner: "ada", writer: "vera", reader: "ravi", stranger: "mallory" } as const;
export const REPOSITORY = "acme/shop";
export const AT = { owner: "acme", repo: "shop" };

/** What happened to a write: it worked and the answer was lost, or it never arrived; and the same with a 502 instead of silence. */
export type Loss = "answer" | "request" | "answer, with a 502" | "request, with a 502";

export const LOSSES: readonly Loss[] = ["answer", "request", "answer, with a 502", "request, with a 502"];

/** One GitHub with one repository, seen by the App through its own client, which here counts what it asks and can lose writes. */
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
  const people = { [PEOPLE.owner]: "admin", [PEOPLE.writer]: "write", [PEOPLE.reader]: "read", [PEOPLE.stranger]: "none" } as const;
  const standIn = await startStandIn({ repositories: [REPOSITORY], people });
  await standIn.commit(files, { message: "Deploy" });
  const requests: string[] = [];
  const losses = new Map<number, Loss>();
  let writes = 0;
  const counting: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    if (!pathname.startsWith(`/repos/${REPOSITORY}/`) || pathname.endsWith("/installation")) return fetch(input, init);
    const method = init?.method ?? "GET";
    requests.push(`${method} ${decodeURIComponent(pathname).replace(/\b[0-9a-f]{40}\b/, "SHA")}`);
    const loss = method === "GET" ? undefined : losses.get(++writes);
    const answer = loss?.startsWith("request") ? undefined : await fetch(input, init);
    if (loss?.endsWith("502")) return Response.json({ message: "Server Error" }, { status: 502 });
    if (loss || !answer) throw new TypeError("fetch failed");
    return answer;
  };
  const { appId, privateKey } = standIn.appCredentials;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  // Retries stay on, as in production: a create that asks for none must not be repeated by the client.
  const app = createGitHub({ appId, privateKey, baseUrl: standIn.url, log, throttle: false, fetch: counting });
  const octokit = await app.repository(REPOSITORY);
  if (!octokit) throw new Error("the App is not installed");
  return {
    octokit,
    as: (login) => clientOf(standIn.url, login),
    requests,
    lose: (write, loss) => losses.set(writes + write, loss),
    commit: (changed, message = "Change", { login = PEOPLE.writer, branch = "main" } = {}) => standIn.commit(changed, { message, as: login, branch }),
    close: () => standIn.stop(),
  };
}
