import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Octokit } from "@octokit/rest";
import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import { createGitHubObjects, createGitHubRepository } from "../../src/source/git/github-repository.ts";
import type { RepositoryTree } from "../../src/source/git/repository.ts";

const COMMIT = "c".repeat(40);
const sha = (text: string) =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
const path = (i: number) => `apps/app-${i}/kustomization.yaml`;
const text = (i: number) => `resources: [app-${i}.yaml]\n`;

/** GitHub with one commit of many files; `archive` makes what it answers to who asks for an archive. */
async function treeOf(archive: () => Promise<Response>): Promise<{ tree: RepositoryTree; asked: string[] }> {
  const asked: string[] = [];
  const tree = Array.from({ length: 150 }, (_, i) => ({ path: path(i), mode: "100644", type: "blob", sha: sha(text(i)), size: text(i).length }));
  const blobs = new Map(tree.map((entry, i) => [entry.sha, text(i)]));
  const answer = (body: unknown) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  const fetch = async (url: string) => {
    const asking = new URL(url).pathname.replace("/repos/acme/shop/", "");
    asked.push(asking.replace(/[0-9a-f]{40}/, "SHA"));
    if (asking.startsWith("tarball/")) return archive();
    if (asking.startsWith("git/trees/")) return answer({ sha: COMMIT, tree, truncated: false });
    return answer({ content: Buffer.from(blobs.get(asking.slice("git/blobs/".length)) ?? "").toString("base64"), encoding: "base64" });
  };
  const octokit = new Octokit({ request: { fetch } });
  const repository = createGitHubRepository({ octokit, fullName: "acme/shop", objects: createGitHubObjects() });
  return { tree: await repository.tree(COMMIT), asked };
}

async function archiveOf(files: Record<string, string>): Promise<Response> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name: `acme-shop-ccccccc/${name}`, size: Buffer.byteLength(body), type: "file" as const },
    body,
  }));
  return new Response(gzipSync(await packTar(entries)), { headers: { "content-type": "application/x-gzip" } });
}

const all = Array.from({ length: 150 }, (_, i) => path(i));

describe("many files at once", () => {
  test("come from one archive, of which only they are kept", async () => {
    const { tree, asked } = await treeOf(() => archiveOf({ "README.md": "x".repeat(100_000), ...Object.fromEntries(all.map((name, i) => [name, text(i)])) }));
    await tree.prefetch?.(all);
    for (const [i, name] of all.entries()) expect(await tree.read(name)).toBe(text(i));
    await tree.prefetch?.(all);
    expect(asked).toEqual(["git/trees/SHA", "tarball/SHA"]);
  });

  test("count only with the content that the tree names; the others are fetched", async () => {
    const { tree, asked } = await treeOf(() => archiveOf(Object.fromEntries(all.map((name, i) => [name, i === 3 ? "resources: [elsewhere]\n" : text(i)]))));
    await tree.prefetch?.(all);
    expect(await tree.read(path(3))).toBe(text(3));
    expect(asked).toEqual(["git/trees/SHA", "tarball/SHA", "git/blobs/SHA"]);
  });

  test.each([
    ["refused", async () => new Response("{}", { status: 404, headers: { "content-type": "application/json" } })],
    ["no archive", async () => new Response("hello")],
    ["cut short", async () => new Response((await (await archiveOf({ [path(0)]: "x".repeat(5000) })).bytes()).slice(0, 60))],
  ])("an archive that is %s costs nothing but the call", async (_, archive) => {
    const { tree, asked } = await treeOf(archive);
    await tree.prefetch?.(all);
    expect(await tree.read(path(7))).toBe(text(7));
    expect(asked).toEqual(["git/trees/SHA", "tarball/SHA", "git/blobs/SHA"]);
  });

  test("a few are not worth it", async () => {
    const { tree, asked } = await treeOf(() => archiveOf({}));
    await tree.prefetch?.(all.slice(0, 50));
    expect(asked).toEqual(["git/trees/SHA"]);
  });
});
