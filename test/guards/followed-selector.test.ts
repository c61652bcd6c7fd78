import { describe, expect, test } from "vitest";
import { followedSelector, lostKeys } from "../../src/source/meant/followed-selector.ts";
import { workloadBeside } from "../../src/source/meant/workload-beside.ts";
import { item, judge, proposal, rules, situation } from "./situation.ts";

interface Pods {
  name?: string;
  kind?: string;
  labels: string;
}

const workload = ({ name = "basket", kind = "Deployment", labels }: Pods) =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}, ${labels}}}\n    spec: {containers: [{name: main, image: acme/web:1}]}\n`;
const service = (selector: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: front, namespace: shop}\nspec:\n  selector: {${selector}}\n  ports: [{port: 80}]\n`;

function world(then: Pods[], now: Pods[], selector = "app: basket, track: stable") {
  const files = (pods: Pods[]) => ({
    "service.yaml": service(selector),
    ...Object.fromEntries(pods.map((one, i) => [`${i}.yaml`, workload(one)])),
  });
  return situation({
    files: files(now),
    good: files(then),
    namespace: "shop",
    target: { kind: "Service", name: "front" },
    items: [item("service", "no ready endpoints: the Service's selector is track=stable")],
  });
}

function followed(then: Pods[], now: Pods[], selector?: string): string | undefined {
  const { lastGood, rendered } = world(then, now, selector);
  const pairs = (selector ?? "app: basket, track: stable").split(", ").map((pair) => pair.split(": "));
  const found = followedSelector(lastGood, rendered, { namespace: "shop", selector: Object.fromEntries(pairs) });
  return found?.map(({ from, to }) => `${from.join("=")} → ${to.join("=")}`).join(", ");
}

describe("a selector follows a label of the pods", () => {
  test.each<[string, Pods[], Pods[], string]>([
    ["under a new key", [{ labels: "track: stable" }], [{ labels: "channel: stable" }], "track=stable → channel=stable"],
    ["with a new value", [{ labels: "track: stable" }], [{ labels: "track: live" }], "track=stable → track=live"],
    [
      "of a StatefulSet",
      [{ kind: "StatefulSet", labels: "track: stable" }],
      [{ kind: "StatefulSet", labels: "channel: stable, tier: web" }],
      "track=stable → channel=stable",
    ],
    [
      "beside another program",
      [{ labels: "track: stable" }, { name: "mail", labels: "track: stable" }],
      [{ labels: "channel: stable" }, { name: "mail", labels: "channel: stable" }],
      "track=stable → channel=stable",
    ],
  ])("%s", (_, then, now, words) => expect(followed(then, now)).toBe(words));
});

describe("a selector stays", () => {
  test.each<[string, Pods[], Pods[]]>([
    ["where the label is gone", [{ labels: "track: stable" }], [{ labels: "tier: web" }]],
    ["where two new labels hold the value", [{ labels: "track: stable" }], [{ labels: "channel: stable, level: stable" }]],
    ["where the other label was there before", [{ labels: "track: stable, channel: stable" }], [{ labels: "channel: stable" }]],
    [
      "where it fitted two workloads",
      [{ labels: "track: stable" }, { kind: "DaemonSet", labels: "track: stable" }],
      [{ labels: "channel: stable" }, { kind: "DaemonSet", labels: "canary: stable" }],
    ],
    [
      "where it would fit another workload besides",
      [{ labels: "track: stable" }],
      [{ labels: "channel: stable" }, { kind: "DaemonSet", labels: "channel: stable" }],
    ],
    ["where it still fits", [{ labels: "track: stable" }], [{ labels: "track: stable, channel: stable" }]],
  ])("%s", (_, then, now) => expect(followed(then, now)).toBeUndefined());
});

describe("the guards", () => {
  const then = [{ labels: "track: stable" }];
  const now = [{ labels: "channel: stable" }, { name: "mail", labels: "channel: stable" }];
  const judged = (selector: string) => {
    const given = world(then, now);
    return rules(judge(given, proposal(given, { failureClass: "service-no-endpoints", yaml: service(selector), quote: "track=stable" })));
  };

  test("let the selector follow", () => expect(judged("app: basket, channel: stable")).toEqual([]));
  test("let it not lose a pair", () => expect(judged("app: basket")).toContain("plausible/selector-broadened"));
  test("let it not go over to another program", () => expect(judged("app: mail, channel: stable")).toContain("plausible/selector-hijack"));
});

describe("a selector asks for a label no more that the pods lost", () => {
  const lost = (then: Pods[], now: Pods[], proposed = "app: basket") => {
    const given = world(then, now);
    const keys = lostKeys(given.lastGood, given.rendered, { namespace: "shop", selector: { app: "basket", track: "stable" } });
    return [keys, rules(judge(given, proposal(given, { failureClass: "service-no-endpoints", yaml: service(proposed), quote: "track=stable" })))];
  };

  test("where it selects the same pods without it", () => {
    expect(lost([{ labels: "track: stable" }], [{ labels: "tier: web" }])).toEqual([["track"], []]);
  });

  test("and where those from which it told them apart are gone, as a canary is", () => {
    const stable = { labels: "track: stable" };
    expect(lost([stable, { kind: "DaemonSet", labels: "track: canary" }], [{ labels: "tier: web" }])).toEqual([["track"], []]);
  });

  test.each<[string, Pods[], Pods[]]>([
    ["the label has another value", [{ labels: "track: stable" }], [{ labels: "track: live" }]],
    [
      "it would have selected others then",
      [{ labels: "track: stable" }, { kind: "DaemonSet", labels: "track: canary" }],
      [{ labels: "tier: web" }, { kind: "DaemonSet", labels: "tier: web" }],
    ],
    ["it would select others now", [{ labels: "track: stable" }], [{ labels: "tier: web" }, { kind: "DaemonSet", labels: "tier: web" }]],
  ])("not where %s", (_, then, now) => expect(lost(then, now)).toEqual([undefined, expect.arrayContaining(["plausible/selector-broadened"])]));
});

describe("of a Service that never selected any pods", () => {
  const workloads = {
    "api/deployment.yaml": workload({ name: "api", labels: "part: api" }),
    "mail/deployment.yaml": workload({ name: "mail", labels: "part: mail" }),
  };
  const shared = (text: string) => text.replaceAll(/labels: \{app: \w+/g, "labels: {app: basket");
  const judged = (selector: string, more: Record<string, string> = {}) => {
    const files = {
      "api/service.yaml": service("app: basket, part: web"),
      ...Object.fromEntries(Object.entries({ ...workloads, ...more }).map(([path, text]) => [path, shared(text)])),
    };
    const given = situation({
      files,
      good: {},
      namespace: "shop",
      target: { kind: "Service", name: "front" },
      items: [item("service", "no ready endpoints: part=web")],
    });
    return [
      workloadBeside(given.offered, given.rendered, given.target)?.metadata.name,
      rules(judge(given, proposal(given, { failureClass: "service-no-endpoints", yaml: service(selector), quote: "part=web" }))),
    ];
  };

  test("the workload is meant whose manifest stands beside it", () => expect(judged("app: basket, part: api")).toEqual(["api", []]));
  test("and no other one", () => expect(judged("app: basket, part: mail")).toEqual(["api", ["plausible/selector-hijack"]]));
  test("none where two stand there", () => {
    expect(judged("app: basket, part: api", { "api/worker.yaml": workload({ name: "worker", labels: "part: worker" }) })).toEqual([
      undefined,
      ["plausible/selector-hijack"],
    ]);
  });
});
