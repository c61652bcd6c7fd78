import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, ${container}}]\n`;

interface Story {
  now: string;
  fixed: string;
  said: string;
  failureClass: "secret-missing" | "command-not-found" | "crash-on-start";
  more?: Record<string, string>;
}

/** The rules that refuse `fixed` in place of `now`, in a first release. */
function judged({ now, fixed, said, failureClass, more = {} }: Story): string[] {
  const world = situation({
    files: { "web.yaml": now, ...more },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", said)],
  });
  return rules(judge(world, proposal(world, { failureClass, container: "main", yaml: fixed, quote: said })));
}

describe("a reference to a Secret that is a ConfigMap", () => {
  const map = { "map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {level: info}\n" };
  const said = 'Error: secret "settings" not found';
  const becomes = (now: string, fixed: string, text = said, more: Record<string, string> = map) =>
    judged({ now: workload(now), fixed: workload(fixed), said: text, failureClass: "secret-missing", more });
  const whole = (kind: string, name = "settings") => `envFrom: [{${kind}: {name: ${name}}}]`;
  const one = (kind: string, key = "level") => `env: [{name: LEVEL, valueFrom: {${kind}: {name: settings, key: ${key}}}}]`;

  test("becomes one to the ConfigMap", () => {
    expect(becomes(whole("secretRef"), whole("configMapRef"))).toEqual([]);
    expect(becomes(one("secretKeyRef"), one("configMapKeyRef"))).toEqual([]);
  });

  test.each([
    ["of another name", becomes(whole("secretRef"), whole("configMapRef", "other"))],
    ["that lacks the key", becomes(one("secretKeyRef", "token"), one("configMapKeyRef", "token"))],
    ["that is not there", becomes(whole("secretRef"), whole("configMapRef"), said, {})],
    ["while the Secret is there", becomes(whole("secretRef"), whole("configMapRef"), 'Error: secret "other" not found')],
    ["that just goes", becomes(whole("secretRef"), "args: []")],
  ])("and not one %s", (_, found) => expect(found).not.toEqual([]));
});

describe("a command that the image does not have", () => {
  const said = 'exec: "migrate": executable file not found in $PATH';
  const becomes = (fixed: string, now = "command: [migrate, up]") =>
    judged({ now: workload(now), fixed: workload(fixed), said, failureClass: "command-not-found" });

  test("becomes the arguments of the image's own program", () => expect(becomes("args: [migrate, up]")).toEqual([]));

  test.each([
    ["with other words", becomes("args: [migrate, down]")],
    ["beside others", becomes("args: [migrate, up]", "command: [migrate, up], args: [--dry-run]")],
    ["nor goes without a trace", becomes("imagePullPolicy: Always")],
  ])("not %s", (_, found) => expect(found).not.toEqual([]));
});

describe("variables at a level where Kubernetes knows none", () => {
  const pod = (level: "pod" | "container", value = "a") => {
    const env = `env: [{name: LEVEL, value: ${value}}]`;
    return level === "container" ? workload(env) : `${workload("args: []")}      ${env}\n`.replace(", args: []", "");
  };
  const becomes = (fixed: string) => judged({ now: pod("pod"), fixed, said: "Back-off restarting failed container main", failureClass: "crash-on-start" });

  test("move into the only container", () => expect(becomes(pod("container"))).toEqual([]));
  test("with what they hold", () => expect(becomes(pod("container", "b"))).not.toEqual([]));
});
