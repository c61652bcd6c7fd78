import { describe, expect, test } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";
import { RENDERERS } from "./unrenderable.ts";

/** A recorded failure of which no earlier revision is known: the renderer's own words and the files have to be enough. */
const first = (id: string) => fixOf({ ...loadRecording(id), before: {}, trees: {} }, false);

describe.skipIf(RENDERERS.kind === "unavailable")("of a first release that cannot be rendered", () => {
  test.each([
    ["patches that are only named are named as files", "shop-1464", ["- - memory.yaml", "+ - path: memory.yaml", "- - region.yaml", "+ - path: region.yaml"]],
    ["a file that comes with its folder is not listed by itself", "shop-140", ["- - ../../base/api.yaml"]],
    ["a file with less words than its entry is listed as it is called", "shop-1112", ["- - worker-deployment.yaml", "+ - worker.yaml"]],
  ])("%s", async (_, id, lines) => expect(await first(id)).toEqual(["render-failed", ...lines]));

  test("a folder that is listed as a component becomes one", async () => {
    expect((await first("shop-1130")).slice(-1)).toEqual(["+ kind: Component"]);
  });

  test.each([
    ["under another name", "shop-428", ["- version: 9.4.1", "+ tag: 9.4.1"]],
    ["in a group that is called in short", "shop-728", ["- db:", "+ database:"]],
    ["without its group", "shop-1543", ["- port: 9000", "+ http:", "+ port: 9000"]],
  ])("a value that the chart's template needs and that is set %s is set where it is read", async (_, id, lines) => {
    expect((await first(id)).slice(1)).toEqual(lines);
  });

  test("what is called by another chart's prefix is called by this one's", async () => {
    expect((await first("shop-1468")).filter((line) => !line.startsWith("-"))).toEqual([
      "render-failed",
      '+ name: {{ include "service.fullname" . }}',
      '+ {{- include "service.selector" . | nindent 6 }}',
    ]);
  });

  test("a release asks its ConfigMap of values for the only key that it has", async () => {
    expect(await first("shop-903")).toEqual(["helm-failed", "+ valuesKey: prod.yaml"]);
  });

  test("a value that nothing in git sets is left to people", async () => {
    expect(await first("shop-141")).toEqual([expect.stringMatching(/^people: render-failed/)]);
  });

  test("a generator that has nothing to merge into is left to people where all of its ConfigMap is read", async () => {
    expect(await first("shop-1420")).toEqual([expect.stringMatching(/^people: render-failed/)]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("of a first release whose program misses a variable", () => {
  test("a prefix that nobody reads goes", async () => {
    expect(await first("shop-1653")).toEqual(["crash-on-start", "- - prefix: CART_", "- configMapRef:", "+ - configMapRef:"]);
  });

  test("beside a source without a prefix nobody knows where it was to come from", async () => {
    expect(await first("shop-1583")).toEqual([expect.stringMatching(/^people: /)]);
  });
});

test("of a first release whose probe asks the node, the host goes", async () => {
  expect(await first("shop-749")).toEqual(["readiness-probe", "- httpGet:", "- host: localhost", "+ httpGet: {}"]);
});

test.each([
  ["a ConfigMap at the path of one of its files", "shop-783", ["+ subPath: lantern.conf"]],
  ["a file at the path of its folder", "shop-714", ["- mountPath: /etc/shop", "+ mountPath: /etc/shop/rates.conf"]],
])("of a first release that mounts %s, that file is mounted there", async (_, id, lines) => {
  expect(await first(id)).toEqual(["volume-mount", ...lines]);
});

test.each([
  ["a comma too much goes", "shop-207", ['- "export": 200,', '+ "export": 200']],
  ["a directive gets its semicolon", "shop-501", ["- client_max_body_size 25m", "+ client_max_body_size 25m;"]],
])("of a first release whose program cannot read its file, %s", async (_, id, lines) => {
  expect(await first(id)).toEqual(["crash-on-start", ...lines]);
});

test.each([
  ["a scheme", "shop-1652", ["- newName: https://registry.acme.example/acme/payments", "+ newName: registry.acme.example/acme/payments"]],
  ["its tag twice", "shop-1008", ["- repository: acme/payments:1.4.2", "+ repository: acme/payments"]],
])("of a first release whose image has %s, it goes", async (_, id, lines) => {
  expect(await first(id)).toEqual(["image-not-found", ...lines]);
});

test("of a first release whose Service asks for a label that no pod has, it is not asked for", async () => {
  expect(await first("shop-1687")).toContain("- track: stable");
});

test("of a first release whose file of variables has quotation marks, a number loses them", async () => {
  expect(await first("shop-965")).toEqual(["crash-on-start", '- CACHE_MB="16"', "+ CACHE_MB=16"]);
});
