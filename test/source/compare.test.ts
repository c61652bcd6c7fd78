import { expect, test } from "vitest";
import { rendersAlike } from "../../src/source/compare.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import type { GitSource } from "../../src/source/workspace.ts";
import { treeOf } from "./tree.ts";

const DEPLOYMENT = { group: "apps", kind: "Deployment", namespace: "shop", name: "shop" };
const DELIVERY = { group: "argoproj.io", kind: "Application", namespace: "argocd", name: "shop" };

function commit(sha: string, replicas: number, colour = "red") {
  const files = {
    "deploy/shop.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  replicas: ${replicas}\n`,
    "deploy/settings.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: shop\ndata:\n  colour: ${colour}\n`,
  };
  const settings: GitSource["settings"] = {
    namespace: "shop",
    namespaceMode: "default",
    tool: "argocd",
    directory: { recurse: false, include: "", exclude: "" },
  };
  const source = { kind: "git" as const, url: "https://git.example/shop", branch: "main", path: "deploy", settings };
  return openWorkspace({ tree: treeOf(files, sha), source, renderers: { kustomize: undefined, helm: undefined } });
}

test("an object is alike where it is rendered alike, whatever else changed", async () => {
  expect(await rendersAlike(commit("a", 1), commit("b", 1, "blue"), DEPLOYMENT)).toBe(true);
  expect(await rendersAlike(commit("a", 1), commit("b", 2), DEPLOYMENT)).toBe(false);
});

test("a delivery, which it does not render itself, is alike where everything is", async () => {
  expect(await rendersAlike(commit("a", 1), commit("b", 1), DELIVERY)).toBe(true);
  expect(await rendersAlike(commit("a", 1), commit("b", 1, "blue"), DELIVERY)).toBe(false);
});
