import { afterEach, describe, expect, test } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import { dryRunThrough } from "../../src/cluster/dry-run.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { type ReplayCluster, type ReplayOptions, startReplayCluster } from "../standins/replay-cluster.ts";

let cluster: ReplayCluster;

afterEach(() => cluster.close());

const deployment: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 2 } };
const settings: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "other" }, data: { A: "b" } };

async function tried(options: ReplayOptions, ...objects: KubeObject[]) {
  cluster = await startReplayCluster(options);
  return dryRunThrough(connect(cluster.kubeconfig))({ objects, namespace: "shop", delivery: "Kustomization" });
}

describe("a dry run", () => {
  test("tries each object, keeps nothing, and is strict", async () => {
    const outcome = await tried({ tries: () => undefined }, deployment, settings);
    expect(outcome).toEqual({ kind: "accepted", objects: ["Deployment web", "ConfigMap other/settings"] });
    const query = { dryRun: "All", fieldValidation: "Strict", fieldManager: "kustomize-controller", force: "true" };
    expect(cluster.requests.map(({ body, ...request }) => ({ ...request, body: JSON.parse(body) }))).toEqual([
      {
        method: "PATCH",
        path: "/apis/apps/v1/namespaces/shop/deployments/web",
        query,
        contentType: "application/apply-patch+yaml",
        body: { ...deployment, metadata: { name: "web", namespace: "shop" } },
      },
      { method: "PATCH", path: "/api/v1/namespaces/other/configmaps/settings", query, contentType: "application/apply-patch+yaml", body: settings },
    ]);
  });

  test("says what the cluster would not accept, and stops there", async () => {
    const message = 'Deployment.apps "web" is invalid: spec.selector: field is immutable';
    expect(await tried({ tries: () => message }, deployment, settings)).toEqual({ kind: "rejected", object: "Deployment web", message });
    expect(cluster.requests).toHaveLength(1);
  });

  test("says of a kind that the cluster lacks that it does", async () => {
    const outcome = await tried({ tries: () => undefined }, { ...deployment, apiVersion: "example.com/v1", kind: "Widget" });
    expect(outcome).toEqual({ kind: "rejected", object: "Widget web", message: "the cluster has no kind Widget in example.com/v1" });
  });

  test("tells a no from not having been able to ask", async () => {
    cluster = await startReplayCluster({ tries: () => undefined });
    const ask = dryRunThrough(connect(cluster.kubeconfig));
    cluster.pause();
    expect(await ask({ objects: [deployment], namespace: "shop", delivery: "Application" })).toMatchObject({ kind: "unreachable" });
    cluster.resume();
  });
});
