import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { review } from "../../src/guards/review.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { BOUNDS } from "./situation.ts";

function deployment(spec: JsonObject, container: JsonObject = {}): KubeObject {
  const app = { name: "app", image: "acme/app:1", ...container };
  const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "proxy", image: "acme/proxy:1" }, app] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "app", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "a" } }, template, ...spec },
  };
}

const RULES = { bounds: BOUNDS, policies: [], namespace: "shop" };
const GOOD = deployment({ replicas: 2 });

function findings(before: KubeObject[] | undefined, after: KubeObject[], rules: Partial<Parameters<typeof review>[2]> = {}) {
  return review(before, after, { ...RULES, ...rules }).findings.map(({ verdict, rule, path }) => `${verdict} ${rule} at ${formatPath(path)}`);
}

describe("what is held against a person's change", () => {
  it("nothing where they change an image, a command, or take something away", () => {
    expect(findings([GOOD], [deployment({ replicas: 2 }, { image: "other/app:2", command: ["/bin/app"] })])).toEqual([]);
    expect(findings([GOOD], [])).toEqual([]);
  });

  it("a wrong value or an unknown field is refused at the field, however lists are ordered, and nothing else is told of that object", () => {
    expect(findings([GOOD], [deployment({ replicas: "1" }, { imagePullPolice: "Always" })])).toEqual([
      "refused invalid at spec.replicas",
      "refused invalid at spec.template.spec.containers[name=app].imagePullPolice",
    ]);
  });

  it("faults that were there before are nobody's now", () => {
    expect(findings([deployment({ replicas: "1" })], [deployment({ replicas: "1", paused: false })])).toEqual([]);
  });

  it("what is worse than before is remarked at the container's field", () => {
    expect(findings([GOOD], [deployment({ replicas: 2 }, { securityContext: { privileged: true } })])).toEqual([
      "remarked privileged at spec.template.spec.containers[name=app].securityContext.privileged",
    ]);
  });

  it("a new object is not worse than anything, and neither is one that could not be rendered before", () => {
    const open = deployment({ replicas: 1 }, { securityContext: { privileged: true } });
    expect(findings([], [open])).toEqual([]);
    expect(findings(undefined, [open])).toEqual([]);
  });

  it("a policy refuses, also what is new and what could not be rendered before; one that nobody can judge too, once", () => {
    const policies = [{ name: "two", expression: "object.spec.replicas >= 2" }];
    const one = deployment({ replicas: 1 });
    expect(findings([GOOD], [one], { policies })[0]).toBe("refused policy-violated at spec.replicas");
    expect(findings([], [one], { policies })).toHaveLength(1);
    expect(findings(undefined, [one], { policies })).toHaveLength(1);
    expect(findings([one], [deployment({ replicas: 1, paused: true })], { policies })).not.toContain(expect.stringContaining("policy"));
    expect(findings([GOOD], [one], { policies: [{ name: "broken", expression: "object." }] })[0]).toContain("policy-invalid");
  });
});
