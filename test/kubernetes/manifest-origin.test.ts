import { expect, test } from "vitest";
import type { KubeClient } from "../../src/cluster/client.ts";
import type { DeliverySource, ManifestOrigin } from "../../src/cluster/delivery.ts";
import { withManifest } from "../../src/cluster/manifest-origin.ts";
import type { Json, JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { AutofixError } from "../../src/errors.ts";

/** A cluster that holds these objects, by API path; whatever else is asked for is not there. */
function clusterWith(objects: Record<string, KubeObject>): { client: KubeClient; asked: string[] } {
  const asked: string[] = [];
  const client: Pick<KubeClient, "get"> = {
    async get(path) {
      asked.push(path);
      return objects[path];
    },
  };
  return { client: client as KubeClient, asked };
}

const ARGO = "/apis/argoproj.io/v1alpha1/namespaces/argocd";
const FLUX = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations";
const REPOSITORY = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/flux-system";

function application(name: string, metadata: JsonObject, more: JsonObject = {}): KubeObject {
  const source = { repoURL: "https://git.example/acme/shop", path: name, targetRevision: "main", ...more };
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name, namespace: "argocd", ...metadata }, spec: { source } };
}

const listing = (...names: string[]): { status: JsonObject } => ({
  status: { resources: names.map((name): Json => ({ group: "argoproj.io", kind: "Application", namespace: "argocd", name })) },
});
const tracked = (by: string, name: string) => ({ annotations: { "argocd.argoproj.io/tracking-id": `${by}:argoproj.io/Application:argocd/${name}` } });
const inline = { helm: { parameters: [{ name: "tag", value: "1" }] } };

async function origin(client: KubeClient, object: KubeObject, settings: JsonObject): Promise<ManifestOrigin | undefined> {
  const base = { namespace: "", namespaceMode: "default", tool: "argocd", directory: { recurse: false, include: "", exclude: "" } } as const;
  const source: DeliverySource = { kind: "git", url: "https://git.example/acme/shop", branch: "main", path: "chart", settings: { ...base, ...settings } };
  const found = await withManifest(client, source, object);
  return found.kind === "git" ? found.manifest?.from : undefined;
}

test("an Application's parent is the one that its tracking-id names and that lists it; the parent's own parent follows where that has settings too", async () => {
  const root = { ...application("root", tracked("bootstrap", "root"), inline), ...listing("shop") };
  const bootstrap = { ...application("bootstrap", {}), ...listing("root") };
  const { client } = clusterWith({ [`${ARGO}/applications/root`]: root, [`${ARGO}/applications/bootstrap`]: bootstrap });
  expect(await origin(client, application("shop", tracked("root", "shop")), inline)).toMatchObject({
    kind: "delivery",
    key: { kind: "Application", namespace: "argocd", name: "root" },
    source: { path: "root", manifest: { from: { key: { name: "bootstrap" }, source: { path: "bootstrap" } } } },
  });
});

test("a parent that does not list the child is none: charts set the same labels, people copy annotations", async () => {
  const { client } = clusterWith({ [`${ARGO}/applications/root`]: application("root", {}) });
  expect(await origin(client, application("shop", { labels: { "app.kubernetes.io/instance": "root" } }), inline)).toEqual({ kind: "unknown" });
});

test("an ApplicationSet goes before a tracking-id, and has a parent itself", async () => {
  const set: KubeObject = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: { name: "shops", namespace: "argocd", ...tracked("root", "shops") },
    spec: {},
  };
  const root = { ...application("root", {}), status: { resources: [{ kind: "ApplicationSet", name: "shops", namespace: "argocd" }] } };
  const { client } = clusterWith({ [`${ARGO}/applicationsets/shops`]: set, [`${ARGO}/applications/root`]: root });
  const owned = application("shop", { ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "ApplicationSet", name: "shops", uid: "1" }] });
  expect(await origin(client, owned, inline)).toMatchObject({
    kind: "application-set",
    set: { metadata: { name: "shops" } },
    from: { kind: "delivery", key: { name: "root" } },
  });
});

test("the Kustomization that bootstraps Flux renders itself", async () => {
  const labels = { "kustomize.toolkit.fluxcd.io/name": "flux-system", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
  const spec = { path: "./clusters/prod", sourceRef: { kind: "GitRepository", name: "flux-system" }, postBuild: { substitute: { region: "eu" } } };
  const system: KubeObject = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "flux-system", namespace: "flux-system", labels },
    spec,
  };
  const repository: KubeObject = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "flux-system" },
    spec: { url: "https://git.example/acme/shop", ref: { branch: "main" } },
  };
  const { client, asked } = clusterWith({ [`${FLUX}/flux-system`]: system, [REPOSITORY]: repository });
  const found = await origin(client, system, { flux: { postBuild: { substitute: {} } } });
  expect(found).toMatchObject({ kind: "delivery", source: { kind: "git", path: "clusters/prod" } });
  expect(asked).toHaveLength(2);
});

test("without settings in the manifest nothing is asked, and what may not be read counts as unknown", async () => {
  const { client, asked } = clusterWith({});
  expect(await origin(client, application("shop", tracked("root", "shop")), { helm: { valueFiles: ["prod.yaml"] } })).toBeUndefined();
  expect(asked).toEqual([]);
  const forbidding: Pick<KubeClient, "get"> = {
    async get() {
      throw new AutofixError("cluster/forbidden", "applications may not be read");
    },
  };
  expect(await origin(forbidding as KubeClient, application("shop", tracked("root", "shop")), inline)).toEqual({ kind: "unknown" });
});
