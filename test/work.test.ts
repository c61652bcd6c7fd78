import { describe, expect, it } from "vitest";
import { formatWork, parseWork, type Work } from "../src/work.ts";

describe("what the queue carries", () => {
  it.each<Work>([
    { kind: "delivery", key: { kind: "HelmRelease", namespace: "flux-system", name: "shop" } },
    { kind: "settings", repository: "acme/shop.web" },
    { kind: "pull", repository: "acme/shop", pull: 12, asked: false },
    { kind: "pull", repository: "acme/shop", pull: 12, asked: true },
    { kind: "pulls", repository: "acme/shop" },
  ])("is text that can be read again: %j", (work) => {
    expect(parseWork(formatWork(work))).toEqual(work);
  });

  it.each(["", "settings of acme", "pull acme/shop#x", "Secret/a/b", "settings of acme/shop/x"])("is nothing else: %j", (text) => {
    expect(parseWork(text)).toBeUndefined();
  });
});
