import { expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (command: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: "busybox:1.36", command: ${command}}]\n`;
const NOT_FOUND = (program: string) => `Error: failed to create containerd task: runc create failed: exec: "${program}": executable file not found in $PATH`;

/** The rules that refuse a command of a first release, of which somebody says that its program is not found. */
function judged(now: string, fixed: string, said: string, kind: "event" | "log" = "event"): string[] {
  const world = situation({
    files: { "web.yaml": workload(now) },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item(kind, said)],
  });
  return rules(judge(world, proposal(world, { failureClass: "command-not-found", container: "main", yaml: workload(fixed), quote: said })));
}

test("a command is written as the words that it is made of", () => {
  expect(judged("['sh -c', date]", "[sh, -c, date]", NOT_FOUND("sh -c"))).toEqual([]);
});

test("sh starts what bash was to start", () => {
  expect(judged("[bash, -c, date]", "[sh, -c, date]", NOT_FOUND("bash"))).toEqual([]);
});

test.each([
  ["other words", "['sh -c', date]", "[sh, -c, reboot]", NOT_FOUND("sh -c"), "event"],
  ["another shell", "[bash, -c, date]", "[zsh, -c, date]", NOT_FOUND("bash"), "event"],
  ["what only a log says", "[bash, -c, date]", "[sh, -c, date]", NOT_FOUND("bash"), "log"],
  ["another program that is not found", "[bash, -c, date]", "[sh, -c, date]", NOT_FOUND("date"), "event"],
] as const)("but not %s", (_, now, fixed, said, kind) => expect(judged(now, fixed, said, kind)).not.toEqual([]));
