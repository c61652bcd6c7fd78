import { expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const REFUSED = "Readiness probe failed: Get http://localhost:8080/readyz: dial tcp 127.0.0.1:8080: connect: connection refused";
const workload = (host: string, pod = "") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n${pod}      containers: [{name: main, image: acme/web:1, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {${host}path: /readyz, port: 8080}}}]\n`;

function judged(now: string, fixed: string): string[] {
  const world = situation({
    files: { "web.yaml": now },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", REFUSED)],
  });
  return rules(judge(world, proposal(world, { failureClass: "readiness-probe", container: "main", yaml: fixed, quote: REFUSED })));
}

test("a probe no longer asks the node instead of its pod", () => {
  expect(judged(workload("host: localhost, "), workload(""))).toEqual([]);
});

test.each([
  ["another host goes", workload("host: web.example, "), workload("")],
  ["another host comes", workload("host: localhost, "), workload("host: example.com, ")],
  ["the pod is in the node's network", workload("host: localhost, ", "      hostNetwork: true\n"), workload("", "      hostNetwork: true\n")],
])("not where %s", (_, now, fixed) => expect(judged(now, fixed)).not.toEqual([]));
