import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createGitHub, type GitHub } from "../../src/source/git/github-client.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
});
const place = { owner: "acme", repo: "shop" };

let answers: Record<string, () => Response>;
let asked: string[];
let headers: Headers[];
let warnings: string[];
let now: number;

beforeEach(() => {
  now = Date.now();
  asked = [];
  headers = [];
  warnings = [];
  answers = {
    "GET /repos/acme/shop/installation": () => Response.json({ id: 7, suspended_at: null }),
    "POST /app/installations/7/access_tokens": () => Response.json({ token: "ghs_x", expires_at: new Date(now + 3_600_000).toISOString(), permissions: {} }),
    "GET /repos/acme/shop": () => Response.json({ default_branch: "main" }),
    "GET /app": () => Response.json({ slug: "kube-autofix" }),
  };
});

/** GitHub Enterprise Server, scripted. The throttling plugin is on where `throttle` is given: it is what reads the limits. */
function connect(options: { throttle?: boolean } = {}): GitHub {
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const question = `${init?.method} ${new URL(String(input)).pathname.replace("/api/v3", "")}`;
    asked.push(question);
    headers.push(new Headers(init?.headers));
    return (answers[question] ?? (() => Response.json({ message: "Not Found" }, { status: 404 })))();
  };
  const log = { debug() {}, info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} };
  const baseUrl = "https://git.example.com/api/v3";
  return createGitHub({ appId: 1, privateKey, baseUrl, log, fetch, retries: 0, now: () => now, throttle: options.throttle ?? false });
}

async function open(github: GitHub) {
  const client = await github.repository("acme/shop");
  if (!client) throw new Error("not installed");
  return client;
}

describe("the App's client", () => {
  it("pins the version of the API on every request, its own token's included", async () => {
    await (await open(connect())).rest.repos.get(place);
    expect(asked).toEqual(["GET /repos/acme/shop/installation", "POST /app/installations/7/access_tokens", "GET /repos/acme/shop"]);
    expect(headers.map((one) => one.get("x-github-api-version"))).toEqual(["2022-11-28", "2022-11-28", "2022-11-28"]);
    expect(headers[2]?.get("authorization")).toBe("token ghs_x");
  });

  it("remembers installations for a while, and their absence for a shorter one", async () => {
    const github = connect();
    await open(github);
    await open(github);
    expect(await github.repository("acme/other")).toBeUndefined();
    expect(await github.repository("acme/other")).toBeUndefined();
    expect(asked).toEqual(["GET /repos/acme/shop/installation", "GET /repos/acme/other/installation"]);
    now += 61_000;
    answers["GET /repos/acme/other/installation"] = () => Response.json({ id: 8 });
    expect(await github.repository("acme/other")).toBeDefined();
    await open(github);
    expect(asked).toHaveLength(3);
    now += 3_600_000;
    await open(github);
    expect(asked).toHaveLength(4);
    github.forgetInstallations();
    await open(github);
    expect(asked).toHaveLength(5);
  });

  it("takes a suspended installation for none", async () => {
    answers["GET /repos/acme/shop/installation"] = () => Response.json({ id: 7, suspended_at: "2026-01-01T00:00:00Z" });
    expect(await connect().repository("acme/shop")).toBeUndefined();
  });

  it("asks for the bot's name once, and again after a failure", async () => {
    const github = connect();
    const working = answers["GET /app"];
    answers["GET /app"] = () => Response.json({ message: "no" }, { status: 502 });
    await expect(github.botLogin()).rejects.toMatchObject({ code: "github/unexpected", retry: "later" });
    if (working) answers["GET /app"] = working;
    expect(await Promise.all([github.botLogin(), github.botLogin()])).toEqual(["kube-autofix[bot]", "kube-autofix[bot]"]);
    expect(asked).toEqual(["GET /app", "GET /app"]);
  });

  it("says so at once where the key is not the App's", async () => {
    answers["GET /app"] = () => Response.json({ message: "A JSON web token could not be decoded" }, { status: 401 });
    await expect(connect().botLogin()).rejects.toMatchObject({ code: "github/unexpected", retry: "never" });
  });

  it("sends nothing more until a long rate limit is over", async () => {
    const client = await open(connect({ throttle: true }));
    const reset = Math.floor(now / 1000) + 1800;
    const working = answers["GET /repos/acme/shop"];
    answers["GET /repos/acme/shop"] = () =>
      Response.json({ message: "API rate limit exceeded" }, { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) } });
    await expect(client.rest.repos.get(place)).rejects.toMatchObject({ status: 403 });
    expect(warnings).toEqual(["GitHub's rate limit is reached"]);
    const before = asked.length;
    await expect(client.rest.repos.get(place)).rejects.toMatchObject({ code: "github/unexpected", retry: "later" });
    expect(asked).toHaveLength(before);
    now = (reset + 2) * 1000;
    if (working) answers["GET /repos/acme/shop"] = working;
    expect((await client.rest.repos.get(place)).data.default_branch).toBe("main");
  });

  it("waits for a short secondary limit, as long as GitHub asks", async () => {
    const client = await open(connect({ throttle: true }));
    const working = answers["GET /repos/acme/shop"];
    answers["GET /repos/acme/shop"] = () => {
      if (working) answers["GET /repos/acme/shop"] = working;
      return Response.json({ message: "You have exceeded a secondary rate limit." }, { status: 403, headers: { "retry-after": "1" } });
    };
    expect((await client.rest.repos.get(place)).data.default_branch).toBe("main");
    expect(warnings).toEqual(["GitHub's rate limit is reached"]);
  });
});
