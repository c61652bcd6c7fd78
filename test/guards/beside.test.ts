import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { followsImage, followsMemory, followsReference, goesBackAlike, goesBackBeside, labelComesBack } from "../../src/guards/beside.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { proposal, recorded } from "./situation.ts";

const SERVICE = { group: "", kind: "Service", namespace: "shop", name: "web" };
const THEN: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
  spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "http" }], type: "ClusterIP" },
};
const PORT: FieldPath = ["spec", "ports", { key: "name", value: "http" }];

function mayGoBack(
  path: FieldPath,
  after: Json | undefined,
  about: { class?: "invalid-manifest" | "service-port"; lastGood?: KubeObject[]; object?: typeof SERVICE } = {},
): boolean {
  const world = recorded("tag-never-pushed", { kind: "Deployment" });
  const right = proposal(world, { failureClass: about.class ?? "invalid-manifest", yaml: "", quote: "" });
  return goesBackBeside({ proposal: right, lastGood: about.lastGood ?? [THEN] }, about.object ?? SERVICE, { path, before: "x", after });
}

test("labels, selectors and named target ports go back to what the last good revision had", () => {
  expect(mayGoBack(["metadata", "labels", "team"], undefined)).toBe(true);
  expect(mayGoBack(["metadata", "labels", "app"], "web")).toBe(true);
  expect(mayGoBack(["spec", "selector", "team"], undefined)).toBe(true);
  expect(mayGoBack([...PORT, "targetPort"], "http")).toBe(true);
});

test("to no other value, in no other field, for no other class, and never without a last good revision", () => {
  expect(mayGoBack(["spec", "selector", "app"], "payments")).toBe(false);
  expect(mayGoBack(["spec", "selector"], undefined)).toBe(false);
  expect(mayGoBack([...PORT, "targetPort"], 22)).toBe(false);
  expect(mayGoBack([...PORT, "port"], 80)).toBe(false);
  expect(mayGoBack(["spec", "type"], "ClusterIP")).toBe(false);
  expect(mayGoBack(["metadata", "annotations", "team"], undefined)).toBe(false);
  expect(mayGoBack(["spec", "selector", "team"], undefined, { class: "service-port" })).toBe(false);
  expect(mayGoBack(["spec", "selector", "team"], undefined, { lastGood: [] })).toBe(false);
  expect(mayGoBack([...PORT, "targetPort"], "http", { object: { ...SERVICE, kind: "Ingress", group: "networking.k8s.io" } })).toBe(false);
});

test("another object of the kind goes back with the failing one, where both change alike and to what the last good revision had", () => {
  const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const worker = { ...web, name: "worker" };
  const pool: FieldPath = ["spec", "template", "spec", "nodeSelector", "pool"];
  const then = [web, worker].map(
    ({ name }): KubeObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "shop" },
      spec: { template: { spec: { nodeSelector: { pool: "general" } } } },
    }),
  );
  const back = { path: pool, before: "genral", after: "general" };
  const mayGo = (object: typeof web, change: typeof back, own = [back]) => goesBackAlike({ lastGood: then, target: web }, object, change, own);
  expect(mayGo(worker, back)).toBe(true);
  expect(mayGo(worker, { ...back, after: "gpu" }, [{ ...back, after: "gpu" }])).toBe(false);
  expect(mayGo(worker, back, [{ ...back, before: "other" }])).toBe(false);
  expect(mayGo({ ...worker, kind: "StatefulSet" }, back)).toBe(false);
  expect(mayGo({ ...worker, namespace: "pay" }, back)).toBe(false);
  expect(mayGo({ ...worker, name: "new" }, back)).toBe(false);
});

test("other workloads of the missing image get the one that takes its place, whatever their containers are called", () => {
  const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const worker = { ...web, kind: "StatefulSet", name: "worker" };
  const image = (name: string): FieldPath => ["spec", "template", "spec", "containers", { key: "name", value: name }, "image"];
  const own = [{ path: image("web"), before: "acme/web:1.4.3", after: "acme/web:1.4.1" }];
  const world = recorded("tag-never-pushed", { kind: "Deployment" });
  const follows = (before: string, after: string, object = worker, failureClass: "image-not-found" | "crash-on-start" = "image-not-found") => {
    const right = proposal(world, { failureClass, yaml: "", quote: "" });
    return followsImage({ proposal: right, target: web }, object, { path: image("worker"), before, after }, own);
  };
  expect(follows("acme/web:1.4.3", "acme/web:1.4.1")).toBe(true);
  expect(follows("acme/web:1.4.2", "acme/web:1.4.1")).toBe(false);
  expect(follows("acme/web:1.4.3", "acme/evil:1.4.1")).toBe(false);
  expect(follows("acme/web:1.4.3", "acme/web:1.4.1", { ...worker, namespace: "pay" })).toBe(false);
  expect(follows("acme/web:1.4.3", "acme/web:1.4.1", worker, "crash-on-start")).toBe(false);
});

test("containers of the image that runs out of memory get the same limit, where they had the same", () => {
  const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const workload = (name: string, image: string): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop" },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
  const rendered = [workload("web", "acme/web:1.4.3"), workload("worker", "acme/web:1.4.3"), workload("cart", "acme/cart:2.0.0")];
  const limit = (name: string, field = "limits"): FieldPath => [
    "spec",
    "template",
    "spec",
    "containers",
    { key: "name", value: name },
    "resources",
    field,
    "memory",
  ];
  const own = [{ path: limit("web"), before: "128Mi", after: "256Mi" }];
  const follows = (name: string, change: { before?: string; after?: string; field?: string } = {}, failureClass = "out-of-memory") => {
    const { before = "128Mi", after = "256Mi", field } = change;
    const input = { proposal: { failureClass }, target: web, rendered } as unknown as GateInput;
    return followsMemory(input, { ...web, name }, { path: limit(name, field), before, after }, own);
  };
  expect(follows("worker")).toBe(true);
  expect(follows("cart")).toBe(false);
  expect(follows("worker", { before: "64Mi" })).toBe(false);
  expect(follows("worker", { after: "1Gi" })).toBe(false);
  expect(follows("worker", { field: "requests" })).toBe(false);
  expect(follows("worker", {}, "crash-on-start")).toBe(false);
});

describe("pods get the label back by which their Service selects", () => {
  const workload = (labels: Record<string, string>): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { template: { metadata: { labels } } },
  });
  const of = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const selecting: KubeObject = { ...THEN, spec: { selector: { app: "web", track: "stable" } } };

  interface Story {
    key?: string;
    had?: Record<string, string>;
    list?: string;
    failureClass?: string;
  }

  function comesBack({ key = "track", had = { app: "web", track: "stable" }, list = "labels", failureClass = "service-no-endpoints" }: Story = {}): boolean {
    const input = { proposal: { failureClass }, rendered: [selecting, workload({ app: "web" })], lastGood: [selecting, workload(had)], target: SERVICE };
    return labelComesBack(input as unknown as GateInput, of, { path: ["spec", "template", "metadata", list, key], before: undefined, after: "stable" });
  }

  test("as they had it", () => expect(comesBack()).toBe(true));

  test.each<[string, Story]>([
    ["not one that nobody selects by", { key: "tier" }],
    ["not with another value than they had", { had: { app: "web", track: "canary" } }],
    ["not one that they never had", { had: { app: "web" } }],
    ["not an annotation", { list: "annotations" }],
    ["not for another failure", { failureClass: "crash-on-start" }],
  ])("%s", (_, story) => expect(comesBack(story)).toBe(false));
});

describe("a reference in another object", () => {
  const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const path: FieldPath = ["spec", "template", "spec", "volumes", { key: "name", value: "conf" }, "configMap", "name"];
  const map = (name: string): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" } });
  const own = [{ path, before: "old", after: "new" }];
  const follows = ({
    change = own[0] ?? { path, before: "", after: "" },
    object = { ...web, name: "worker" },
    maps = [map("new")],
    failureClass = "config-missing" as const,
  }: {
    change?: (typeof own)[0];
    object?: typeof web;
    maps?: KubeObject[];
    failureClass?: "config-missing" | "crash-on-start";
  } = {}) => followsReference({ proposal: { failureClass }, target: web, rendered: maps }, object, change, own);

  test("leaves the same missing ConfigMap for the same one", () => expect(follows()).toBe(true));

  test.each([
    ["another one", follows({ change: { path, before: "old", after: "other" } })],
    ["one that is there", follows({ maps: [map("old"), map("new")] })],
    ["one that is not rendered", follows({ maps: [] })],
    [
      "one at another place",
      follows({ change: { path: [...path.slice(0, -3), { key: "name", value: "tls" }, "configMap", "name"], before: "old", after: "new" } }),
    ],
    ["an object of another kind", follows({ object: { ...web, kind: "DaemonSet" } })],
    ["another class of failures", follows({ failureClass: "crash-on-start" })],
  ])("and not: %s", (_, judged) => expect(judged).toBe(false));
});
