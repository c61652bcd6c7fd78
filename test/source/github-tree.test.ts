import { Octokit } from "@octokit/rest";
import { describe, expect, it } from "vitest";
import { readTree } from "../../src/source/git/github-tree.ts";

interface Listed {
  truncated?: boolean;
  tree: { path: string; mode: string; type: string; sha: string; size?: number }[];
}

const file = (path: string, mode = "100644") => ({ path, mode, type: "blob", sha: `sha-${path}`, size: 3 });
const folder = (path: string) => ({ path, mode: "040000", type: "tree", sha: `tree-${path}` });

/** GitHub's answers by tree; a recursive question has " recursive" behind it. */
function octokitWith(answers: Record<string, Listed>): { octokit: Octokit; asked: string[] } {
  const asked: string[] = [];
  const respond = async (input: string | URL | Request) => {
    const url = new URL(String(input));
    const question = `${decodeURIComponent(url.pathname.split("/").at(-1) ?? "")}${url.searchParams.has("recursive") ? " recursive" : ""}`;
    asked.push(question);
    const body = answers[question];
    return Response.json(body ? { truncated: false, ...body } : { message: "Not Found" }, { status: body ? 200 : 404 });
  };
  return { octokit: new Octokit({ request: { fetch: respond }, log: { debug() {}, info() {}, warn() {}, error() {} } }), asked };
}

const place = { owner: "acme", repo: "shop" };

describe("the files of a commit", () => {
  it("marks what is no file of text", async () => {
    const tree = [file("run.sh", "100755"), file("a.yaml"), file("link", "120000"), { path: "lib", mode: "160000", type: "commit", sha: "c" }, folder("apps")];
    const { octokit } = octokitWith({ "head recursive": { tree } });
    expect((await readTree(octokit, place, "head")).map((entry) => `${entry.mode} ${entry.path} ${entry.size}`)).toEqual([
      "executable run.sh 3",
      "file a.yaml 3",
      "symlink link 3",
      "submodule lib 0",
    ]);
  });

  it("goes folder by folder where one answer does not hold them all", async () => {
    const { octokit, asked } = octokitWith({
      "head recursive": { truncated: true, tree: [file("a.yaml")] },
      head: { tree: [file("a.yaml"), folder("apps"), folder("huge")] },
      "tree-apps recursive": { tree: [file("web.yaml"), folder("db"), file("db/db.yaml")] },
      "tree-huge recursive": { truncated: true, tree: [] },
      "tree-huge": { tree: [folder("one")] },
      "tree-one recursive": { tree: [file("b.yaml")] },
    });
    expect((await readTree(octokit, place, "head")).map((entry) => entry.path)).toEqual(["a.yaml", "apps/web.yaml", "apps/db/db.yaml", "huge/one/b.yaml"]);
    expect(asked).toEqual(["head recursive", "head", "tree-apps recursive", "tree-huge recursive", "tree-huge", "tree-one recursive"]);
  });

  it("is refused where a folder alone is more than GitHub lists, or where there are too many folders", async () => {
    const endless = octokitWith({ "head recursive": { truncated: true, tree: [] }, head: { truncated: true, tree: [file("a.yaml")] } });
    await expect(readTree(endless.octokit, place, "head")).rejects.toMatchObject({ code: "source/too-large" });
    const folders = Array.from({ length: 300 }, (_, i) => folder(`f${i}`));
    const many = Object.fromEntries(folders.map(({ sha }): [string, Listed] => [`${sha} recursive`, { tree: [file("a.yaml")] }]));
    const wide = octokitWith({ "head recursive": { truncated: true, tree: [] }, head: { tree: folders }, ...many });
    await expect(readTree(wide.octokit, place, "head")).rejects.toMatchObject({ code: "source/too-large" });
    expect(wide.asked.length).toBeLessThanOrEqual(150);
  });
});
