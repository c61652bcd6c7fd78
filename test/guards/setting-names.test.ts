import { expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const manifests = (key: string, read: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: limits, namespace: web }
data: { ${key}: 5s }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: desk, namespace: web }
spec:
  selector: { matchLabels: { app: desk } }
  template:
    metadata: { labels: { app: desk } }
    spec:
      containers: [{ name: desk, image: acme/desk:2.0.1, ${read} }]
`;

/** A fix of the one key of a ConfigMap, where the program calls its setting as the log says. */
function verdict(key: string, read: string, log: string): unknown {
  const files = { "desk.yaml": manifests(key, read) };
  const items = [item("event", "BackOff: Back-off restarting failed container desk in pod desk-5f"), item("log", log)];
  const whole = situation({ files, good: {}, namespace: "web", target: { kind: "Deployment" }, items });
  // A first release: there is nothing to compare it with.
  const here = { ...whole, evidence: { ...whole.evidence, items: whole.evidence.items.filter(({ kind }) => kind !== "git-diff") } };
  const map = here.offered.find(({ text }) => text.includes("kind: ConfigMap"));
  const documents = [{ id: map?.id ?? "", yaml: (map?.text ?? "").replace("5s", "'5'") }];
  const judged = judge(here, proposal(here, { failureClass: "crash-on-start", container: "desk", documents, quote: "Back-off restarting" }));
  return judged.change?.kind === "approved" ? "approved" : rules(judged);
}

const WHOLE = "envFrom: [{ configMapRef: { name: limits } }]";
const PREFIXED = "envFrom: [{ prefix: APP_, configMapRef: { name: limits } }]";
const ONE = "env: [{ name: WAIT_SECONDS, valueFrom: { configMapKeyRef: { name: limits, key: wait } } }]";

test.each([
  ["by its key", "WAIT_SECONDS", WHOLE, "WAIT_SECONDS is no number"],
  ["in small letters", "WAIT_SECONDS", WHOLE, "wait_seconds\n  Input should be a valid integer"],
  ["by its variable", "wait", ONE, "WAIT_SECONDS is no number"],
  ["with a prefix", "WAIT_SECONDS", PREFIXED, "APP_WAIT_SECONDS is no number"],
])("a setting is named %s", (_, key, read, log) => {
  expect(verdict(key, read, log)).toBe("approved");
});

test.each([
  ["another setting", "WAIT_SECONDS", WHOLE, "STOP_SECONDS is no number"],
  ["the variable of another ConfigMap", "wait", ONE.replace("name: limits", "name: others"), "WAIT_SECONDS is no number"],
  ["a word that is a variable in small letters", "WAIT", WHOLE, "please wait for the number"],
])("%s is not it", (_, key, read, log) => {
  expect(verdict(key, read, log)).toContainEqual(expect.stringMatching(/^(?:plausible|class-paths|scope)\//));
});
