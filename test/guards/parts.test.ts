import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isKubeObject, type Json, type KubeObject } from "../../src/cluster/objects.ts";
import { classPaths, isFixable, permittedFields } from "../../src/guards/class-paths.ts";
import { parseImage } from "../../src/guards/image-reference.ts";
import { applyChanges, leafChanges } from "../../src/guards/leaf-changes.ts";
import { isNearName, namesToken } from "../../src/guards/nearness.ts";
import { matchesPattern } from "../../src/guards/path-pattern.ts";
import { parseQuantity, withinFactor } from "../../src/guards/quantity.ts";
import { FAILURE_CLASSES } from "../../src/incident/failure-class.ts";
import { diffFields, type FieldPath, formatPath, sameJson } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import { STORE } from "./store.ts";

const parsed = parseYaml(STORE);
const OBJECTS: KubeObject[] = parsed.kind === "parsed" ? parsed.documents.map(({ value }) => value).filter(isKubeObject) : [];

function object(kind: string, name: string): KubeObject {
  const found = OBJECTS.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

describe("quantities are exact", () => {
  it.each([
    ["1", 1_000_000_000n],
    ["100m", 100_000_000n],
    ["0.1", 100_000_000n],
    ["1.5Gi", 1_610_612_736_000_000_000n],
    ["1e3", 1_000_000_000_000n],
    ["1E3", 1_000_000_000_000n],
    ["1E", 10n ** 27n],
    ["12e-3", 12_000_000n],
    [".5", 500_000_000n],
    ["5.", 5_000_000_000n],
    ["-1Ki", -1_024_000_000_000n],
    ["1n", 1n],
    ["0.5n", 1n],
    ["128974848", 128_974_848_000_000_000n],
    [20, 20_000_000_000n],
  ])("%s", (text, nano) => expect(parseQuantity(text)).toBe(nano));

  it.each(["", "m", ".", "1 Gi", "1KB", "1ki", "0x10", "1e", "1e999", "Infinity", "１", "1".repeat(50), null, true, [], {}])("%s is none", (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );

  it("written another way they stay the same", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => parseQuantity(`${n}Ki`) === parseQuantity(n * 1024)));
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => parseQuantity(`${n}m`) === parseQuantity(`${n}e-3`)));
  });

  it("a factor counts at its bound", () => {
    expect(withinFactor(400n, 100n, 4)).toBe(true);
    expect(withinFactor(401n, 100n, 4)).toBe(false);
    expect(withinFactor(150n, 100n, 1.5)).toBe(true);
  });
});

describe("image references", () => {
  it.each([
    ["nginx", "docker.io", "library/nginx", "", false],
    ["acme/app:1.2", "docker.io", "acme/app", "1.2", false],
    ["localhost/app:1", "localhost", "app", "1", false],
    ["reg.example.com:5000/a/b/c:v1-rc.2", "reg.example.com:5000", "a/b/c", "v1-rc.2", false],
    [`ghcr.io/a/b:1@sha256:${"a".repeat(64)}`, "ghcr.io", "a/b", "1", true],
  ])("%s", (text, registry, repository, tag, pinned) => {
    const image = parseImage(text);
    expect(image && { ...image, digest: image.digest !== "" }).toEqual({ registry, repository, tag, digest: pinned });
  });

  it.each(["", "Acme/app:1", "acme/app:", "acme/app:1.4.2 beta", "https://a/b", "a@b@c", "a/b@sha256:1", "../a", "a//b", "user:pw@reg/a", "a\n"])(
    "%s is none",
    (text) => expect(parseImage(text)).toBeUndefined(),
  );
});

describe("names", () => {
  it.each([
    ["cart-settings", "cart-config", true],
    ["baseCurrency", "base-currency", true],
    ["store-databse", "store-database", true],
    ["reviews", "review", true],
    ["cart", "store", false],
    ["a", "b", true],
    ["store-database", "admin-token", false],
    ["", "x", false],
  ])("%s and %s", (a, b, near) => expect(isNearName(a, b)).toBe(near));

  it("are words of their own in a text", () => {
    expect(namesToken("flag --catalog is unknown", "catalog")).toBe(true);
    expect(namesToken("catalogue", "catalog")).toBe(false);
    expect(namesToken("catalogue catalog", "catalog")).toBe(true);
    expect(namesToken("anything", "")).toBe(false);
  });
});

describe("leaf changes", () => {
  const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("json"), { maxKeys: 3 }),
      fc.array(fc.record({ name: fc.constantFrom("a", "b", "c"), value: tie("json") }), { maxLength: 3 }),
    ),
  })).json;

  it("applied to the old value make the new one", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("x", "y", "z"), value), fc.dictionary(fc.constantFrom("x", "y", "z"), value), (before, after) => {
        const made = applyChanges(before, leafChanges(before, after));
        // Lists with names may end up in another order.
        expect(sameJson(made, after) || diffFields(after, made).length === 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("an item that came is made with its name first, wherever that stands in it", () => {
    const [before, after]: Json[] = [[{ name: "a" }], [{ name: "a" }, { emptyDir: {}, name: "b" }]];
    expect(applyChanges(before, leafChanges(before, after))).toEqual(after);
  });

  it("an added part is taken apart, a removed one stays whole", () => {
    const paths = (before: Json, after: Json) => leafChanges(before, after).map(({ path }) => formatPath(path));
    expect(paths({}, { env: [{ name: "A", value: "1" }] })).toEqual(["env[name=A].name", "env[name=A].value"]);
    expect(paths({ env: [{ name: "A", value: "1" }] }, {})).toEqual(["env"]);
    expect(paths({ items: [{ key: "a", path: "p" }] }, { items: [{ key: "b", path: "p" }] })).toEqual(["items[0].key"]);
    expect(paths({ containers: [{ name: "a" }] }, { containers: [{ name: "b" }] })).toEqual(["containers[name=a]", "containers[name=b].name"]);
  });
});

describe("class paths", () => {
  it("are none for what a human decides", () => {
    expect(FAILURE_CLASSES.filter((one) => !isFixable(one))).toEqual(["rbac-forbidden", "network-policy", "replicas-zero", "node", "unknown"]);
  });

  const permitted = (failureClass: Parameters<typeof classPaths>[0], kind: string, path: FieldPath, container?: string) =>
    classPaths(failureClass, { kind, container }).some((pattern) => matchesPattern(pattern, path));
  const memory: FieldPath = ["resources", "limits", "memory"];
  const named = (name: string) => ({ key: "name", value: name });

  it("name one container where the failure does", () => {
    const at = (list: string, name: string): FieldPath => ["spec", "template", "spec", list, named(name), ...memory];
    expect(permitted("out-of-memory", "Deployment", at("containers", "app"), "app")).toBe(true);
    expect(permitted("out-of-memory", "Deployment", at("initContainers", "app"), "app")).toBe(true);
    expect(permitted("out-of-memory", "Deployment", at("containers", "other"), "app")).toBe(false);
    expect(permitted("out-of-memory", "Deployment", at("containers", "other"))).toBe(true);
    expect(permitted("out-of-memory", "CronJob", ["spec", "jobTemplate", ...at("containers", "app")])).toBe(true);
    expect(permitted("out-of-memory", "Pod", ["spec", "containers", named("app"), ...memory])).toBe(true);
    expect(permitted("out-of-memory", "Service", at("containers", "app"))).toBe(false);
    expect(permitted("out-of-memory", "Deployment", ["metadata", "labels"])).toBe(false);
  });

  it("give the existing scalars to probe for", () => {
    const fields = (...[failureClass, kind, name, container]: [Parameters<typeof permittedFields>[0], string, string, string?]) =>
      permittedFields(failureClass, object(kind, name), container).map(formatPath);
    expect(fields("out-of-memory", "Deployment", "store", "store")).toEqual([
      "spec.template.spec.containers[name=store].resources.requests.memory",
      "spec.template.spec.containers[name=store].resources.limits.memory",
    ]);
    expect(fields("command-not-found", "Deployment", "store", "migrate")).toEqual([
      "spec.template.spec.initContainers[name=migrate].args[0]",
      "spec.template.spec.initContainers[name=migrate].args[1]",
    ]);
    expect(fields("service-port", "Service", "cart")).toEqual(["spec.ports[name=http].targetPort"]);
    expect(fields("service-no-endpoints", "Service", "cart")).toEqual(["spec.selector.app"]);
    expect(fields("network-policy", "Deployment", "store")).toEqual([]);
  });
});
