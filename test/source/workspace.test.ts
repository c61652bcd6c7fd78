import { describe, expect, test } from "vitest";
import type { ObjectRef } from "../../src/cluster/objects.ts";
import { AutofixError } from "../../src/errors.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import type { Repository } from "../../src/source/git/repository.ts";
import { type Opener, openSource } from "../../src/source/open.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { Renderers } from "../../src/source/render/renderers.ts";
import type { GitSource } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { treeOf } from "./tree.ts";

const NONE: Renderers = { kustomize: undefined, helm: undefined };
const fetched = await fetchRenderers();
if (fetched.kind === "unavailable") console.error(`Tests that need kustomize are skipped: ${fetched.reason}`);

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: acme/shop
          envFrom: [{configMapRef: {name: settings}}]
          resources: {limits: {memory: 96Mi}}
`;
const OTHERS = `apiVersion: v1
kind: Secret
metadata: {name: shop}
stringData: {password: hunter2}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {MODE: fast}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated}
---
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {selector: {app: shop}}
`;
const SHOP: ObjectRef = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
const container: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }];

function open(files: Record<string, string>, path: string, renderers: Renderers = NONE) {
  const settings: GitSource["settings"] = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    directory: { recurse: false, include: "", exclude: "" },
  };
  return openWorkspace({ tree: treeOf(files), source: { kind: "git", url: "https://git.example/shop", branch: "main", path, settings }, renderers });
}

describe("plain manifests", () => {
  const workspace = open({ "deploy/a.yaml": DEPLOYMENT, "deploy/b.yaml": OTHERS }, "deploy");

  test("scalars, collections and fields that are not there", async () => {
    const at = (path: FieldPath) => workspace.locate(SHOP, path);
    expect(await at([...container, "resources", "limits", "memory"])).toEqual({
      file: "deploy/a.yaml",
      document: 0,
      path: [...container, "resources", "limits", "memory"],
      part: "whole",
    });
    expect(await at([...container, "resources"])).toEqual({ file: "deploy/a.yaml", document: 0, path: [...container, "resources"], part: "whole" });
    expect(await at([...container, "livenessProbe"])).toMatchObject({ kind: "refused", code: "no-place" });
    expect(await workspace.locate({ ...SHOP, name: "gone" }, ["spec"])).toMatchObject({ kind: "refused", code: "object-not-rendered" });
    expect(await workspace.locate({ group: "", kind: "Secret", namespace: "prod", name: "shop" }, ["stringData"])).toMatchObject({ code: "secret-data" });
  });

  test("a fix is offered the object's document, what it names and what selects it, and no Secret", async () => {
    const offered = await workspace.documentsFor(SHOP);
    expect(offered.map(({ id, file, index, role }) => `${id} ${role} ${file}#${index}`)).toEqual([
      "D1 object deploy/a.yaml#0",
      "D2 object deploy/b.yaml#1",
      "D3 object deploy/b.yaml#3",
    ]);
    expect(offered[0]?.text).toBe(DEPLOYMENT);
    expect(JSON.stringify(offered)).not.toContain("hunter2");
  });

  test("a broken manifest fails the rendering and names its line", async () => {
    const broken = open({ "deploy/a.yaml": DEPLOYMENT.replace("spec:", "spec: x:") }, "deploy");
    expect(await broken.render()).toMatchObject({
      kind: "failed",
      message: "deploy/a.yaml: line 4: Nested mappings are not allowed in compact mappings",
      inputs: ["deploy/a.yaml"],
    });
  });
});

test("files that are not read are a limit of ours, files that are no text a fault of theirs", async () => {
  const { settings } = open({}, "").source;
  const source: GitSource = { kind: "git", url: "https://git.example/shop", branch: "main", path: "deploy", settings };
  const tooLarge = async () => {
    throw new AutofixError("source/too-large", "deploy/a.yaml has too many bytes.");
  };
  const large = { ...treeOf({ "deploy/a.yaml": "" }), read: tooLarge, bytes: tooLarge };
  expect(await openWorkspace({ tree: large, source, renderers: NONE }).render()).toMatchObject({ kind: "refused", code: "too-large" });
  const tree = treeOf({ "deploy/a.yaml": new Uint8Array([0xff, 0xfe, 0x00]) });
  expect(await openWorkspace({ tree, source, renderers: NONE }).render()).toMatchObject({ kind: "failed", message: "deploy/a.yaml is not UTF-8 text." });
});

describe("opening a source", () => {
  const { source } = open({}, "deploy");
  const repository: Repository = {
    name: "acme/shop",
    defaultBranch: async () => "main",
    resolve: async (ref) => (ref === "main" ? "0".repeat(40) : undefined),
    tree: async () => treeOf({}),
    commits: async () => [],
  };
  const opener = (found: Repository | undefined): Opener => ({
    repository: async () => found,
    workspace: (tree, placed) => openWorkspace({ tree, source: placed, renderers: NONE }),
  });

  test("is refused where the App is not installed, and where the branch is gone", async () => {
    expect(await openSource(source, opener(undefined))).toMatchObject({ kind: "refused", code: "repository-not-installed" });
    expect(await openSource({ ...source, branch: "gone" }, opener(repository))).toMatchObject({ kind: "refused", code: "no-source" });
    expect(await openSource(source, opener(repository))).toMatchObject({ kind: "open", branch: "main" });
  });
});

const OVERLAY = {
  "base/kustomization.yaml": "resources: [a.yaml]\n",
  "base/a.yaml": DEPLOYMENT,
  "prod/kustomization.yaml": "resources: [../base]\nimages:\n  - name: acme/shop\n    newTag: '1.4'\n",
};

test("without kustomize the refusal says what to install", async () => {
  const outcome = await open(OVERLAY, "prod").render();
  expect(outcome).toMatchObject({ kind: "refused", code: "renderer-missing", message: expect.stringContaining("KUSTOMIZE_BIN") });
});

test.skipIf(fetched.kind === "unavailable")("with kustomize: the overlay's tag decides the image, the base its memory", async () => {
  const workspace = open(OVERLAY, "prod", fetched.kind === "ready" ? fetched.renderers : NONE);
  expect(await workspace.locate(SHOP, [...container, "image"])).toEqual({
    file: "prod/kustomization.yaml",
    document: 0,
    path: ["images", { key: "name", value: "acme/shop" }, "newTag"],
    part: "image-tag",
  });
  expect(await workspace.locate(SHOP, [...container, "resources", "limits", "memory"])).toMatchObject({ file: "base/a.yaml", part: "whole" });
});

test.skipIf(fetched.kind === "unavailable")("what kustomize says of a fault names files of the repository, not of the scratch folder", async () => {
  const workspace = open({ "prod/kustomization.yaml": "resources: [gone.yaml]\n" }, "prod", fetched.kind === "ready" ? fetched.renderers : NONE);
  const outcome = await workspace.render();
  expect(outcome).toMatchObject({ kind: "failed", message: expect.stringContaining("gone.yaml") });
  expect(outcome.kind === "failed" && outcome.message).not.toMatch(/kube-autofix-|\/tmp/);
});

test.skipIf(fetched.kind === "unavailable")("what would not be rendered any more, and only that, is told of a change", async () => {
  const files = {
    "base/kustomization.yaml": "resources: [shop.yaml]\n",
    "base/shop.yaml": DEPLOYMENT,
    "prod/kustomization.yaml": "resources: [../base]\n",
    "stage/kustomization.yaml":
      "resources: [../base]\npatches:\n  - target: {kind: Deployment, name: shop}\n    patch: |-\n      - {op: remove, path: /spec/replicas}\n",
    "broken/kustomization.yaml": "resources: [../base, gone.yaml]\n",
  };
  const workspace = open(files, "prod", fetched.kind === "ready" ? fetched.renderers : NONE);
  const changed = (from: string, to: string) => [{ path: "base/shop.yaml", before: DEPLOYMENT, after: DEPLOYMENT.replace(from, to) }];
  expect(await workspace.breaks(changed("  replicas: 2\n", ""))).toEqual(["stage"]);
  expect(await workspace.breaks(changed("replicas: 2", "replicas: 3"))).toEqual([]);
});
