import { describe, expect, it } from "vitest";
import { type ReviewedDelivery, type ReviewRemark, renderReview } from "../../src/pull-request/review-report.ts";

const remark = (verdict: ReviewRemark["verdict"], message: string, line?: number): ReviewRemark => ({
  verdict,
  message,
  ...(line === undefined ? {} : { place: { file: "deploy/app.yaml", line } }),
});

function judged(name: string, remarks: ReviewRemark[] = [], diff = "-a\n+b\n"): ReviewedDelivery {
  return { name, kind: "judged", effect: ["Deployment shop/app"], diff, remarks };
}

describe("the check of somebody's pull request", () => {
  it.each([
    ["neutral", "Nothing to validate", []],
    ["success", "2 deliveries in order", [judged("Application/argocd/a"), judged("Application/argocd/b")]],
    ["neutral", "One remark, nothing that fails", [judged("Application/argocd/a", [remark("remarked", "worse")])]],
    ["failure", "One problem in what would be delivered", [judged("Application/argocd/a", [remark("remarked", "worse"), remark("refused", "wrong")])]],
    ["failure", "One problem in what would be delivered", [{ name: "Application/argocd/a", kind: "broken", why: "no YAML" }]],
    ["neutral", "One delivery could not be judged", [judged("Application/argocd/a"), { name: "Application/argocd/b", kind: "not-judged", why: "a plugin" }]],
  ] satisfies [string, string, ReviewedDelivery[]][])("is a %s: %s", (conclusion, title, deliveries) => {
    expect(renderReview(deliveries, 0)).toMatchObject({ conclusion, title });
  });

  it("that could not look at everything is no success", () => {
    const check = renderReview([judged("Application/argocd/a")], 3);
    expect(check.conclusion).toBe("neutral");
    expect(check.summary).toContain("3 more deliveries were not looked at.");
  });

  it("says what several deliveries share once, and puts refusals first", () => {
    const shared = [remark("remarked", "worse", 3), remark("refused", "wrong", 9)];
    const { annotations } = renderReview([judged("Application/argocd/a", shared), judged("Application/argocd/b", shared)], 0);
    expect(annotations.map(({ startLine, level }) => [startLine, level])).toEqual([
      [9, "failure"],
      [3, "warning"],
    ]);
  });

  it("stays within GitHub's limits, whatever is in it", () => {
    const long = "*_~`<@acme/all> #1 ".repeat(300);
    const remarks = Array.from({ length: 100 }, (_, i) => remark("refused", `${i} ${long}`, i + 1));
    const deliveries = Array.from({ length: 20 }, (_, i) => judged(`Application/argocd/app-${i}`, remarks, "+ ```\n".repeat(5000)));
    const { summary, text, annotations, title } = renderReview([...deliveries, { name: "Application/argocd/x", kind: "broken", why: long.repeat(20) }], 0);
    expect(summary.length).toBeLessThanOrEqual(65_535);
    expect(text.length).toBeLessThanOrEqual(65_535);
    expect(summary).toMatch(/… and \d+ more$/);
    expect(annotations).toHaveLength(50);
    expect(title.length).toBeLessThan(100);
  });

  it("lets nothing work that somebody wrote", () => {
    const { summary } = renderReview([judged("Application/argocd/a", [remark("refused", "@acme/all <img src=x> closes #1 ![](https://evil.example)")])], 0);
    expect(summary).not.toContain("@acme/all");
    expect(summary).not.toContain("<img");
    expect(summary).not.toMatch(/#1\b/);
    expect(summary).not.toContain("](https://");
  });
});
