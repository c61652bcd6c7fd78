import { expect, test } from "vitest";
import { withoutOrphan } from "../../src/source/slips/orphan-patches.ts";
import { declared, renamedPatches, strayPatchNames, successorOf } from "../../src/source/slips/patch-names.ts";

const BASE = "base/kustomization.yaml";
const LIST = "overlays/prod/kustomization.yaml";
const PATCH = "overlays/prod/patch.yaml";

const workload = (name: string, container = "shop") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}   # as ever\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${container}\n`;

function filesOf(texts: Record<string, string>) {
  const all = {
    [BASE]: "resources: [shop.yaml]\nconfigMapGenerator:\n  - name: shop-config\n    literals: [A=1]\n",
    "base/shop.yaml": workload("shop"),
    ...texts,
  };
  return Object.entries(all).map(([path, text]) => ({ path, text, lastGood: undefined }));
}

/** What is asked for in vain, and the file that asks, with another name. */
function strays(texts: Record<string, string>, to = "shop") {
  return strayPatchNames(filesOf(texts)).map((patch) => [
    `${patch.kind} ${patch.name}`,
    ...renamedPatches([{ patch, to }]).map(({ path, after }) => `${path}\n${after}`),
  ]);
}

test("a patch in a file of its own asks for a name that no manifest has", () => {
  const list = "resources: [../../base]\npatches:\n  - path: patch.yaml\n";
  expect(strays({ [LIST]: list, [PATCH]: workload("shopp") })).toEqual([["Deployment shopp", `${PATCH}\n${workload("shop")}`]]);
  expect(strays({ [LIST]: list, [PATCH]: workload("shop") })).toEqual([]);
});

test("so does one that is written in the kustomization, or listed in the old way", () => {
  const inline = (name: string) => `resources: [../../base]\npatches:\n  - patch: |-\n${workload(name).trimEnd().replaceAll(/^/gm, "      ")}\n`;
  expect(strays({ [LIST]: inline("web") })).toEqual([["Deployment web", `${LIST}\n${inline("shop")}`]]);
  const old = "resources: [../../base]\npatchesStrategicMerge: [patch.yaml]\n";
  expect(strays({ [LIST]: old, [PATCH]: workload("web") }).map(([what]) => what)).toEqual(["Deployment web"]);
});

test("a generator that merges asks for one of the base", () => {
  const merge = (name: string) => `resources: [../../base]\nconfigMapGenerator:\n  - name: ${name}\n    behavior: merge\n    literals: [A=2]\n`;
  expect(strays({ [LIST]: merge("shop-settings") }, "shop-config")).toEqual([["ConfigMap shop-settings", `${LIST}\n${merge("shop-config")}`]]);
  expect(strays({ [LIST]: merge("shop-config") })).toEqual([]);
});

test("a patch with a target is for what that names, whatever its own name", () => {
  const list = "resources: [../../base]\npatches:\n  - path: patch.yaml\n    target: {kind: Deployment}\n";
  expect(strays({ [LIST]: list, [PATCH]: workload("any") })).toEqual([]);
});

test("what is declared is no patch, and tells its containers", () => {
  const files = filesOf({ [LIST]: "resources: [../../base]\npatches:\n  - path: patch.yaml\n", [PATCH]: workload("web", "web") });
  expect(declared(files, "Deployment")).toEqual([{ name: "shop", containers: ["shop"] }]);
  expect(declared(files, "ConfigMap")).toEqual([{ name: "shop-config", containers: [] }]);
});

test("what a workload is called now is what came as the only one when it went as the only one", () => {
  const file = (path: string, lastGood: string | undefined, text: string | undefined) => ({ path, lastGood, text });
  const renamed = file("base/shop.yaml", workload("shop"), workload("basket"));
  const patch = { kind: "Deployment", name: "shop", containers: [] };
  const of = (more: ReturnType<typeof file>[] = [], one = patch) => successorOf(one, [renamed, ...more])?.name;
  expect(of()).toBe("basket");
  expect(of([file("base/job.yaml", undefined, workload("worker"))])).toBeUndefined();
  expect(of([file("base/job.yaml", workload("worker"), undefined)])).toBeUndefined();
  expect(of([file("base/job.yaml", workload("worker"), workload("worker"))])).toBe("basket");
  expect(of([], { ...patch, name: "cart" })).toBeUndefined();
  expect(of([], { kind: "Deployment", name: "shop", containers: ["proxy"] } as unknown as typeof patch)).toBeUndefined();
});

test("a number of replicas asks for a workload of any kind that has them", () => {
  const list = (name: string) => `resources: [../../base]\nreplicas:\n  - name: ${name}\n    count: 3\n`;
  expect(strays({ [LIST]: list("web") })).toEqual([["Deployment web", `${LIST}\n${list("shop")}`]]);
  expect(strays({ [LIST]: list("shop") })).toEqual([]);
  const then = { path: "base/queue.yaml", lastGood: workload("queue").replace("Deployment", "StatefulSet"), text: undefined };
  expect(strayPatchNames([...filesOf({ [LIST]: list("queue") }), then]).map(({ kind }) => kind)).toEqual(["StatefulSet"]);
});

/** What is left of the overlay where the base lost its second workload with the commits, and kustomize finds none to patch. */
function withoutPatch(texts: Record<string, string>, isManifestThere = false) {
  const error = 'no resource matches strategic merge patch "Deployment.v1.apps/jobs.[noNs]": no matches for Id Deployment.v1.apps/jobs.[noNs]';
  const files = [...filesOf(texts), { path: "base/jobs.yaml", text: isManifestThere ? workload("jobs") : undefined, lastGood: workload("jobs") }];
  return withoutOrphan(
    files.map((file) => ({ ...file, lastGood: file.lastGood ?? file.text })),
    error,
  ).map(({ path, after }) => `${path}\n${after}`);
}

test("the patch of a workload that was taken away goes", () => {
  const list = "resources: [../../base]\npatches:\n  - path: patch.yaml\n  - path: other.yaml\n";
  const gone = { [LIST]: list, [PATCH]: workload("jobs"), "overlays/prod/other.yaml": workload("shop") };
  expect(withoutPatch(gone)).toEqual([`${LIST}\nresources: [../../base]\npatches:\n  - path: other.yaml\n`]);
  // Its manifest is only not listed any more: that may be the slip.
  expect(withoutPatch(gone, true)).toEqual([]);
  // A file of two patches is for both.
  expect(withoutPatch({ ...gone, [PATCH]: `${workload("jobs")}---\n${workload("shop")}` })).toEqual([]);
});

test("the patch follows instead where another workload came", () => {
  const list = "resources: [../../base]\npatches:\n  - path: patch.yaml\n";
  const files = withoutOrphan(
    [
      { path: LIST, text: list, lastGood: list },
      { path: PATCH, text: workload("jobs"), lastGood: workload("jobs") },
      { path: "base/jobs.yaml", text: workload("tasks"), lastGood: workload("jobs") },
    ],
    "no matches for Id Deployment.v1.apps/jobs.[noNs]",
  );
  expect(files).toEqual([]);
});
