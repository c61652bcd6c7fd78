import { describe, expect, test } from "vitest";
import { steeringLines } from "../../src/source/slips/steering-lines.ts";

const LIST = "prod/kustomization.yaml";

/** The fields that steer among what changed in a file, and what the file says with each of them as it was. */
function steered(lastGood: string, text: string, path = LIST, more: { path: string; text: string; lastGood: string }[] = []): [string, string][] {
  return steeringLines([{ path, text, lastGood }, ...more])
    .filter(({ change }) => change.path === path)
    .map(({ field, change }) => [field, change.after]);
}

const target = (name: string) => `patches:\n  - path: a.yaml\n    target:\n      kind: Deployment\n      name: ${name}\n`;
const operation = (path: string, value = "8080") => `- op: replace\n  path: ${path}\n  value: "${value}"\n`;
const inline = (text: string) => `patches:\n  - target: {kind: Deployment}\n    patch: |-\n${text.replaceAll(/^(?=.)/gm, "      ")}`;

describe("a line that steers", () => {
  test.each<[string, string, string]>([
    ["target", target("shop"), target("shops")],
    ["behavior", "configMapGenerator:\n  - name: a\n    behavior: merge\n", "configMapGenerator:\n  - name: a\n    behavior: replace\n"],
    ["components", "components:\n  - ../traced\nresources:\n  - a.yaml\n", "resources:\n  - a.yaml\n"],
    ["resources", "resources: [a.yaml, b.yaml]\n", "resources: [a.yaml]\n"],
    ["replacements", "replacements:\n  - path: region.yaml\nresources: [a.yaml]\n", "resources: [a.yaml]\n"],
    ["vars", "vars:\n  - name: HOST\nresources: [a.yaml]\n", "resources: [a.yaml]\n"],
    ["path", inline(operation("/spec/replicas")), inline(operation("/spec/replica"))],
  ])("is one of %s", (field, lastGood, text) => expect(steered(lastGood, text)).toEqual([[field, lastGood]]));

  test("is the path of a patch in a file of its own, and not its value", () => {
    const [good, now] = [operation("/spec/a"), operation("/spec/b", "9090")];
    expect(steered(good, now, "prod/patch.yaml")).toEqual([["path", operation("/spec/a", "9090")]]);
  });

  test("is the one of several changes beside each other", () => {
    const text = "components:\n  - ../a\nimages:\n  - name: shop\n    newTag: 1.4.2\n";
    const lastGood = "components:\n  - ../a\n  - ../b\nimages:\n  - name: shop\n    newTag: 1.4.1\n";
    expect(steered(lastGood, text)).toEqual([["components", text.replace("  - ../a\n", "  - ../a\n  - ../b\n")]]);
  });

  test("is a label by which a target finds its object", () => {
    const manifest = (tier: string) => `kind: Deployment\nmetadata:\n  name: shop\n  labels:\n    tier: ${tier}\n    team: ${tier}\n`;
    const list = "patches:\n  - path: a.yaml\n    target:\n      labelSelector: tier=front\n";
    const selecting = [{ path: LIST, text: list, lastGood: list }];
    expect(steered(manifest("front"), manifest("edge").replace("team: edge", "team: front"), "prod/shop.yaml", selecting)).toHaveLength(1);
    expect(steered(manifest("front"), manifest("front").replace("team: front", "team: edge"), "prod/shop.yaml", selecting)).toEqual([]);
    expect(steered(manifest("front"), manifest("edge"), "prod/shop.yaml")).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["two components that went: one may have been wanted gone", "components: [../a, ../b]\nresources: [a.yaml]\n", "resources: [a.yaml]\n"],
    ["a literal", "configMapGenerator:\n  - name: a\n    literals: [A=1]\n", "configMapGenerator:\n  - name: a\n    literals: [A=2]\n"],
    ["a tag", "images:\n  - name: shop\n    newTag: 1.4.1\n", "images:\n  - name: shop\n    newTag: 1.4.2\n"],
    ["a prefix", "namePrefix: a-\n", "namePrefix: b-\n"],
    ["a namespace", "namespace: a\n", "namespace: b\n"],
    ["a secret that is merged", "secretGenerator:\n  - name: a\n    behavior: merge\n", "secretGenerator:\n  - name: a\n    behavior: replace\n"],
    ["a resource that came", "resources: [a.yaml]\n", "resources: [a.yaml, b.yaml]\n"],
    ["a resource in another's place", "resources: [a.yaml]\n", "resources: [b.yaml]\n"],
    ["a patch that went", "patches:\n  - path: a.yaml\n  - path: b.yaml\n", "patches:\n  - path: a.yaml\n"],
    ["a target that is for more than before", target("shop"), target("shop").replace("      name: shop\n", "")],
    ["a target that is for all of a name", target("shop"), target(".*")],
    ["a value in a patch", inline(operation("/spec/replicas", "1")), inline(operation("/spec/replicas", "2"))],
    ["what is no YAML", "resources: [a.yaml]\n", "resources: [a.yaml\n"],
  ])("is not %s", (_, lastGood, text) => expect(steered(lastGood, text)).toEqual([]));
});
