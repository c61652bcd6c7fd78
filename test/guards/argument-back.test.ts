import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (args: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, args: [${args}], readinessProbe: {httpGet: {path: /, port: 8080}}}]\n`;

/** The rules that refuse `fixed`, where the good revision had `-b 0.0.0.0:8080` and now there is `-b 0.0.0.0:8000 --preload`. */
function judged(fixed: string): string[] {
  const said = "Readiness probe failed: dial tcp 10.244.0.9:8080: connect: connection refused";
  const world = situation({
    files: { "web.yaml": workload("web, -b, '0.0.0.0:8000', --preload") },
    good: { "web.yaml": workload("web, -b, '0.0.0.0:8080'") },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", said)],
  });
  return rules(judge(world, proposal(world, { failureClass: "readiness-probe", container: "main", yaml: workload(fixed), quote: said })));
}

describe("an argument in a list that got longer", () => {
  test("goes back to what stood behind its option", () => {
    expect(judged("web, -b, '0.0.0.0:8080', --preload")).toEqual([]);
  });

  test.each([
    ["another value", "web, -b, '0.0.0.0:9090', --preload"],
    ["behind another option", "web, '0.0.0.0:8080', '0.0.0.0:8000', --preload"],
    ["in another place", "web, -b, '0.0.0.0:8000', '0.0.0.0:8080'"],
  ])("and no other way: %s", (_, fixed) => expect(judged(fixed)).not.toEqual([]));
});
