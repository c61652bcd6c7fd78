import { describe, expect, test } from "vitest";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (own: string, pod = "", strategy = "{}") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  strategy: ${strategy}\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, securityContext: {${own}}}]\n      securityContext: {${pod}}\n`;

/** The rules that refuse `fixed` in place of `now`, where `good` worked. */
function judged(failureClass: Proposal["failureClass"], said: string, good: string, now: string, fixed: string): string[] {
  const world = situation({
    files: { "web.yaml": now },
    good: { "web.yaml": good },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", said)],
  });
  return rules(judge(world, proposal(world, { failureClass, yaml: fixed, quote: said })));
}

describe("root's user", () => {
  const root = (good: string, now: string, fixed: string) => judged("run-as-root-image", "container's runAsUser breaks non-root policy", good, now, fixed);
  const RULE = "runAsNonRoot: true";
  const TOLD = workload("runAsUser: 0", RULE);

  test("goes where the last good revision did without it", () => expect(root(workload("", RULE), TOLD, workload("", RULE))).toEqual([]));

  test.each([
    ["not where another user was named", workload("runAsUser: 7", RULE), TOLD, workload("", RULE)],
    ["not with the rule", workload("", RULE), TOLD, workload("")],
    ["and no other user goes", workload("", RULE), workload("runAsUser: 7", RULE), workload("", RULE)],
  ])("%s", (_, good, now, fixed) => expect(root(good, now, fixed)).not.toEqual([]));
});

describe("how a Deployment is rolled out", () => {
  const rollout = (good: string, now: string, fixed: string) =>
    judged("port-conflict", "1 node(s) didn't have free ports", ...([good, now, fixed].map((one) => workload("", "", one)) as [string, string, string]));
  const [RECREATE, ROLLING] = ["{type: Recreate}", "{type: RollingUpdate}"];

  test("goes back", () => expect(rollout(RECREATE, ROLLING, RECREATE)).toEqual([]));

  test.each([
    ["not to what it never was", ROLLING, ROLLING, RECREATE],
    ["not half", "{type: RollingUpdate, rollingUpdate: {maxSurge: 0}}", "{type: RollingUpdate, rollingUpdate: {maxSurge: 1}}", RECREATE],
  ])("%s", (_, good, now, fixed) => expect(rollout(good, now, fixed)).not.toEqual([]));
});

describe("a port of the node", () => {
  const numbered = (port: string) => workload(`}, ports: [{name: metrics, containerPort: 8080${port}}], env: [], resources: {`);
  const ports = (good: string, now: string, fixed: string) =>
    judged("port-conflict", "1 node(s) didn't have free ports", numbered(good), numbered(now), numbered(fixed));

  test("gets the number back that it had", () => expect(ports(", hostPort: 18797", ", hostPort: 18796", ", hostPort: 18797")).toEqual([]));

  test.each([
    ["no other number", ", hostPort: 18797", ", hostPort: 18796", ", hostPort: 18798"],
    ["none where it had none", "", ", hostPort: 18796", ", hostPort: 18797"],
    ["none is opened again", ", hostPort: 18797", "", ", hostPort: 18797"],
  ])("%s", (_, good, now, fixed) => expect(ports(good, now, fixed)).not.toEqual([]));
});
