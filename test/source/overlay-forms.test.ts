// An overlay decides what a base says that others share: by the names and keys that kustomize goes by.
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { editFiles } from "../../src/source/edit/document-edits.ts";
import { type FieldPath, getIn } from "../../src/source/edit/field-path.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { treeOf } from "./tree.ts";

const fetched = await fetchRenderers();
const CONTAINER: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }];
const FILES = {
  "base/kustomization.yaml": "resources: [shop.yaml]\nimages:\n  - name: shop\n    newName: acme/shop\n    newTag: 1.9.1\n",
  "base/shop.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: shop
          envFrom:
            - configMapRef: {name: shop-settings}
          ports:
            - {name: http, containerPort: 8080}
            - {name: metrics, containerPort: 9102}
          volumeMounts:
            - {name: pages, mountPath: /srv/pages}
            - {name: tmp, mountPath: /tmp}
      volumes:
        - {name: pages, emptyDir: {}}
        - {name: tmp, emptyDir: {}}
`,
  "prod/kustomization.yaml": "resources: [../base]\n",
  "dev/kustomization.yaml": "resources: [../base]\n",
};

/** What the overlay says newly. */
async function said(path: FieldPath, after: Json | undefined): Promise<string> {
  const directory = { recurse: false, include: "", exclude: "" };
  const settings = { namespace: "prod", namespaceMode: "default", tool: "argocd", name: "shop", directory } as const;
  const source = { kind: "git", url: "https://git.example/shop", branch: "main", path: "prod", settings, defaultBranch: "main" } as const;
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  const workspace = openWorkspace({ tree: treeOf(FILES), source, renderers });
  const outcome = await workspace.render();
  if (outcome.kind !== "rendered") throw new Error("it cannot be rendered");
  const object = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
  const planned = await workspace.plan([{ object, path, before: getIn(outcome.objects[0], path), after }]);
  if (planned.kind === "refused") return planned.code;
  const lines = unifiedDiff(await editFiles(workspace.tree, planned.edits)).split("\n");
  const added = lines.filter((line) => /^\+ *(?![+])/.test(line) && !line.startsWith("+++"));
  return added.map((line) => line.slice(1).trim()).join(" ");
}

describe.skipIf(fetched.kind === "unavailable")("what an overlay says in the place of its base", () => {
  test("an image by the name that the base's own kustomization gives it", async () => {
    expect(await said([...CONTAINER, "image"], "acme/shop:1.9.0")).toBe("images: - name: acme/shop newTag: 1.9.0");
  });

  test("a mount elsewhere: the one by its path goes, another one comes", async () => {
    const text = await said([...CONTAINER, "volumeMounts", { key: "name", value: "pages" }, "mountPath"], "/srv/page");
    expect(text).toContain("volumeMounts: - mountPath: /srv/pages name: pages $patch: delete - mountPath: /srv/page name: pages");
  });

  test("a port that goes, by its number", async () => {
    const text = await said([...CONTAINER, "ports", { key: "name", value: "metrics" }], undefined);
    expect(text).toContain("ports: - containerPort: 9102 name: metrics $patch: delete");
  });

  test("a list of which nothing tells the items apart, as a whole", async () => {
    const text = await said([...CONTAINER, "envFrom", 0, "configMapRef", "name"], "shop-config");
    expect(text).toContain("envFrom: - configMapRef: name: shop-config");
  });
});
