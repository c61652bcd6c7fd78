import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCheckout } from "../../src/source/git/checkout.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "checkout-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgSign=false"];
  return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(message: string): string {
  git("add", "-A");
  git("commit", "-q", "-m", message);
  return git("rev-parse", "HEAD");
}

async function paths(ref: string): Promise<string[]> {
  const repository = await openCheckout(folder);
  const tree = await repository.tree((await repository.resolve(ref)) ?? "");
  return tree.files.map((file) => `${file.mode} ${file.path}`);
}

describe("a git checkout", () => {
  let first: string;
  let second: string;
  beforeEach(() => {
    git("init", "-q", "-b", "main");
    write("apps/web.yaml", "image: web:1\n");
    write("apps/straße.yaml", "a: ü\n");
    first = commit("Add the web app\n\nWith a body.");
    write("apps/web.yaml", "image: web:2\n");
    second = commit("Take web 2");
  });

  it("gives the commit of a clean working tree, and its files", async () => {
    const repository = await openCheckout(folder);
    expect(await repository.defaultBranch()).toBe("main");
    expect(await repository.resolve("main")).toBe(second);
    expect(await repository.resolve("HEAD")).toBe(second);
    const tree = await repository.tree(second);
    expect(tree.files.map((file) => file.path).sort()).toEqual(["apps/straße.yaml", "apps/web.yaml"]);
    expect(await tree.read("apps/web.yaml")).toBe("image: web:2\n");
    expect(await tree.read("apps/straße.yaml")).toBe("a: ü\n");
    expect(await tree.read("apps/none.yaml")).toBeUndefined();
  });

  it("includes uncommitted and new files in the head, says so, and leaves ignored and deleted ones out", async () => {
    write(".gitignore", "*.log\n");
    write("apps/web.yaml", "image: web:3\n");
    write("apps/new.yaml", "new: true\n");
    write("debug.log", "noise");
    unlinkSync(join(folder, "apps/straße.yaml"));
    const repository = await openCheckout(folder);
    const head = await repository.resolve("main");
    expect(head).toBe(`${second}+uncommitted`);
    const tree = await repository.tree(head ?? "");
    expect(tree.commit).toBe(`${second}+uncommitted`);
    expect(tree.files.map((file) => file.path)).toEqual([".gitignore", "apps/new.yaml", "apps/web.yaml"]);
    expect(await tree.read("apps/web.yaml")).toBe("image: web:3\n");
    expect(await (await repository.tree(second)).read("apps/web.yaml")).toBe("image: web:2\n");
    expect((await repository.commits({ until: head ?? "", limit: 5 })).map((c) => c.sha)).toEqual([second, first]);
  });

  it("reads other commits and the history of one file", async () => {
    const repository = await openCheckout(folder);
    expect(await repository.resolve(first)).toBe(first);
    expect(await (await repository.tree(first)).read("apps/web.yaml")).toBe("image: web:1\n");
    expect(await repository.commits({ until: second, limit: 1 })).toEqual([{ sha: second, author: "Ada", date: expect.any(Date), subject: "Take web 2" }]);
    expect((await repository.commits({ until: second, path: "apps/straße.yaml", limit: 9 })).map((c) => c.subject)).toEqual(["Add the web app"]);
  });

  it("resolves other branches, what was seen of the remote, and tags", async () => {
    git("branch", "feature/a", first);
    git("update-ref", "refs/remotes/origin/production", first);
    git("tag", "-a", "v1", "-m", "one", first);
    const repository = await openCheckout(folder);
    for (const ref of ["feature/a", "production", "v1"]) expect(await repository.resolve(ref)).toBe(first);
    for (const ref of ["none", "--all", "main..feature/a", "f".repeat(40)]) expect(await repository.resolve(ref)).toBeUndefined();
  });

  it("marks links and never follows them, not even on the way to a file", async () => {
    symlinkSync("/etc/passwd", join(folder, "link"));
    write("overlays/prod/patch.yaml", "a: 1\n");
    chmodSync(join(folder, "apps/web.yaml"), 0o755);
    commit("Add a link");
    rmSync(join(folder, "overlays/prod"), { recursive: true });
    const outside = mkdtempSync(join(tmpdir(), "outside-"));
    writeFileSync(join(outside, "patch.yaml"), "secret: yes\n");
    symlinkSync(outside, join(folder, "overlays/prod"));
    const repository = await openCheckout(folder);
    const tree = await repository.tree((await repository.resolve("HEAD")) ?? "");
    expect(await tree.read("link")).toBeUndefined();
    expect(await tree.read("overlays/prod/patch.yaml")).toBeUndefined();
    expect(await paths("HEAD")).toContain("symlink link");
    expect(await paths("HEAD")).toContain("executable apps/web.yaml");
    rmSync(outside, { recursive: true });
  });

  it("runs no program that the repository's configuration names", async () => {
    const trap = join(folder, "..", `${folder.split("/").at(-1)}.trap`);
    const script = `touch ${trap}; false`;
    for (const key of ["core.fsmonitor", "diff.external", "core.pager", "gpg.program", "filter.x.clean", "filter.x.smudge", "core.sshCommand"])
      git("config", key, script);
    git("config", "log.showSignature", "true");
    write(".gitattributes", "*.yaml filter=x diff=x\n");
    write("apps/web.yaml", "image: web:3\n");
    const repository = await openCheckout(folder);
    const head = (await repository.resolve("HEAD")) ?? "";
    await (await repository.tree(head)).read("apps/web.yaml");
    await (await repository.tree(first)).read("apps/web.yaml");
    await repository.commits({ until: head, path: "apps/web.yaml", limit: 3 });
    expect(head).toBe(`${second}+uncommitted`);
    expect(existsSync(trap)).toBe(false);
  });

  it("refuses what is too large or no text", async () => {
    write("big.yaml", "x".repeat(2 * 1024 * 1024));
    write("logo.png", Uint8Array.of(0x89, 0x50, 0xff, 0xfe));
    const repository = await openCheckout(folder);
    const tree = await repository.tree((await repository.resolve("HEAD")) ?? "");
    await expect(tree.read("big.yaml")).rejects.toMatchObject({ code: "source/too-large" });
    await expect(tree.read("logo.png")).rejects.toMatchObject({ code: "source/not-text" });
    await expect(repository.tree("f".repeat(40))).rejects.toMatchObject({ code: "source/unreadable" });
  });
});

describe("a folder without git", () => {
  it("is one tree without history", async () => {
    write("web.yaml", "image: web:1\n");
    write("sub/a.yaml", "a: 1\n");
    const repository = await openCheckout(folder);
    expect(await repository.resolve("main")).toBe("working-tree");
    const tree = await repository.tree("working-tree");
    expect(tree.files.map((file) => file.path)).toEqual(["sub/a.yaml", "web.yaml"]);
    expect(await tree.read("sub/a.yaml")).toBe("a: 1\n");
    expect(await repository.commits({ until: "working-tree", limit: 5 })).toEqual([]);
  });

  it("is refused where it does not exist", async () => {
    await expect(openCheckout(join(folder, "none"))).rejects.toMatchObject({ code: "source/unreadable" });
  });
});
