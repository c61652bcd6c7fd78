import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { type ArgoTracking, deliveryOf, stripped } from "../../src/cluster/ownership.ts";
import { loadRecording } from "../world/recording.ts";

const argo: ArgoTracking = { instanceLabel: "app.kubernetes.io/instance", namespaceOf: (name) => (name === "shop" ? "argocd" : undefined) };
const nobody = () => undefined;

function deployment(metadata: JsonObject): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "prod", uid: "u1", ...metadata } };
}

function tracked(id: string): KubeObject {
  return deployment({ annotations: { "argocd.argoproj.io/tracking-id": id } });
}

describe("whose an object is", () => {
  it.each([
    ["shop:apps/Deployment:prod/web", { kind: "Application", namespace: "argocd", name: "shop" }],
    ["team-a_shop:apps/Deployment:prod/web", { kind: "Application", namespace: "team-a", name: "shop" }],
    ["shop:apps/Deployment:prod/other", undefined],
    ["shop:apps/Deployment:staging/web", undefined],
    ["shop:/Deployment:prod/web", undefined],
    ["unknown:apps/Deployment:prod/web", undefined],
    ["rubbish", undefined],
  ])("tracking-id %s", (id, expected) => {
    expect(deliveryOf(tracked(id), nobody, argo)).toEqual(expected);
  });

  it("believes the instance label only where there is such an Application", () => {
    expect(deliveryOf(deployment({ labels: { "app.kubernetes.io/instance": "shop" } }), nobody, argo)).toEqual({
      kind: "Application",
      namespace: "argocd",
      name: "shop",
    });
    expect(deliveryOf(deployment({ labels: { "app.kubernetes.io/instance": "redis" } }), nobody, argo)).toBeUndefined();
  });

  it("follows owners by UID, and does not run in circles", () => {
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web-1", namespace: "prod", ownerReferences: [{ uid: "u1", controller: true }] },
    };
    expect(deliveryOf(pod, (uid) => (uid === "u1" ? tracked("shop:apps/Deployment:prod/web") : undefined), argo)).toMatchObject({ name: "shop" });
    expect(deliveryOf(pod, () => pod, argo)).toBeUndefined();
  });

  it("finds the delivery of every recorded pod, through what a watch keeps of the objects", () => {
    for (const id of ["shop-01", "shop-02", "shop-32", "shop-33", "shop-38"]) {
      const { objects, scenario } = loadRecording(id);
      const byUid = new Map(objects.map((object) => [object.metadata.uid, stripped(object, argo.instanceLabel)]));
      const here: ArgoTracking = { ...argo, namespaceOf: (name) => (name === id ? "argocd" : undefined) };
      const keys = objects.filter(({ kind }) => kind === "Pod").map((pod) => deliveryOf(stripped(pod, argo.instanceLabel), (uid) => byUid.get(uid), here));
      const expected =
        id === "shop-38"
          ? { kind: "HelmRelease", namespace: id, name: "vault" }
          : { kind: scenario.delivery.kind, namespace: scenario.delivery.metadata.namespace, name: id };
      expect(keys.length).toBeGreaterThan(0);
      expect(keys).toEqual(keys.map(() => expected));
    }
  });

  it("keeps a fraction of an object", () => {
    const sizes = loadRecording("shop-38").objects.filter(({ kind }) => kind === "Pod" || kind === "Deployment");
    for (const object of sizes) expect(JSON.stringify(stripped(object, argo.instanceLabel)).length).toBeLessThan(JSON.stringify(object).length / 5);
  });
});
