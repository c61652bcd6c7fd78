import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applicationSource } from "../../src/cluster/argocd-source.ts";
import { connect, type KubeClient } from "../../src/cluster/client.ts";
import type { Json, JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { RenderingFacts } from "../../src/cluster/rendering-facts.ts";

/** As the API server sends them. */
const ANSWERS: Record<string, Json> = {
  "/version": { major: "1", minor: "35", gitVersion: "v1.35.4" },
  "/api": {
    items: [{ metadata: { name: "" }, versions: [{ version: "v1", resources: [{ resource: "pods", responseKind: { kind: "Pod" } }] }] }],
  },
  "/apis": {
    items: [{ metadata: { name: "apps" }, versions: [{ version: "v1", resources: [{ resource: "deployments", responseKind: { kind: "Deployment" } }] }] }],
  },
  "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop": {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop" },
    spec: { syncWindows: [{ kind: "deny", schedule: "0 22 * * *", duration: "2h", applications: ["*"] }] },
  },
  "/api/v1/namespaces/argocd/configmaps/argocd-cm": {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm" },
    data: { "kustomize.buildOptions": "--enable-helm --load-restrictor LoadRestrictionsNone" },
  },
};
const asked: string[] = [];
let server: Server;
let folder: string;
let client: KubeClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kube-autofix-facts-"));
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(`${path} ${request.headers.accept?.includes("apidiscovery") ? "aggregated" : ""}`.trim());
    const forbidden = path.includes("/forbidden");
    response.writeHead(forbidden ? 403 : path in ANSWERS ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(ANSWERS[path] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const kubeconfig = join(folder, "config");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  client = connect(kubeconfig);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function application(spec: JsonObject, status: JsonObject = {}): KubeObject {
  const source = { repoURL: "https://github.com/acme/shop", path: "deploy" };
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "shop", namespace: "argocd" }, spec: { source, ...spec }, status };
}

const night = new Date("2026-11-22T23:00:00Z");
const day = new Date("2026-11-22T12:00:00Z");
const automated = { project: "shop", syncPolicy: { automated: {} } };
const complete = (facts: RenderingFacts, live: KubeObject, now = day) => facts.complete(applicationSource(live), live, now, facts);

describe("what the cluster adds to a delivery's source", () => {
  test("charts hear which Kubernetes they are for, asked once in a while", async () => {
    const facts = new RenderingFacts(client);
    asked.length = 0;
    const source = await complete(facts, application({}, { sourceType: "Helm" }));
    expect(source.kind === "git" && source.settings.capabilities).toEqual({
      kubeVersion: "v1.35",
      apiVersions: ["v1", "v1/Pod", "apps/v1", "apps/v1/Deployment"],
    });
    await complete(facts, application({}, { sourceType: "Helm" }));
    expect(asked.sort()).toEqual(["/api aggregated", "/apis aggregated", "/version"]);
  });

  test("Argo CD's own options for kustomize", async () => {
    const source = await complete(new RenderingFacts(client), application({}, { sourceType: "Kustomize" }));
    expect(source.kind === "git" && source.settings.unrestricted).toBe(true);
    const plain = await complete(new RenderingFacts(client), application({}, { sourceType: "Directory" }));
    expect(plain.kind === "git" && plain.settings.unrestricted).toBeUndefined();
  });

  test("a window in which nothing is synced; of no matter to who syncs by hand", async () => {
    const facts = new RenderingFacts(client);
    expect(await complete(facts, application(automated), night)).toMatchObject({ kind: "refused", code: "sync-window" });
    expect((await complete(facts, application(automated), day)).kind).toBe("git");
    expect((await complete(facts, application({ project: "shop" }), night)).kind).toBe("git");
  });

  test("what may not be read is left out", async () => {
    expect((await complete(new RenderingFacts(client), application({ ...automated, project: "forbidden" }), night)).kind).toBe("git");
  });
});
