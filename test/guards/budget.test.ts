import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const REFUSED =
  'PodDisruptionBudget.policy "web" is invalid: spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set';

const budget = (...bounds: string[]) =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web, namespace: shop}\nspec:\n${bounds.map((bound) => `  ${bound}\n`).join("")}  selector: {matchLabels: {app: web}}\n`;

/** The rules that refuse this budget in the place of one that has both bounds, or of another. */
function judged(after: string, before = budget("minAvailable: 1", "maxUnavailable: 1")): string[] {
  const world = situation({
    files: { "web.yaml": before },
    good: { "web.yaml": budget("minAvailable: 1") },
    namespace: "shop",
    target: { kind: "PodDisruptionBudget", name: "web" },
    items: [item("delivery", REFUSED)],
  });
  return rules(judge(world, proposal(world, { failureClass: "invalid-manifest", yaml: after, quote: REFUSED })));
}

describe("of two bounds of a budget that the API server takes only one of", () => {
  test.each([
    ["the one that came", budget("minAvailable: 1")],
    ["the one that was there", budget("maxUnavailable: 1")],
  ])("%s may go", (_, after) => expect(judged(after)).toEqual([]));

  test.each([
    ["both", budget()],
    ["one, and the other changes", budget("maxUnavailable: 100%")],
    ["one, and it guards other pods", budget("minAvailable: 1").replace("app: web", "app: other")],
    ["the only one", budget(), budget("minAvailable: 1")],
    ["the only one for the other", budget("maxUnavailable: 1"), budget("minAvailable: 1")],
  ])("%s may not", (_, after, before = undefined) => expect(judged(after, before)).not.toEqual([]));
});
