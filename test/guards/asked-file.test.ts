import { describe, expect, test } from "vitest";
import { documentOf, item, judge, proposal, rules, situation } from "./situation.ts";

const TEXT = "global: {}\n";
const map = (...entries: [key: string, text: string][]) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata:\n${entries.map(([key, text]) => `  ${key}: ${JSON.stringify(text)}\n`).join("")}`;
const workload = (args = "[]") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, args: ${args}, volumeMounts: [{name: conf, mountPath: /etc/proxy}]}]\n      volumes: [{name: conf, configMap: {name: settings}}]\n`;
const SAID = "Cannot open configuration file/directory /etc/proxy/proxy.cfg : No such file or directory";
const NOW = map(["proxy.conf", TEXT]);
const CALLED = map(["proxy.cfg", TEXT]);

interface Story {
  now?: string;
  fixed?: string;
  args?: string;
  said?: string;
  beside?: string;
}

/** The rules that refuse that the ConfigMap becomes `fixed`. */
function judged({ now = NOW, fixed = CALLED, args, said = SAID, beside }: Story): string[] {
  const world = situation({
    files: { "map.yaml": now, "web.yaml": workload(args), ...(beside === undefined ? {} : { "beside.yaml": beside }) },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), { ...item("log", said), container: "main" }],
  });
  const { id } = documentOf(world, { kind: "ConfigMap", name: "settings" });
  return rules(judge(world, proposal(world, { failureClass: "crash-on-start", container: "main", documents: [{ id, yaml: fixed }], quote: said })));
}

describe("a file of a ConfigMap", () => {
  test("is called as the program asks for it", () => expect(judged({})).toEqual([]));

  test.each<[name: string, story: Story]>([
    ["not otherwise", { fixed: map(["proxy.ini", TEXT]) }],
    ["not with another text", { fixed: map(["proxy.cfg", "global: {debug: true}\n"]) }],
    ["not beside itself", { fixed: map(["proxy.conf", TEXT], ["proxy.cfg", TEXT]) }],
    ["not where the program misses another one", { said: SAID.replace("proxy.cfg", "other.cfg") }],
    ["not where two are called so", { now: map(["proxy.conf", TEXT], ["proxy.yaml", TEXT]), fixed: map(["proxy.cfg", TEXT], ["proxy.yaml", TEXT]) }],
    ["not where the program is told its name", { args: '["--also=/etc/proxy/proxy.conf"]' }],
    ["not where others read it", { beside: workload().replaceAll("web", "other") }],
  ])("%s", (_, story) => expect(judged(story)).not.toEqual([]));
});
