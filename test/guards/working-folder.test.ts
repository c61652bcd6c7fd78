import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1${container}}]\n`;

/** The rules that refuse `fixed` in place of `now`, where `good` worked. */
function judged(good: string, now: string, fixed: string): string[] {
  const said = "Error: Cannot find module '/srv/server.js', and neither is it in /ap";
  const world = situation({
    files: { "web.yaml": workload(now) },
    good: { "web.yaml": workload(good) },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item("log", said)],
  });
  return rules(judge(world, proposal(world, { failureClass: "crash-on-start", container: "main", yaml: workload(fixed), quote: said })));
}

describe("the folder in which a program is started", () => {
  test("goes back to the one of the last good revision", () => {
    expect(judged(", workingDir: /app", ", workingDir: /srv", ", workingDir: /app")).toEqual([]);
    expect(judged("", ", workingDir: /srv", "")).toEqual([]);
  });

  test.each([
    ["to none", ", workingDir: /app", ", workingDir: /srv", ""],
    ["to one like it", ", workingDir: /app", ", workingDir: /srv", ", workingDir: /ap"],
    ["where none was", "", "", ", workingDir: /srv"],
  ])("goes nowhere else: %s", (_, good, now, fixed) => expect(judged(good, now, fixed)).not.toEqual([]));
});
