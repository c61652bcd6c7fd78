import { expect, test } from "vitest";
import { editFiles } from "../../src/source/edit/document-edits.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { GitSource } from "../../src/source/workspace.ts";
import { treeOf } from "./tree.ts";

const FILE = "shop.yaml";
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: acme/shop:1
          volumeMounts:
            - name: data   # what customers upload
              mountPath: /data
            - name: config
              mountPath: /etc/shop
      volumes:
        - {name: data, emptyDir: {}}
        - {name: conf, configMap: {name: shop}}
`;

/** The API server complains of the very name by which an item of a list is known. */
test("the name of an item of a list is corrected where it stands", async () => {
  const settings: GitSource["settings"] = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    directory: { recurse: false, include: "", exclude: "" },
  };
  const source: GitSource = { kind: "git", url: "https://git.example/shop", branch: "main", path: ".", settings };
  const workspace = openWorkspace({ tree: treeOf({ [FILE]: DEPLOYMENT }), source, renderers: { kustomize: undefined, helm: undefined } });
  const named = (key: string, value: string) => ({ key, value });
  const path: FieldPath = ["spec", "template", "spec", "containers", named("name", "shop"), "volumeMounts", named("name", "config"), "name"];
  const object = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
  const planned = await workspace.plan([{ object, path, before: "config", after: "conf" }]);
  if (planned.kind !== "planned") throw new Error(planned.message);
  const [file] = await editFiles(workspace.tree, planned.edits);
  expect(file?.after).toBe(DEPLOYMENT.replace("name: config\n", "name: conf\n"));
});
