import { describe, expect, it } from "vitest";
import { readApplication } from "../../src/cluster/argocd.ts";
import { applicationSource } from "../../src/cluster/argocd-source.ts";
import type { DeliverySource } from "../../src/cluster/delivery.ts";
import { readKustomization } from "../../src/cluster/flux.ts";
import { kustomizationSource } from "../../src/cluster/flux-source.ts";
import { helmReleaseState } from "../../src/cluster/helm-release.ts";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";

const now = new Date("2026-11-22T23:00:00Z");

function application(spec: JsonObject, status: JsonObject = {}, metadata: JsonObject = {}): KubeObject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "shop", namespace: "argocd", ...metadata }, spec, status };
}

function kustomization(spec: JsonObject, status: JsonObject = {}): KubeObject {
  const sourceRef = { kind: "GitRepository", name: "shop" };
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "shop", namespace: "flux-system" },
    spec: { sourceRef, ...spec },
    status,
  };
}

function repository(spec: JsonObject): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "shop", namespace: "flux-system" },
    spec: { url: "https://github.com/acme/shop", ...spec },
  };
}

function inShort(source: DeliverySource): string {
  return source.kind === "git" ? `${source.url}#${source.branch}:${source.path}` : source.code;
}

const repoURL = "https://github.com/acme/shop";

describe("an Application's source", () => {
  it.each([
    [{ source: { repoURL, path: "./deploy/" } }, "https://github.com/acme/shop#HEAD:deploy"],
    [{ source: { repoURL, path: ".", targetRevision: "refs/heads/prod" } }, "https://github.com/acme/shop#prod:"],
    [{ source: { repoURL, path: "deploy", targetRevision: "release-1.4" } }, "https://github.com/acme/shop#release-1.4:deploy"],
    [{ sources: [{ repoURL, path: "deploy", targetRevision: "main" }] }, "https://github.com/acme/shop#main:deploy"],
    [
      {
        sources: [
          { repoURL, path: "a" },
          { repoURL, path: "b" },
        ],
      },
      "multiple-sources",
    ],
    [{ source: { repoURL, path: "deploy", targetRevision: "3e9c3ab2ac8410f86a74cb38a8069410dec2b23e" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "v1.4.0" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "1.x" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "refs/tags/live" } }, "pinned-revision"],
    [{ source: { repoURL: "https://charts.example.com", chart: "redis", targetRevision: "18.0.0" } }, "helm-repository"],
    [{ source: { repoURL: "oci://registry.example.com/shop", path: "." } }, "not-git"],
    [{ source: { repoURL, path: "deploy", plugin: { name: "cdk8s" } } }, "plugin"],
    [{ source: { repoURL, path: "deploy", directory: { jsonnet: { extVars: [{ name: "env", value: "prod" }] } } } }, "unsupported-setting"],
    [{ source: { repoURL, path: "deploy", directory: { jsonnet: {} } } }, "https://github.com/acme/shop#HEAD:deploy"],
    [{ sourceHydrator: { drySource: { repoURL } } }, "unsupported-setting"],
    [{}, "no-source"],
  ])("%j → %s", (spec, expected) => {
    expect(inShort(applicationSource(application(spec)))).toBe(expected);
  });
});

describe("a Kustomization's source", () => {
  it.each([
    [{ path: "./apps/prod" }, { ref: { branch: "main" } }, "https://github.com/acme/shop#main:apps/prod"],
    [{}, {}, "https://github.com/acme/shop#master:"],
    [{}, { ref: { name: "refs/heads/live" } }, "https://github.com/acme/shop#live:"],
    [{}, { ref: { branch: "main", commit: "3e9c3ab2ac8410f86a74cb38a8069410dec2b23e" } }, "pinned-revision"],
    [{}, { ref: { tag: "v1" } }, "pinned-revision"],
    [{}, { ref: { semver: ">=1.0.0" } }, "pinned-revision"],
    [{}, { ref: { name: "refs/pull/3/head" } }, "pinned-revision"],
    [{}, { include: [{ repository: { name: "base" } }] }, "multiple-sources"],
    [{ sourceRef: { kind: "OCIRepository", name: "shop" } }, {}, "not-git"],
  ])("%j of %j → %s", (spec, ref, expected) => {
    expect(inShort(kustomizationSource(kustomization(spec), repository(ref)))).toBe(expected);
  });

  it("is refused where the GitRepository is gone", () => {
    expect(inShort(kustomizationSource(kustomization({}), undefined))).toBe("no-source");
  });
});

describe("states that are no failure, and some that are", () => {
  it("leaves suspended, paused and disappearing deliveries alone", () => {
    expect(readApplication(application({}, {}, { deletionTimestamp: "2026-11-22T22:00:00Z" }), now).state.kind).toBe("suspended");
    expect(readApplication(application({}, {}, { annotations: { "argocd.argoproj.io/skip-reconcile": "true" } }), now).state.kind).toBe("suspended");
    expect(readApplication(application({}, { health: { status: "Suspended" } }), now).state.kind).toBe("suspended");
    expect(readKustomization(kustomization({ suspend: true }), { repository: undefined, failingDependents: [], now }).state.kind).toBe("suspended");
  });

  it("does not decide about an outage of the repository", () => {
    const message =
      "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = failed to list refs: authentication required";
    const { state } = readApplication(application({}, { conditions: [{ type: "ComparisonError", message, lastTransitionTime: "2026-11-22T22:10:06Z" }] }), now);
    expect(state).toMatchObject({ kind: "failing", phase: "render", decided: false });
  });

  it("forgets a failed sync once a later revision matches without one", () => {
    const operationState = { phase: "Failed", syncResult: { revision: "a".repeat(40) } };
    const later = { sync: { status: "Synced", revision: "b".repeat(40) }, health: { status: "Healthy" }, operationState };
    expect(readApplication(application({}, later), now).state.kind).toBe("healthy");
    const same = { ...later, sync: { status: "Synced", revision: "a".repeat(40) } };
    expect(readApplication(application({}, same), now).state).toMatchObject({ kind: "failing", phase: "apply" });
  });

  it("follows a dependency, and tells a missing path from a source that cannot be fetched", () => {
    const read = (reason: string, message: string) =>
      readKustomization(kustomization({ dependsOn: [{ name: "infra" }] }, { conditions: [{ type: "Ready", status: "False", reason, message }] }), {
        repository: repository({}),
        failingDependents: [],
        now,
      }).state;
    expect(read("DependencyNotReady", "dependency 'flux-system/infra' is not ready")).toMatchObject({
      kind: "waiting-for-dependency",
      on: "Kustomization/flux-system/infra",
    });
    expect(read("ArtifactFailed", "kustomization path not found: stat /tmp/x/deploy: no such file or directory")).toMatchObject({
      kind: "failing",
      phase: "render",
    });
    expect(read("ArtifactFailed", "Source artifact not found, retrying in 30s")).toMatchObject({
      kind: "waiting-for-dependency",
      on: "GitRepository/flux-system/shop",
    });
  });

  it("fails in its own right where not only a HelmRelease of it fails", () => {
    const message =
      "health check failed after 1s: failed early due to stalled resources: [HelmRelease/shop/vault status: 'Failed', Deployment/shop/api status: 'Failed']";
    const conditions = [{ type: "Ready", status: "False", reason: "HealthCheckFailed", message }];
    const context = { repository: undefined, failingDependents: ["HelmRelease/shop/vault"], now };
    expect(readKustomization(kustomization({}, { conditions }), context).state).toMatchObject({ kind: "failing", phase: "health" });
  });

  it("does not hold a HelmRelease's old error against values that are being installed now", () => {
    const release: KubeObject = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "vault", namespace: "shop", generation: 3 },
      status: {
        lastAttemptedRevision: "0.3.0",
        conditions: [
          { type: "Ready", status: "Unknown", reason: "Progressing", message: "Running 'upgrade' action with timeout of 1m0s" },
          {
            type: "Released",
            status: "False",
            reason: "UpgradeFailed",
            message: "Helm upgrade failed for release shop/vault with chart shop@0.3.0: timeout",
            observedGeneration: 2,
          },
        ],
      },
    };
    expect(helmReleaseState(release, now).kind).toBe("progressing");
  });

  it("names the other cluster, where it is one", () => {
    const reading = (destination: JsonObject) => readApplication(application({ destination }), now).elsewhere;
    expect(reading({ server: "https://kubernetes.default.svc", namespace: "shop" })).toBeUndefined();
    expect(reading({ name: "in-cluster" })).toBeUndefined();
    expect(reading({ server: "https://10.0.0.1:6443/" })).toEqual(["https://10.0.0.1:6443"]);
    expect(reading({ name: "staging" })).toEqual(["staging"]);
    expect(
      readKustomization(kustomization({ kubeConfig: { secretRef: { name: "prod" } } }), { repository: undefined, failingDependents: [], now }).elsewhere,
    ).toEqual([expect.stringMatching(/\/prod$/)]);
  });
});
