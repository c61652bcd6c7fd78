import { expect, test } from "vitest";
import { item, judge, proposal, rules, type Situation, situation, targetDocument } from "./situation.ts";

const manifest = (options: string, prefix: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: portal, namespace: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: portal } }
  template:
    metadata: { labels: { app: portal } }
    spec:
      containers:
        - name: portal
          image: acme/portal:2.0.1
          envFrom:
            - ${prefix}configMapRef: { name: portal-env }
          env:
            - name: NODE_OPTIONS
              value: "${options}"
          resources: { limits: { memory: 128Mi } }
`;

const SAID = "FATAL ERROR: Reached heap limit Allocation failed; required key UPSTREAM missing value";
const GOOD = manifest("--max-old-space-size=64", "");

function world(broken: string, good = GOOD): Situation {
  return situation({
    files: { "portal.yaml": broken },
    good: { "portal.yaml": good },
    namespace: "web",
    target: { kind: "Deployment" },
    items: [item("container", "state: waiting, CrashLoopBackOff; last state: terminated, Error, exit code 134"), item("log", SAID)],
  });
}

function verdict(broken: string, from: string, to: string, good = GOOD) {
  const here = world(broken, good);
  const yaml = targetDocument(here).text.replace(from, to);
  const judged = judge(here, proposal(here, { failureClass: "crash-on-start", container: "portal", yaml, quote: "Reached heap limit" }));
  return judged.change?.kind === "approved" ? "approved" : rules(judged);
}

test("options of a runtime go back to exactly what the last good revision had, and nowhere else", () => {
  const broken = manifest("--max-old-space-size=16", "");
  expect(verdict(broken, "size=16", "size=64")).toBe("approved");
  expect(verdict(broken, "size=16", "size=96")).toContain("plausible/loader-variable");
  expect(verdict(broken, "--max-old-space-size=16", "--require /data/evil.js")).toContain("plausible/loader-variable");
});

test("the prefix of a whole ConfigMap's variables goes back to what it was, and to no other", () => {
  const broken = manifest("--max-old-space-size=64", "prefix: EDGE_\n              ");
  expect(verdict(broken, "prefix: EDGE_\n              ", "")).toBe("approved");
  expect(verdict(broken, "EDGE_", "LD_")).toContain("plausible/variable-reference");
});

test("of several options in one text some go back alone, and none comes that was in neither", () => {
  const good = manifest("--max-old-space-size=64 --trace-warnings", "");
  const broken = manifest("--max-old-space-size=16 --no-deprecation", "");
  const back = (to: string) => verdict(broken, "--max-old-space-size=16 --no-deprecation", to, good);
  expect(back("--max-old-space-size=64 --no-deprecation")).toBe("approved");
  expect(back("--max-old-space-size=96 --no-deprecation")).toContain("plausible/loader-variable");
  expect(back("--require=/data/evil.js --no-deprecation")).toContain("plausible/loader-variable");
  expect(back("--max-old-space-size=64")).toContain("plausible/loader-variable");
});
