import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {app.toml: a, log.toml: b, other.toml: c}\n";
const SHORT = MAP.replace(", log.toml: b", "");
const workload = (volume: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, volumeMounts: [{name: conf, mountPath: /etc/app}]}]\n      volumes: [{name: conf, ${volume}}]\n`;
const entry = (key: string, path = key) => `{key: ${key}, path: ${path}}`;
const listing = (...items: string[]) => `configMap: {name: settings, items: [${items.join(", ")}]}`;
const projecting = (...items: string[]) => `projected: {sources: [{configMap: {name: settings, items: [${items.join(", ")}]}}]}`;
const SAID = "open /etc/app/log.toml: no such file or directory";

interface Story {
  now?: string;
  good?: string;
  fixed: string;
  said?: string;
  map?: string;
  mapThen?: string;
}

/** `log.toml` came with the commit, and the volume lists what it listed before. */
const NEW = { good: listing(entry("app.toml")), mapThen: SHORT };

/** The rules that refuse `fixed` in place of `now`, where `good` worked. */
function judged({
  now = listing(entry("app.toml")),
  good = listing(entry("app.toml"), entry("log.toml"), entry("other.toml")),
  fixed,
  said = SAID,
  map = MAP,
  mapThen = MAP,
}: Story): string[] {
  const world = situation({
    files: { "web.yaml": workload(now), "map.yaml": map },
    good: { "web.yaml": workload(good), "map.yaml": mapThen },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item("log", said)],
  });
  return rules(judge(world, proposal(world, { failureClass: "volume-mount", container: "main", yaml: workload(fixed), quote: said })));
}

describe("the files that a volume lists", () => {
  test("get the one back that a log names", () => {
    expect(judged({ fixed: listing(entry("app.toml"), entry("log.toml")) })).toEqual([]);
  });

  test("get it back in a projected volume", () => {
    const [good, now] = [projecting(entry("app.toml"), entry("log.toml")), projecting(entry("app.toml"))];
    expect(judged({ good, now, fixed: good })).toEqual([]);
  });

  test("get one that came to the ConfigMap since, and that was never listed", () => {
    expect(judged({ ...NEW, fixed: listing(entry("app.toml"), entry("log.toml")) })).toEqual([]);
  });

  test.each<[name: string, story: Story]>([
    ["no two at once", { fixed: listing(entry("app.toml"), entry("log.toml"), entry("other.toml")) }],
    ["none that the log does not name", { fixed: listing(entry("app.toml"), entry("other.toml")) }],
    ["none under another path", { fixed: listing(entry("app.toml"), entry("log.toml", "app.log.toml")) }],
    ["none in the place of another", { fixed: listing(entry("log.toml")) }],
    ["none that the ConfigMap does not have", { fixed: listing(entry("app.toml"), entry("log.toml")), map: SHORT }],
    ["none that was never listed", { fixed: listing(entry("app.toml"), entry("log.toml")), good: listing(entry("app.toml"), entry("other.toml")) }],
    ["none that is new under another path", { ...NEW, fixed: listing(entry("app.toml"), entry("log.toml", "app.log.toml")) }],
    ["none that is new in front of the others", { ...NEW, fixed: listing(entry("log.toml"), entry("app.toml")) }],
    ["none that is new and that no log names", { ...NEW, fixed: listing(entry("app.toml"), entry("log.toml")), said: "open /etc/app/x.toml: no such file" }],
    ["and the list does not go", { fixed: "configMap: {name: settings}" }],
  ])("%s", (_, story) => expect(judged(story)).not.toEqual([]));
});
