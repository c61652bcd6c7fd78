import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import { beyondRecount, isRecount } from "../../src/guards/text/recounted.ts";
import { recounted } from "../../src/source/slips/recounted-patches.ts";

const FILE = "overlays/prod/kustomization.yaml";
const TARGET = { group: "apps", kind: "Deployment", namespace: "", name: "shop" };

/** A kustomization whose patch writes the third variable's value. */
function kustomization(pointer: string, target = "{kind: Deployment, name: shop}"): string {
  return `resources:\n  - ../../base\npatches:\n  - target: ${target}\n    patch: |-\n      # the database of production\n      - op: replace\n        path: ${pointer}\n        value: db.prod\n`;
}

const ENV = "/spec/template/spec/containers/0/env";
const THIRD = kustomization(`${ENV}/2/value`);

/** A workload with these variables. */
function workload(variables: Record<string, string>, name = "shop"): KubeObject {
  const env = Object.entries(variables).map(([key, value]) => ({ name: key, value }));
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec: { template: { spec: { containers: [{ name: "shop", env }] } } } };
}

const THEN = workload({ LOG: "info", LANG: "de", DB: "db.prod", CACHE: "8" });
/** The first variable went: the patch hits the one behind its own. */
const NOW = workload({ LANG: "de", DB: "localhost", CACHE: "db.prod" });

function led(text: string, then = [THEN], now = [NOW]): string[] {
  const basis = [{ path: FILE, text, lastGood: text }];
  return recounted(basis, then, now).map(({ after }) => /path: (\S+)/.exec(after)?.[1] ?? after);
}

describe("a patch that counts is led to what it was for", () => {
  test("where an item before it went", () => expect(led(THIRD)).toEqual([`${ENV}/1/value`]));
  test("where one came", () => {
    expect(led(THIRD, [THEN], [workload({ NEW: "1", LOG: "info", LANG: "db.prod", DB: "localhost", CACHE: "8" })])).toEqual([`${ENV}/3/value`]);
  });

  test.each<[string, string[]]>([
    ["where it leads there", led(THIRD, [THEN], [THEN])],
    ["where what it was for is gone", led(THIRD, [THEN], [workload({ LOG: "info", LANG: "de", CACHE: "db.prod" })])],
    ["where it adds an item", led(THIRD.replace("op: replace", "op: add").replace("/2/value", "/2"))],
    ["where it is for another object", led(kustomization(`${ENV}/2/value`, "{kind: StatefulSet}"))],
    [
      "where two objects do not agree",
      led(
        kustomization(`${ENV}/2/value`, "{kind: Deployment}"),
        [THEN, workload({ A: "1", B: "2", C: "db.prod" }, "other")],
        [NOW, workload({ C: "2", B: "db.prod" }, "other")],
      ),
    ],
  ])("not %s", (_, found) => expect(found).toEqual([]));
});

describe("the guard", () => {
  const right = kustomization(`${ENV}/1/value`);
  const judge = (text: string, failureClass = "crash-on-start") =>
    isRecount({
      proposal: { failureClass, files: [{ path: FILE, text }] },
      rendered: [NOW],
      lastGood: [THEN],
      texts: { files: [{ path: FILE, text: THIRD, lastGood: THIRD }] },
    } as unknown as GateInput);

  test("knows it again", () => expect(judge(right)).toBe(true));
  test.each([
    ["another place", judge(kustomization(`${ENV}/0/value`))],
    ["another value", judge(right.replace("db.prod", "db.evil"))],
    ["something beside it", judge(`${right}images: []\n`)],
    ["a class that no fix is for", judge(right, "rbac-forbidden")],
  ])("refuses %s", (_, judged) => expect(judged).toBe(false));

  const effect = (after: KubeObject[], before = [NOW]) =>
    beyondRecount(
      { lastGood: [THEN, workload({ A: "1" }, "other")], rendered: before, target: TARGET } as unknown as GateInput,
      changedObjects(before, after),
    ).map(({ rule }) => rule);

  test("asks that all is as the last good revision had it", () => {
    expect(effect([workload({ LANG: "de", DB: "db.prod", CACHE: "8" })])).toEqual([]);
    expect(effect([workload({ LANG: "db.prod", DB: "localhost", CACHE: "8" })])).toEqual(["unexplained"]);
    expect(effect([NOW, workload({ A: "1" }, "other")], [NOW, workload({ A: "2" }, "other")])).toEqual(["no-effect"]);
  });

  test("lets a container have what a patch said of one that is not there, and nothing else", () => {
    const app = (env: string) => ({ name: "app", image: "acme/shop:1.4.1", env: [{ name: "MODE", value: env }] });
    const shop = (...containers: JsonObject[]) => ({ ...THEN, spec: { template: { spec: { containers } } } }) as KubeObject;
    const stray = { name: "shop", env: [{ name: "MODE", value: "rpc" }] };
    const judged = (after: KubeObject) => {
      const before = [shop(app("web"), stray)];
      const input = { lastGood: [shop(app("api"))], rendered: before, target: TARGET } as unknown as GateInput;
      return beyondRecount(input, changedObjects(before, [after])).map(({ rule }) => rule);
    };
    expect(judged(shop(app("rpc")))).toEqual([]);
    expect(judged(shop(app("admin")))).toEqual(["unexplained"]);
  });
});
