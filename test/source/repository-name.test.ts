import { describe, expect, it } from "vitest";
import { parseRepositoryUrl, repositoryOf, repositoryScope } from "../../src/source/git/repository-name.ts";

describe("the repository that a delivery's URL names", () => {
  const shop = { host: "github.com", owner: "acme", name: "shop" };

  it.each([
    "https://github.com/acme/shop",
    "https://github.com/acme/shop.git",
    "https://github.com/acme/shop/",
    "https://GitHub.com/acme/shop.git/",
    "https://www.github.com/acme/shop",
    "https://bot:ghp_0123456789abcdef@github.com/acme/shop.git",
    "https://github.com:443/acme/shop",
    "http://github.com/acme/shop",
    "ssh://git@github.com/acme/shop.git",
    "ssh://git@github.com:22/acme/shop.git",
    "ssh://git@ssh.github.com:443/acme/shop.git",
    "git@github.com:acme/shop.git",
    "git@github.com:/acme/shop.git",
    "github.com:acme/shop",
    "git://github.com/acme/shop.git",
    " https://github.com/acme/shop ",
  ])("reads %s", (url) => expect(parseRepositoryUrl(url)).toEqual(shop));

  it("keeps the port of a GitHub Enterprise Server that is not served on the usual one", () => {
    expect(parseRepositoryUrl("https://git.example.com:8443/acme/shop.git")).toEqual({ host: "git.example.com:8443", owner: "acme", name: "shop" });
    expect(parseRepositoryUrl("ssh://git@git.example.com:2222/acme/shop.git")).toEqual({ host: "git.example.com", owner: "acme", name: "shop" });
  });

  it.each([
    "",
    "shop",
    "https://github.com/acme",
    "https://github.com/acme/shop/tree/main",
    "http://127.0.0.1:3099/shop.git",
    "file:///srv/git/acme/shop",
    "oci://ghcr.io/acme/shop",
    "/srv/git/acme/shop",
    "https://github.com/acme/..",
    "https://github.com/acme/sh op",
    "https://github.com/-acme/shop",
    `https://github.com/acme/${"a".repeat(5000)}`,
  ])("refuses %s", (url) => expect(parseRepositoryUrl(url)).toBeUndefined());
});

describe("the repository that this installation looks after", () => {
  const scope = repositoryScope("github.com", new Map([["http://127.0.0.1:3099/shop.git", "acme/shop"]]));

  it("takes GitHub's own repositories by name", () => expect(repositoryOf("git@github.com:acme/web.git", scope)).toBe("acme/web"));

  it("takes a mirror by its alias, however it is spelled", () => {
    expect(repositoryOf("http://127.0.0.1:3099/shop.git", scope)).toBe("acme/shop");
    expect(repositoryOf("http://user:secret@127.0.0.1:3099/shop/", scope)).toBe("acme/shop");
    expect(repositoryOf("http://127.0.0.1:3098/shop.git", scope)).toBeUndefined();
  });

  it("never takes another host's acme/shop for GitHub's", () => {
    expect(repositoryOf("https://gitlab.com/acme/shop.git", scope)).toBeUndefined();
    expect(repositoryOf("https://github.com.evil.example/acme/shop.git", scope)).toBeUndefined();
  });

  it("knows a GitHub Enterprise Server by its host", () => {
    const enterprise = repositoryScope("git.example.com", new Map());
    expect(repositoryOf("ssh://git@git.example.com:2222/acme/shop.git", enterprise)).toBe("acme/shop");
    expect(repositoryOf("https://github.com/acme/shop", enterprise)).toBeUndefined();
  });
});
