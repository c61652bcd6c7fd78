import { describe, expect, it } from "vitest";
import { readApplication } from "../../src/cluster/argocd.ts";
import { applicationSource } from "../../src/cluster/argocd-source.ts";
import type { DeliverySource } from "../../src/cluster/delivery.ts";
import { readKustomization } from "../../src/cluster/flux.ts";
import { kustomizationSource } from "../../src/cluster/flux-source.ts";
import { type HelmReleaseContext, helmReleaseState, readHelmRelease } from "../../src/cluster/helm-release.ts";
import { type JsonObject, type KubeObject, listAt } from "../../src/cluster/objects.ts";
import { blockingWindow } from "../../src/cluster/sync-window.ts";

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
  if (source.kind === "refused") return source.code;
  const { url, branch, path, also = [], elsewhere = [] } = source;
  return `${url}#${branch}:${[path, ...also.map((other) => other.path)].join(" + ")}${elsewhere.length > 0 ? ` (not ${elsewhere.join(", ")})` : ""}`;
}

const repoURL = "https://github.com/acme/shop";

describe("an Application's source", () => {
  it.each<[JsonObject, string]>([
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
      "https://github.com/acme/shop#HEAD:a + b",
    ],
    [
      {
        sources: [
          { repoURL: "https://charts.example.com", chart: "redis", targetRevision: "18.0.0" },
          { repoURL, path: "b", targetRevision: "main" },
          { repoURL: "https://github.com/acme/other", path: "c" },
        ],
      },
      "https://github.com/acme/shop#main:b (not chart redis of https://charts.example.com, https://github.com/acme/other (HEAD, c))",
    ],
    [
      {
        sources: [
          { repoURL: "https://charts.example.com", chart: "redis", targetRevision: "18.0.0", helm: { valueFiles: ["$values/redis.yaml"] } },
          { repoURL, ref: "values" },
        ],
      },
      "helm-repository",
    ],
    [{ source: { repoURL, path: "deploy", targetRevision: "3e9c3ab2ac8410f86a74cb38a8069410dec2b23e" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "v1.4.0" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "1.x" } }, "pinned-revision"],
    [{ source: { repoURL, path: "deploy", targetRevision: "refs/tags/live" } }, "pinned-revision"],
    [{ source: { repoURL: "https://charts.example.com", chart: "redis", targetRevision: "18.0.0" } }, "helm-repository"],
    [{ source: { repoURL: "oci://registry.example.com/shop", path: "." } }, "not-git"],
    [{ source: { repoURL, path: "deploy", plugin: { name: "cdk8s" } } }, "plugin"],
    [{ source: { repoURL, path: "deploy", directory: { jsonnet: { extVars: [{ name: "env", value: "prod" }] } } } }, "jsonnet"],
    [{ source: { repoURL, path: "deploy", directory: { jsonnet: {} } } }, "https://github.com/acme/shop#HEAD:deploy"],
    [
      {
        sourceHydrator: { drySource: { repoURL, path: "deploy", targetRevision: "main" }, syncSource: { targetBranch: "env/prod", path: "deploy" } },
      },
      "https://github.com/acme/shop#main:deploy",
    ],
    [{}, "no-source"],
  ])("%j → %s", (spec, expected) => {
    expect(inShort(applicationSource(application(spec)))).toBe(expected);
  });
});

describe("what no fix in git would reach, or would stay in", () => {
  it.each([
    [{ "argocd.argoproj.io/skip-reconcile": "true" }, "suspended"],
    [{ "kargo.akuity.io/authorized-stage": "shop:prod" }, "rendered-branch"],
  ])("an Application with %j → %s", (annotations, expected) => {
    expect(inShort(applicationSource(application({ source: { repoURL, path: "deploy" } }, {}, { annotations })))).toBe(expected);
  });

  it("a suspended Kustomization or GitRepository", () => {
    expect(inShort(kustomizationSource(kustomization({ suspend: true }), repository({})))).toBe("suspended");
    expect(inShort(kustomizationSource(kustomization({}), repository({ suspend: true })))).toBe("suspended");
  });

  it("names the images that an updater writes", () => {
    const annotations = { "argocd-image-updater.argoproj.io/image-list": "shop=acme/shop:~1.4, registry:5000/side" };
    const source = applicationSource(application({ source: { repoURL, path: "deploy" } }, {}, { annotations }));
    expect(source.kind === "git" && source.settings.updatedImages).toEqual(["acme/shop", "registry:5000/side"]);
  });
});

describe("a HelmRelease's source", () => {
  const applied = kustomization({ path: "./releases" });
  const release = (spec: JsonObject): KubeObject => ({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "shop", namespace: "flux-system" },
    spec,
  });
  const chartOf = (sourceRef: JsonObject) => ({ chart: { spec: { chart: "./charts/shop", sourceRef } } });
  const read = (spec: JsonObject, context: Partial<HelmReleaseContext> = {}) => {
    const { source } = readHelmRelease(release(spec), { kustomization: applied, repository: repository({ ref: { branch: "main" } }), now, ...context });
    return source.kind === "git" ? `${inShort(source)} with ${source.settings.helmRelease?.chartPath}` : source.code;
  };

  it.each([
    [chartOf({ kind: "GitRepository", name: "shop" }), {}, "https://github.com/acme/shop#main:releases with charts/shop"],
    [chartOf({ kind: "GitRepository", name: "shop", namespace: "other" }), {}, "chart-elsewhere"],
    [
      chartOf({ kind: "GitRepository", name: "same", namespace: "other" }),
      { chartRepository: repository({ url: "https://github.com/acme/shop.git", ref: { branch: "main" } }) },
      "https://github.com/acme/shop#main:releases with charts/shop",
    ],
    [chartOf({ kind: "GitRepository", name: "old" }), { chartRepository: repository({ ref: { branch: "old" } }) }, "chart-elsewhere"],
    [chartOf({ kind: "HelmRepository", name: "bitnami" }), {}, "helm-repository"],
    [{ chartRef: { kind: "OCIRepository", name: "podinfo" } }, {}, "helm-repository"],
    [{ chartRef: { kind: "HelmChart", name: "shop" } }, { chart: undefined }, "helm-repository"],
    [
      { chartRef: { kind: "HelmChart", name: "shop" } },
      { chart: { ...release({ chart: "charts/shop", sourceRef: { kind: "GitRepository", name: "shop" } }), kind: "HelmChart" } },
      "https://github.com/acme/shop#main:releases with charts/shop",
    ],
    [chartOf({ kind: "GitRepository", name: "shop" }), { kustomization: undefined }, "no-source"],
    [chartOf({ kind: "GitRepository", name: "shop" }), { kustomization: kustomization({ suspend: true }) }, "suspended"],
  ])("%j with %j → %s", (spec, context, expected) => {
    expect(read(spec, context)).toBe(expected);
  });
});

describe("a sync window", () => {
  const window = (more: JsonObject) => ({ kind: "deny", schedule: "0 22 * * *", duration: "2h", applications: ["*"], ...more });
  it.each([
    [[window({})], "deny 0 22 * * * 2h"],
    [[window({ schedule: "0 20 * * *" })], "none"],
    [[window({ duration: "30m" })], "none"],
    [[window({ applications: ["web-*"] })], "none"],
    [[window({ applications: ["sh*p"] })], "deny 0 22 * * * 2h"],
    [[window({ applications: ["web-*"], namespaces: ["prod"] })], "deny 0 22 * * * 2h"],
    [[window({ applications: ["web-*"], namespaces: ["prod"], andOperator: true })], "none"],
    [[window({ applications: [], clusters: ["https://kubernetes.default.svc"] })], "deny 0 22 * * * 2h"],
    [[window({ schedule: "0 23 * * *", timeZone: "Europe/Berlin" })], "deny 0 23 * * * 2h"],
    [[window({ kind: "allow" })], "none"],
    [[window({ kind: "allow", schedule: "0 6 * * 1-5" })], "allow 0 6 * * 1-5 2h"],
    [[window({ kind: "allow", schedule: "0 6 * * *" }), window({ kind: "allow", schedule: "30 22 * * *" })], "none"],
    [[window({ schedule: "no schedule" })], "none"],
    [[], "none"],
  ])("%j at 23:00 UTC → %s", (syncWindows, expected) => {
    const project: KubeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "default" }, spec: { syncWindows } };
    const found = blockingWindow(project, application({ destination: { server: "https://kubernetes.default.svc", namespace: "prod" } }), now);
    expect(found ? `${found.kind} ${found.schedule} ${found.duration}` : "none").toBe(expected);
  });
});

describe("a hydrated Application's revisions", () => {
  const [dry, wet] = ["d".repeat(40), "e".repeat(40)];
  const read = (hydratedSHA: string) =>
    readApplication(
      application(
        { sourceHydrator: { drySource: { repoURL, path: "deploy" } } },
        {
          sync: { status: "Synced", revision: wet },
          history: [{ revision: "f".repeat(40) }],
          sourceHydrator: { lastSuccessfulOperation: { drySHA: dry, hydratedSHA } },
        },
      ),
      now,
    ).revisions;

  it("are those of the dry source, where the status says which commit was hydrated", () => {
    expect(read(wet)).toEqual({ attempted: dry });
    expect(read("a".repeat(40))).toEqual({});
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

  it.each([
    [
      "DependencyNotReady",
      "unable to get 'shop/database' dependency: helmreleases.helm.toolkit.fluxcd.io \"database\" not found",
      { kind: "failing", phase: "apply", decided: false },
    ],
    ["DependencyNotReady", "dependency 'shop/database' is not ready", { kind: "waiting-for-dependency" }],
    [
      "SourceNotReady",
      "HelmChart 'flux-system/shop-api' is not ready: invalid chart reference: stat /tmp/x/charts: no such file or directory",
      { kind: "failing", phase: "render", decided: true },
    ],
    [
      "SourceNotReady",
      "HelmChart 'flux-system/shop-api' is not ready: failed to get source: GitRepository.source.toolkit.fluxcd.io \"shops\" not found",
      { kind: "failing", phase: "apply" },
    ],
    [
      "SourceNotReady",
      "HelmChart 'flux-system/shop-api' is not ready: latest generation of object has not been reconciled",
      { kind: "waiting-for-dependency" },
    ],
  ])("tells what a HelmRelease waits for from what will never be there: %s, %s", (reason, message, state) => {
    const conditions = [{ type: "Ready", status: "False", reason, message }];
    const release: KubeObject = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "api", namespace: "shop" },
      status: { conditions },
    };
    expect(helmReleaseState(release, now)).toMatchObject(state);
  });

  it("takes what a sync tries for what is attempted while it waits for a hook, or for a wave: they may never end", () => {
    const [good, tried] = ["a".repeat(40), "b".repeat(40)];
    const read = ({ phase = "Running", message = "waiting for completion of hook batch/Job/migrate", health = "Healthy" }) =>
      readApplication(
        application(
          {},
          {
            health: { status: health },
            sync: { status: "OutOfSync", revision: tried },
            history: [{ revision: good, deployedAt: "2026-11-29T08:00:00Z" }],
            operationState: { phase, message, syncResult: { revision: tried } },
          },
        ),
        now,
      ).revisions;
    expect(read({})).toMatchObject({ attempted: tried, lastGood: good });
    expect(read({ message: "waiting for healthy state of apps/StatefulSet/store and 1 more resources", health: "Progressing" })).toMatchObject({
      attempted: tried,
    });
    expect(read({ phase: "Succeeded" })).toMatchObject({ attempted: good });
    // What fails beside them may still be of the revision before.
    expect(read({ health: "Degraded" })).toMatchObject({ attempted: good });
    expect(read({ message: "" })).toMatchObject({ attempted: good });
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
    const [, released] = listAt(release, "status", "conditions");
    const ready = { type: "Ready", status: "False", reason: "RollbackSucceeded", message: "Helm rollback to previous release shop/vault.v2 succeeded" };
    const conditions = [ready, released ?? null];
    expect(helmReleaseState({ ...release, status: { lastAttemptedRevision: "0.3.1", conditions } }, now).kind).toBe("progressing");
    const stalled = [...conditions, { type: "Stalled", status: "True", reason: "RetriesExceeded", message: "" }];
    expect(helmReleaseState({ ...release, status: { lastAttemptedRevision: "0.3.1", conditions: stalled } }, now).kind).toBe("failing");
  });

  it("does not hold an attempt that ends after the values changed against the new ones, although the controller stamps it with their generation", () => {
    const outcome = { status: "False", reason: "UpgradeFailed", message: "Helm upgrade failed for release shop/vault with chart shop@0.3.0: timeout" };
    const ended = (lastAttemptedGeneration: number, { status, reason, message } = outcome): KubeObject => ({
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "vault", namespace: "shop", generation: 3 },
      status: {
        lastAttemptedGeneration,
        lastAttemptedRevision: "0.3.0",
        conditions: ["Ready", "Released"].map((type) => ({ type, status, reason, message, observedGeneration: 3 })),
      },
    });
    expect(helmReleaseState(ended(2), now).kind).toBe("progressing");
    expect(helmReleaseState(ended(3), now).kind).toBe("failing");
    expect(helmReleaseState(ended(2, { status: "True", reason: "UpgradeSucceeded", message: "" }), now).kind).toBe("progressing");
    // What keeps the controller from an attempt is about the values of now.
    expect(helmReleaseState(ended(2, { status: "False", reason: "ValuesError", message: "could not find values" }), now).kind).toBe("failing");
  });

  it("does not hold a HelmRelease's error against a revision that its Kustomization is only about to apply", () => {
    const commit = (letter: string) => `main@sha1:${letter.repeat(40)}`;
    const carrying = (message: string, history: string): KubeObject => ({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "shop", namespace: "flux-system" },
      status: {
        lastAttemptedRevision: commit("b"),
        history: [{ metadata: { revision: commit(history) } }],
        conditions: [
          { type: "Ready", status: "Unknown", reason: "Progressing", message: "Reconciliation in progress" },
          { type: "Reconciling", status: "True", reason: "Progressing", message: `${message} for revision ${commit("b")} with a timeout of 30s` },
        ],
      },
    });
    const release: KubeObject = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "vault", namespace: "shop", generation: 2 },
      status: { lastAttemptedGeneration: 2, conditions: [{ type: "Ready", status: "False", reason: "UpgradeFailed", message: "timeout" }] },
    };
    const stateUnder = (kustomization: KubeObject) => readHelmRelease(release, { kustomization, repository: undefined, now }).state.kind;
    expect(stateUnder(carrying("Building manifests", "a"))).toBe("progressing");
    expect(stateUnder(carrying("Detecting drift", "a"))).toBe("progressing");
    expect(stateUnder(carrying("Running health checks", "a"))).toBe("failing");
    expect(stateUnder(carrying("Building manifests", "b"))).toBe("failing");
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
