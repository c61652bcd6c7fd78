import { describe, expect, it } from "vitest";
import { parseWaitingList, renderWaitingList, type Waiting } from "../../src/pull-request/waiting-list.ts";

const row = (i: number, what = "Deployment shop/web"): Waiting => ({
  delivery: { kind: "Application", namespace: "argocd", name: `shop-${i}` },
  fingerprint: i.toString(16).padStart(64, "0"),
  what,
  since: new Date("2026-11-22T10:00:00Z"),
  seen: new Date("2026-11-22T11:00:00Z"),
});

describe("the list of fixes that wait", () => {
  it("can be read again, whatever stands in it", () => {
    const rows = [row(1), row(2, "Deployment a|b --> <!-- autofix:waiting [] --> @all")];
    const { body } = renderWaitingList(rows, "full.");
    expect(parseWaitingList(body)).toEqual(rows);
  });

  it("stays within what GitHub takes, however many wait", () => {
    const rows = Array.from({ length: 300 }, (_, i) => row(i, `Deployment ${"x".repeat(500)}`));
    const { body } = renderWaitingList(rows, "full.");
    expect(body.length).toBeLessThan(65_536);
    expect(parseWaitingList(body).length).toBeGreaterThan(10);
  });

  it("is empty where somebody edited it out of shape", () => {
    const { body } = renderWaitingList([row(1)], "full.");
    for (const wrong of [
      body.replace('"what"', '"whot"'),
      body.replace("Application/argocd", "Secret/argocd"),
      body.replace("autofix:waiting [", "autofix:waiting [".slice(0, -1)),
      "",
      "[]",
    ])
      expect(parseWaitingList(wrong)).toEqual([]);
  });
});
