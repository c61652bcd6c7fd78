import { describe, expect, test } from "vitest";
import { documentOf, item, judge, proposal, rules, situation } from "./situation.ts";

const WORKLOAD =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, volumeMounts: [{name: etc, mountPath: /etc/web}]}]\n      volumes: [{name: etc, configMap: {name: web}}]\n";
const map = (data: Record<string, string>) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata: ${JSON.stringify(data)}\n`;

/** The rules that refuse a ConfigMap in place of the one of today. */
function judged(good: Record<string, string>, now: Record<string, string>, fixed: Record<string, string>): string[] {
  const files = (data: Record<string, string>) => ({ "web.yaml": WORKLOAD, "map.yaml": map(data) });
  const said = "open /etc/web/app.env: no such file or directory";
  const world = situation({
    files: files(now),
    good: files(good),
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item("log", said)],
  });
  const { id } = documentOf(world, { kind: "ConfigMap", name: "web" });
  const documents = [{ id, yaml: map(fixed) }];
  return rules(judge(world, proposal(world, { failureClass: "crash-on-start", container: "main", documents, quote: said })));
}

const FILE = { "app.env": "HOST=a\nPORT=1\n" };

describe("settings in another form", () => {
  test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
    ["a file again", FILE, { HOST: "a", PORT: "2" }, { "app.env": "HOST=a\nPORT=2\n" }],
    ["variables again", { HOST: "a", PORT: "1" }, { "app.env": "HOST=a\nPORT=2\nMORE=3\n" }, { HOST: "a", PORT: "2", MORE: "3" }],
    ["the old key again", FILE, { "web.env": "HOST=a\nPORT=2\n" }, { "app.env": "HOST=a\nPORT=2\n" }],
  ])("may be %s, with the values of today", (_, good, now, fixed) => expect(judged(good, now, fixed)).toEqual([]));

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["another value", { HOST: "a", PORT: "2" }, { "app.env": "HOST=evil\nPORT=2\n" }],
    ["a line more", { HOST: "a", PORT: "2" }, { "app.env": "HOST=a\nPORT=2\nMORE=3\n" }],
    ["a key that was never there", { HOST: "a", PORT: "2" }, { "web.env": "HOST=a\nPORT=2\n" }],
    ["another file", { "web.env": "nothing: of this\n" }, { "app.env": "nothing: of this\n" }],
  ])("may not come back with %s", (_, now, fixed) => expect(judged(FILE, now, fixed)).not.toEqual([]));
});
