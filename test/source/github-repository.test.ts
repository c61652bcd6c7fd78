import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../src/source/git/github-client.ts";
import { createGitHubObjects, createGitHubRepository, type GitHubObjects } from "../../src/source/git/github-repository.ts";
import type { Repository } from "../../src/source/git/repository.ts";
import { type GitHubStandIn, startGitHub } from "../standins/github.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

let github: GitHubStandIn;
let first: string;
let second: string;

beforeAll(async () => {
  github = await startGitHub();
  first = await github.commit({ "apps/web.yaml": "image: web:1\n", "apps/straße.yaml": "a: ü\n" }, { message: "Begin\n\nWith a body.", as: "ada" });
  second = await github.commit({ "apps/web.yaml": "image: web:2\n", "base/db.yaml": "image: db:1\n" }, { message: "Take web 2" });
});
afterAll(() => github.stop());

async function open(options: { objects?: GitHubObjects; maxBlobBytes?: number; retries?: number } = {}): Promise<Repository> {
  const { appId, privateKey } = github.appCredentials;
  const app = createGitHub({ appId, privateKey, baseUrl: github.url, log: quiet, throttle: false, retries: options.retries ?? 0 });
  const octokit = await app.repository("acme/shop");
  if (!octokit) throw new Error("not installed");
  return createGitHubRepository({ octokit, fullName: "acme/shop", objects: createGitHubObjects(), ...options });
}

function asked(): string[] {
  return github.requests.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{40}/g, "SHA")}`);
}

beforeEach(() => {
  github.requests.length = 0;
});

describe("a repository through GitHub's Git Data API", () => {
  it("costs few calls, and reads what it knows already from memory", async () => {
    const objects = createGitHubObjects();
    const repository = await open({ objects });
    const head = (await repository.resolve(await repository.defaultBranch())) ?? "";
    expect(head).toBe(second);
    const tree = await repository.tree(head);
    expect(await Promise.all([tree.read("apps/web.yaml"), tree.read("apps/web.yaml"), tree.read("apps/straße.yaml")])).toEqual([
      "image: web:2\n",
      "image: web:2\n",
      "a: ü\n",
    ]);
    expect(asked()).toMatchInlineSnapshot(`
      [
        "GET /repos/acme/shop/installation",
        "POST /app/installations/100/access_tokens",
        "GET /repos/acme/shop",
        "GET /repos/acme/shop/git/ref/heads%2Fmain",
        "GET /repos/acme/shop/git/trees/SHA?recursive=1",
        "GET /repos/acme/shop/git/blobs/SHA",
        "GET /repos/acme/shop/git/blobs/SHA",
      ]
    `);
    github.requests.length = 0;
    const again = await (await open({ objects })).tree(first);
    expect(await again.read("apps/straße.yaml")).toBe("a: ü\n");
    expect(await again.read("apps/web.yaml")).toBe("image: web:1\n");
    expect(asked().filter((line) => line.includes("/git/"))).toEqual(["GET /repos/acme/shop/git/trees/SHA?recursive=1", "GET /repos/acme/shop/git/blobs/SHA"]);
  });

  it("lists files with their size and kind, and reads none that is not there", async () => {
    const tree = await (await open()).tree(second);
    expect(tree.files.map(({ path, size, mode }) => ({ path, size, mode }))).toEqual([
      { path: "apps/straße.yaml", size: 6, mode: "file" },
      { path: "apps/web.yaml", size: 13, mode: "file" },
      { path: "base/db.yaml", size: 12, mode: "file" },
    ]);
    expect(await tree.read("apps")).toBeUndefined();
    expect(await tree.read("apps/none.yaml")).toBeUndefined();
    expect(await tree.read("__proto__")).toBeUndefined();
  });

  it("resolves branches with slashes, the default branch and full SHAs", async () => {
    await github.commit({ "a.yaml": "a: 1\n" }, { branch: "feature/a/b", parent: first });
    const repository = await open();
    expect(await repository.resolve("feature/a/b")).toBe(await github.branch("feature/a/b"));
    expect(await repository.resolve("HEAD")).toBe(second);
    expect(await repository.resolve(first)).toBe(first);
    for (const ref of ["feature/a", "none", "f".repeat(40), ""]) expect(await repository.resolve(ref)).toBeUndefined();
  });

  it("tells the history, newest first, of everything or of one file", async () => {
    const repository = await open();
    expect(await repository.commits({ until: second, limit: 1 })).toEqual([{ sha: second, author: "ada", date: expect.any(Date), subject: "Take web 2" }]);
    expect((await repository.commits({ until: second, path: "apps/straße.yaml", limit: 5 })).map((commit) => commit.subject)).toEqual(["Begin"]);
    expect(await repository.commits({ until: "f".repeat(40), limit: 5 })).toEqual([]);
  });

  it("refuses a file above the cap without fetching it", async () => {
    const tree = await (await open({ maxBlobBytes: 12 })).tree(second);
    await expect(tree.read("apps/web.yaml")).rejects.toMatchObject({ code: "source/too-large" });
    expect(asked().filter((line) => line.includes("blobs"))).toEqual([]);
  });

  it("says whether asking again may help", async () => {
    const repository = await open();
    github.failNext("GET", "/repos/acme/shop/git/trees", 502);
    await expect(repository.tree(first)).rejects.toMatchObject({ code: "source/unreadable", retry: "later" });
    github.failNext("GET", "/repos/acme/shop/git/trees", 403);
    await expect(repository.tree(first)).rejects.toMatchObject({ code: "source/unreadable", retry: "never" });
    github.failNext("GET", "/repos/acme/shop/git/trees", 403, { "retry-after": "60" });
    await expect(repository.tree(first)).rejects.toMatchObject({ code: "source/unreadable", retry: "later" });
    github.failNext("GET", "/repos/acme/shop", 404);
    await expect(repository.defaultBranch()).rejects.toMatchObject({ code: "source/repository-not-installed" });
    expect((await repository.tree(first)).commit).toBe(first);
  });
});
