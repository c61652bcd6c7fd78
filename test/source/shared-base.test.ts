import { describe, expect, test } from "vitest";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { sourceOf } from "./live-source.ts";
import { treeOf } from "./tree.ts";

const fetched = await fetchRenderers();
const delivery = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "web", namespace: "flux-system" },
  spec: { path: "./prod", targetNamespace: "shop", sourceRef: { kind: "GitRepository", name: "shop" } },
};
const OBJECT = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
const CONTAINER = ["spec", "template", "spec", "containers", { key: "name", value: "web" }];

const base = (env: string) => ({
  "base/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: acme/web:1
${env}`,
  "base/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator:\n  - name: web-env\n    literals: [LOCALE=de]\n",
  "prod/kustomization.yaml": "resources: [../base]\n",
  "stage/kustomization.yaml": "resources: [../base]\nnamePrefix: stage-\n",
});

/** The files in which a change is planned. */
async function plannedIn(files: Record<string, string>, path: (string | number | { key: string; value: string })[], before: string | number, after: string) {
  if (fetched.kind !== "ready") throw new Error(fetched.reason);
  const source = sourceOf({ delivery });
  if (source.kind !== "git") throw new Error(source.message);
  const workspace = openWorkspace({ tree: treeOf(files), source, renderers: fetched.renderers });
  const rendered = await workspace.render();
  const name = rendered.kind === "rendered" ? rendered.objects.find(({ kind }) => kind === "ConfigMap")?.metadata.name : undefined;
  const plan = await workspace.plan([{ object: OBJECT, path: [...CONTAINER, ...path], before, after: after === "web-env" ? String(name) : after }]);
  return plan.kind === "planned" ? [...new Set(plan.edits.map(({ file }) => file))] : plan.message;
}

describe.skipIf(fetched.kind === "unavailable")("a base of which others are built too", () => {
  const reading = (name: string) => base(`          envFrom:\n            - configMapRef: {name: ${name}}\n`);

  test("is mended where a name leads nowhere in all of them", async () => {
    expect(await plannedIn(reading("web-settings"), ["envFrom", 0, "configMapRef", "name"], "web-settings", "web-env")).toEqual(["base/web.yaml"]);
  });

  test("and where no schema takes what it says", async () => {
    const env = ["env", { key: "name", value: "CACHE_MB" }, "value"];
    expect(await plannedIn(base("          env:\n            - {name: CACHE_MB, value: 50}\n"), env, 50, "50")).toEqual(["base/web.yaml"]);
  });

  test("but stays as it is where they work with it", async () => {
    const env = ["env", { key: "name", value: "LEVEL" }, "value"];
    expect(await plannedIn(base("          env:\n            - {name: LEVEL, value: info}\n"), env, "info", "debug")).not.toContain("base/web.yaml");
  });
});
