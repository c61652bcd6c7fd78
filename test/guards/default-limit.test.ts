import { expect, test } from "vitest";
import { documentOf, item, judge, proposal, rules, situation } from "./situation.ts";

const RANGE = (memory: string) => `apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {memory: ${memory}}}]}
`;
const search = (limits: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: search, namespace: shop}
spec:
  selector: {matchLabels: {app: search}}
  template:
    metadata: {labels: {app: search}}
    spec:
      containers:
        - name: search
          image: acme/search:1
          resources: {requests: {memory: 32Mi}${limits}}
`;

/** The rules that refuse a memory limit for a container that has none of its own, beside this LimitRange. */
function judged(limit: string, range = RANGE("96Mi")): string[] {
  const files = { "search.yaml": search(""), "range.yaml": range };
  const world = situation({
    files,
    good: { "search.yaml": search("") },
    namespace: "shop",
    target: { kind: "Deployment", name: "search" },
    items: [item("container", "lastState: terminated: reason: OOMKilled, exitCode: 137")],
  });
  const { id } = documentOf(world, { kind: "Deployment", name: "search" });
  const documents = [{ id, yaml: search(`, limits: {memory: ${limit}}`) }];
  return rules(judge(world, proposal(world, { failureClass: "out-of-memory", container: "search", documents, quote: "OOMKilled" })));
}

test("a container that the namespace's default limit kills gets a limit of its own, as far as the default may be raised", () => {
  expect(judged("192Mi")).toEqual([]);
  expect(judged("2Gi")).toContain("plausible/memory-factor");
  expect(judged("64Mi")).toContain("plausible/resource-direction");
});

test("where no default is known, no limit is what kills it", () => {
  expect(judged("192Mi", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: none, namespace: shop}\n")).toContain("plausible/resource-added");
});
