import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../src/source/git/github-client.ts";
import { clientOf } from "./github/repository-verbs.ts";
import { type GitHubStandIn, startGitHub } from "./github.ts";

/** What GitHub does and `emulate` does not: github.test.ts has what both do. */

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const place = { owner: "acme", repo: "shop" };

let github: GitHubStandIn;
let octokit: Octokit;

beforeEach(async () => {
  github = await startGitHub({ repositories: ["acme/shop"], foreign: ["other/thing"], people: { ada: "write", mallory: "read", eve: "none" } });
  await github.commit({ "apps/web.yaml": "image: web:1\nreplicas: 1\na: 1\nb: 2\nport: 80\n" });
  const { appId, privateKey } = github.appCredentials;
  const client = await createGitHub({ appId, privateKey, baseUrl: github.url, log: quiet, throttle: false, retries: 0 }).repository("acme/shop");
  if (!client) throw new Error("not installed");
  octokit = client;
});
afterEach(() => github.stop());

function statusOf(request: Promise<unknown>): Promise<number> {
  return request.then(
    () => 200,
    (failure: { status?: number }) => failure.status ?? 0,
  );
}

async function propose(text = "image: web:2\nreplicas: 1\na: 1\nb: 2\nport: 80\n"): Promise<number> {
  await github.commit({ "apps/web.yaml": text }, { branch: "autofix/web" });
  return (await octokit.rest.pulls.create({ ...place, title: "Fix web", head: "autofix/web", base: "main", body: "why" })).data.number;
}

/** The App's own requests, which need its JWT. */
function asApp(changes: { privateKey?: string; expires?: number } = {}): Octokit {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: github.appCredentials.appId, iat: now - 30, exp: now + (changes.expires ?? 300) })}`;
  const signature = createSign("RSA-SHA256")
    .update(unsigned)
    .sign(changes.privateKey ?? github.appCredentials.privateKey, "base64url");
  const client = new Octokit({ auth: `${unsigned}.${signature}`, baseUrl: github.url, log: quiet });
  client.hook.before("request", (request) => {
    request.headers["x-github-api-version"] = "2022-11-28";
    request.headers.authorization = `Bearer ${unsigned}.${signature}`;
  });
  return client;
}

describe("who may do what", () => {
  it("takes only tokens of the App that its key signed, and for ten minutes at most", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const ask = (client: Octokit) => statusOf(client.rest.apps.getAuthenticated());
    expect(await Promise.all([ask(asApp()), ask(asApp({ privateKey })), ask(asApp({ expires: 3600 })), ask(asApp({ expires: -1 }))])).toEqual([
      200, 401, 401, 401,
    ]);
    expect(await statusOf(clientOf(github.url, "ada").rest.apps.getAuthenticated())).toBe(401);
  });

  it("lets the App do what app.yml asks for, where it is installed, and nothing else", async () => {
    expect(await statusOf(octokit.rest.repos.get({ owner: "other", repo: "thing" }))).toBe(404);
    expect(await statusOf(octokit.rest.repos.createInOrg({ org: "acme", name: "new" }))).toBe(403);
    expect(
      await statusOf(clientOf(github.url, "mallory").rest.git.createRef({ ...place, ref: "refs/heads/x", sha: (await github.branch("main")) ?? "" })),
    ).toBe(403);
  });

  it("asks reviews of those who can see the repository, and assigns nobody else", async () => {
    const pull_number = await propose();
    const review = (login: string) => statusOf(octokit.rest.pulls.requestReviewers({ ...place, pull_number, reviewers: [login] }));
    expect(await Promise.all(["ada", "eve", "kube-autofix[bot]"].map(review))).toEqual([200, 422, 422]);
    const { data } = await octokit.rest.issues.addAssignees({ ...place, issue_number: pull_number, assignees: ["ada", "eve"] });
    expect(data.assignees?.map(({ login }) => login)).toEqual(["ada"]);
  });
});

describe("pull requests", () => {
  it("find out in the background whether they can be merged", async () => {
    const pull_number = await propose();
    const mergeable = async () => (await octokit.rest.pulls.get({ ...place, pull_number })).data.mergeable;
    await mergeable();
    expect(await mergeable()).toBe(true);
    await github.commit({ "apps/web.yaml": "image: web:3\nreplicas: 1\na: 1\nb: 2\nport: 80\n" });
    expect([await mergeable(), await mergeable()]).toEqual([null, false]);
  });

  it("are merged line by line", async () => {
    const number = await propose();
    await github.commit({ "apps/web.yaml": "image: web:1\nreplicas: 1\na: 1\nb: 2\nport: 81\n" });
    await github.merge(number);
    expect((await github.tree())["apps/web.yaml"]).toBe("image: web:2\nreplicas: 1\na: 1\nb: 2\nport: 81\n");
  });

  it("count as merged once their commits are in the base, however they got there", async () => {
    const pull_number = await propose();
    const sha = (await github.branch("autofix/web")) ?? "";
    await clientOf(github.url, "ada").rest.git.updateRef({ ...place, ref: "heads/main", sha });
    expect(await github.pull(pull_number)).toMatchObject({ merged: true, merge_commit_sha: sha });
  });
});

describe("limits", () => {
  it("answers a conditional request with 304, which costs nothing, until something changed", async () => {
    const list = (etag = "") => octokit.request("GET /repos/{owner}/{repo}/pulls", { ...place, headers: { "if-none-match": etag } });
    const first = await list();
    const remaining = Number(first.headers["x-ratelimit-remaining"]);
    expect(await statusOf(list(first.headers.etag))).toBe(304);
    expect(Number((await octokit.rest.repos.get(place)).headers["x-ratelimit-remaining"])).toBe(remaining - 1);
    await propose();
    expect(await statusOf(list(first.headers.etag))).toBe(200);
  });

  it("refuses everything while the rate limit is used up", async () => {
    github.exhaust(1);
    expect(await statusOf(octokit.rest.repos.get(place))).toBe(403);
    await expect.poll(() => statusOf(octokit.rest.repos.get(place)), { timeout: 5000 }).toBe(200);
  });

  it("can fail after it has done what was asked", async () => {
    github.failNext("POST", "/repos/acme/shop/issues", "error-after");
    expect(await statusOf(octokit.rest.issues.create({ ...place, title: "Help" }))).toBe(502);
    github.failNext("POST", "/repos/acme/shop/issues", "timeout-before");
    expect(await statusOf(octokit.rest.issues.create({ ...place, title: "Help" }))).toBe(500);
    expect(await github.issues()).toHaveLength(1);
  });
});

describe("webhooks that did not arrive", () => {
  it("are listed newest first, and sent again when asked, with the same GUID and signature", async () => {
    const received: string[] = [];
    let works = false;
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const signature = `sha256=${createHmac("sha256", github.appCredentials.webhookSecret).update(body).digest("hex")}`;
      if (works && request.headers["x-hub-signature-256"] === signature) received.push(String(request.headers["x-github-delivery"]));
      response.writeHead(works ? 202 : 500).end();
    });
    const port = await new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve(Number(Object(server.address()).port))));
    const number = await propose();
    github.deliverTo(`http://127.0.0.1:${port}/`);
    await github.comment(number, "/autofix help");
    await github.settled();
    works = true;
    await github.comment(number, "thanks");
    await github.settled();
    const { data } = await asApp().rest.apps.listWebhookDeliveries();
    expect(data.map(({ event, status_code, redelivery }) => [event, status_code, redelivery])).toEqual([
      ["issue_comment", 202, false],
      ["issue_comment", 500, false],
    ]);
    const failed = data[1];
    await asApp().rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
    await github.settled();
    expect(received).toEqual([data[0]?.guid, failed?.guid]);
    const again = await asApp().rest.apps.listWebhookDeliveries({ per_page: 1 });
    expect(again.data).toMatchObject([{ guid: failed?.guid, redelivery: true, status_code: 202 }]);
    expect(again.headers.link).toContain("cursor=");
    server.close();
  });
});

describe("what GitHub's OpenAPI description does not allow", () => {
  it.each([
    ["an unknown field", "POST /repos/{owner}/{repo}/issues", { title: "x", lables: [] }],
    ["a wrong type", "PATCH /repos/{owner}/{repo}/git/refs/{ref}", { ref: "heads/main", sha: 1 }],
    ["an unknown parameter", "GET /repos/{owner}/{repo}/pulls", { labels: "x" }],
    ["a value out of its list", "GET /repos/{owner}/{repo}/pulls", { state: "merged" }],
    ["another operation", "GET /repos/{owner}/{repo}/topics", {}],
  ])("%s is reported with operation and path", async (_, operation: string, parameters) => {
    await statusOf(octokit.request(operation, { ...place, ...parameters }));
    const [violation, ...more] = github.takeViolations();
    expect(violation).toMatch(operation.endsWith("topics") ? /^GET \/repos\/acme\/shop\/topics: the fake has no such operation/ : /: request \S*/);
    expect(violation).toContain(operation.endsWith("topics") ? "" : operation);
    expect(more).toEqual([]);
  });

  it("fails the test that nobody expected it in", async () => {
    const other = await startGitHub();
    await statusOf(clientOf(other.url, "ada").request("GET /repos/{owner}/{repo}/pulls", { ...place, nonsense: "1" }));
    await expect(other.stop()).rejects.toThrow("GET /repos/{owner}/{repo}/pulls: request");
  });
});
