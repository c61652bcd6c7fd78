import { describe, expect, it } from "vitest";
import { readApplication } from "../../src/cluster/argocd.ts";
import { readKustomization } from "../../src/cluster/flux.ts";
import { helmReleaseState, readHelmRelease } from "../../src/cluster/helm-release.ts";
import type { DeliveryReading } from "../../src/cluster/reading.ts";
import { loadRecording, type Recording, recordingIds } from "../world/recording.ts";

const now = new Date("2026-11-22T23:00:00Z");

function readingsOf({ objects }: Recording): Record<string, DeliveryReading> {
  const of = (kind: string) => objects.find((object) => object.kind === kind);
  const [application, kustomization, repository, release] = [of("Application"), of("Kustomization"), of("GitRepository"), of("HelmRelease")];
  const failingDependents =
    release && helmReleaseState(release, now).kind === "failing" ? [`HelmRelease/${release.metadata.namespace}/${release.metadata.name}`] : [];
  return {
    ...(application ? { Application: readApplication(application, now) } : {}),
    ...(kustomization ? { Kustomization: readKustomization(kustomization, { repository, failingDependents, now }) } : {}),
    ...(release ? { HelmRelease: readHelmRelease(release, { kustomization, repository, now }) } : {}),
  };
}

function rowsOf(recording: Recording): string[] {
  const { good, bad } = recording.scenario;
  return Object.entries(readingsOf(recording)).map(([kind, { state, source, revisions, managed }]) => {
    const named = (sha: string | undefined) => (sha === bad ? "bad" : sha === good ? "good" : (sha ?? "?"));
    const says = {
      healthy: () => "",
      progressing: () => "",
      suspended: () => "",
      "waiting-for-dependency": () => (state.kind === "waiting-for-dependency" ? ` on ${state.on}` : ""),
      failing: () =>
        state.kind === "failing" ? ` ${state.phase}/${state.reason}${state.decided ? " decided" : ""} since ${state.since.toISOString().slice(11, 19)}` : "",
    }[state.kind]();
    const place = source.kind === "git" ? `${source.branch}:${source.path}` : source.code;
    return `${recording.id} ${kind} ${state.kind}${says} | ${place} | ${named(revisions.lastGood)} → ${named(revisions.attempted)} | ${managed.map(({ ref }) => ref.kind).join(" ")}`;
  });
}

describe("what the live objects of real failures say", () => {
  it("reads state, place in git, revisions and managed objects", () => {
    expect(recordingIds().flatMap((id) => rowsOf(loadRecording(id)))).toMatchInlineSnapshot(`
      [
        "shop-01 Application failing health/Degraded since 22:07:42 | main:deploy | good → bad | Service Deployment",
        "shop-02 Kustomization failing health/HealthCheckFailed since 22:07:14 | main:deploy | good → bad | Service Deployment",
        "shop-03 Application failing health/Degraded since 22:08:22 | main:overlays/prod | good → bad | Service Deployment",
        "shop-04 Kustomization failing health/HealthCheckFailed since 22:07:17 | main:overlays/prod | good → bad | Service Deployment",
        "shop-05 Application failing health/Degraded since 22:07:59 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-06 Kustomization failing health/HealthCheckFailed since 22:09:15 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-07 Application failing health/Degraded since 22:08:27 | main:deploy | good → bad | Service Deployment",
        "shop-08 Application progressing | main:chart | good → bad | Service Deployment",
        "shop-09 Kustomization failing health/HealthCheckFailed since 22:07:14 | main:deploy | good → bad | Service Deployment",
        "shop-10 Application failing health/Degraded since 22:07:51 | main:overlays/prod | good → bad | Service Deployment",
        "shop-11 Kustomization failing health/HealthCheckFailed since 22:10:16 | main:deploy | good → bad | Service Deployment",
        "shop-12 Application failing health/Degraded since 22:07:49 | main:deploy | good → bad | Service Deployment",
        "shop-13 Kustomization failing health/HealthCheckFailed since 22:08:14 | main:deploy | good → bad | Service Deployment",
        "shop-14 Application failing health/Degraded since 22:08:26 | main:deploy | good → bad | Service Deployment",
        "shop-15 Kustomization failing health/HealthCheckFailed since 22:08:15 | main:deploy | good → bad | Service Deployment PersistentVolumeClaim",
        "shop-16 Application healthy | main:deploy | good → bad | Service Deployment",
        "shop-17 Kustomization healthy | main:deploy | good → bad | Service Deployment",
        "shop-18 Application failing health/Degraded since 22:08:54 | main:deploy | good → bad | Service Deployment",
        "shop-19 Kustomization failing health/HealthCheckFailed since 22:07:20 | main:deploy | good → bad | Service Deployment",
        "shop-20 Application failing health/Degraded since 22:08:58 | main:deploy | good → bad | Service Deployment",
        "shop-21 Kustomization failing health/HealthCheckFailed since 22:08:18 | main:deploy | good → bad | Service Deployment",
        "shop-22 Application progressing | main:deploy | good → bad | ResourceQuota Service Deployment",
        "shop-23 Application failing apply/SyncFailed decided since 22:06:43 | main:deploy | good → bad | Service Deployment",
        "shop-24 Kustomization failing apply/ReconciliationFailed decided since 22:07:20 | main:deploy | good → bad | Service Deployment",
        "shop-25 Kustomization healthy | main:deploy | good → bad | Service Deployment",
        "shop-26 Application failing apply/ComparisonError decided since 22:06:22 | main:deploy | good → bad | Service Deployment",
        "shop-27 Application failing render/ComparisonError decided since 22:10:06 | main:deploy | good → ? | Service Deployment",
        "shop-28 Kustomization failing render/BuildFailed decided since 22:06:29 | main:overlays/prod | good → bad | Service Deployment",
        "shop-29 Kustomization failing render/BuildFailed decided since 22:06:30 | main:overlays/prod | good → bad | Service Deployment",
        "shop-30 Application failing render/ComparisonError decided since 22:09:40 | main:chart | good → ? | Service Deployment",
        "shop-31 Application progressing | main:deploy | good → bad | Service Deployment",
        "shop-32 Kustomization failing health/HealthCheckFailed since 22:09:19 | main:deploy | good → bad | Service StatefulSet",
        "shop-33 Application failing health/Degraded since 22:07:24 | main:deploy | good → bad | Job",
        "shop-34 Kustomization failing health/HealthCheckFailed since 22:10:15 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-35 Kustomization failing health/HealthCheckFailed since 22:09:24 | main:deploy | good → bad | Service LimitRange Deployment",
        "shop-36 Application failing health/Degraded since 22:09:10 | main:deploy | good → bad | Service Deployment",
        "shop-37 Kustomization failing apply/ReconciliationFailed decided since 22:09:15 | main:overlays/prod | good → bad | Service Deployment",
        "shop-38 Kustomization waiting-for-dependency on HelmRelease/shop-38/vault | main:releases | good → bad | HelmRelease",
        "shop-38 HelmRelease failing health/UpgradeFailed decided since 22:10:20 | main:releases | good → bad | Service Deployment",
        "shop-39 Kustomization waiting-for-dependency on HelmRelease/shop-39/depot | main:releases | good → bad | HelmRelease",
        "shop-39 HelmRelease failing health/UpgradeFailed decided since 22:10:24 | main:releases | good → bad | Service Deployment",
        "shop-40 Kustomization waiting-for-dependency on HelmRelease/shop-40/kiosk | main:releases | good → bad | HelmRelease",
        "shop-40 HelmRelease failing render/UpgradeFailed decided since 22:06:29 | main:releases | good → bad | Service Deployment",
        "shop-41 Kustomization waiting-for-dependency on HelmRelease/shop-41/tower | main:releases | good → bad | ConfigMap HelmRelease",
        "shop-41 HelmRelease failing render/ValuesError decided since 22:10:30 | main:releases | good → bad | Service Deployment",
        "shop-42 Kustomization waiting-for-dependency on HelmRelease/shop-42/ferry | main:releases | good → bad | HelmRelease",
        "shop-42 HelmRelease failing health/UpgradeFailed decided since 22:09:16 | main:releases | good → bad | Service Deployment",
        "shop-43 Application healthy | main:deploy | good → bad | Service Deployment",
        "shop-44 Application healthy | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-45 Kustomization healthy | main:deploy | good → bad | Service Deployment",
        "shop-46 Kustomization failing health/HealthCheckFailed since 00:04:48 | main:deploy | good → bad | DaemonSet",
        "shop-47 Application healthy | main:deploy | good → bad | CronJob",
        "shop-48 Application failing health/Degraded since 00:05:20 | main:deploy | good → bad | Service Deployment",
        "shop-49 Kustomization failing health/HealthCheckFailed since 00:04:50 | main:deploy | good → bad | Service Deployment",
        "shop-50 Kustomization failing health/HealthCheckFailed since 00:04:50 | main:deploy | good → bad | Service Deployment",
        "shop-51 Application failing health/Degraded since 00:05:44 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-52 Kustomization failing health/HealthCheckFailed since 00:04:52 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-53 Application failing health/Degraded since 00:06:09 | main:deploy | good → bad | Service Deployment",
        "shop-54 Kustomization failing health/HealthCheckFailed since 00:08:23 | main:deploy | good → bad | Service Deployment",
        "shop-55 Application failing health/Degraded since 00:05:47 | main:deploy | good → bad | Service Deployment",
        "shop-56 Kustomization failing health/HealthCheckFailed since 00:05:50 | main:deploy | good → bad | Service Deployment",
        "shop-57 Application failing health/Degraded since 00:06:06 | main:deploy | good → bad | Service Deployment",
        "shop-59 Application failing health/Degraded since 00:20:57 | main:deploy | good → bad | Service ServiceAccount Deployment",
        "shop-60 Kustomization failing health/HealthCheckFailed since 00:19:48 | main:deploy | good → bad | Service Deployment",
        "shop-61 Application failing health/Degraded since 00:20:53 | main:deploy | good → bad | Service Deployment",
        "shop-62 Application failing health/Degraded since 00:20:26 | main:deploy | good → bad | Service Deployment",
        "shop-63 Kustomization failing health/HealthCheckFailed since 00:20:17 | main:deploy | good → bad | Service Deployment",
        "shop-64 Kustomization failing health/HealthCheckFailed since 00:17:40 | main:deploy | ? → bad | ConfigMap Service Deployment",
        "shop-65 Application suspended | main:deploy | good → bad | Service Deployment",
        "shop-66 Kustomization progressing | main:releases | good → bad | HelmRelease",
        "shop-66 HelmRelease suspended | main:releases | good → bad | Service Deployment",
        "shop-67 Application failing health/Degraded since 00:20:43 | main:deploy | good → bad | ConfigMap Service Deployment",
        "shop-68 Kustomization failing health/HealthCheckFailed since 00:20:10 | main:deploy | good → bad | Service Service Service Deployment Deployment Deployment",
        "shop-69 Application failing health/Degraded since 00:20:56 | main:deploy | good → bad | Service Deployment",
      ]
    `);
  });

  it("does not flicker while Flux tries again: once a revision failed its health checks, it fails until something else happens", () => {
    for (const id of ["shop-02", "shop-09", "shop-32", "shop-38"]) {
      const { sequence, objects } = loadRecording(id);
      const repository = objects.find((object) => object.kind === "GitRepository");
      const seen = sequence
        .filter(({ object, seconds }) => object.kind === "Kustomization" && seconds > 0)
        .map(({ object }) => readKustomization(object, { repository, failingDependents: [], now }).state.kind);
      const firstFailure = seen.findIndex((kind) => kind === "failing" || kind === "waiting-for-dependency");
      expect(firstFailure).toBeGreaterThan(0);
      expect(seen.slice(firstFailure)).not.toContain("progressing");
      expect(seen.slice(firstFailure)).not.toContain("healthy");
    }
  });

  it("keeps to a HelmRelease's own error while it rolls back and tries again", () => {
    const { sequence } = loadRecording("shop-38");
    const states = sequence.filter(({ object }) => object.kind === "HelmRelease").map(({ object }) => helmReleaseState(object, now));
    const failures = states.slice(states.findIndex((state) => state.kind === "failing" && state.reason === "UpgradeFailed"));
    expect(new Set(failures.map((state) => (state.kind === "failing" ? `${state.phase} ${state.reason}` : state.kind)))).toEqual(
      new Set(["health UpgradeFailed"]),
    );
    expect(failures.at(-1)).toMatchObject({ decided: true, message: expect.stringContaining("timeout waiting for: [Deployment/shop-38/vault") });
  });

  it("says why a failed Argo CD sync fails while it is retried, and that it is over when it is", () => {
    const states = loadRecording("shop-23")
      .sequence.filter(({ object, seconds }) => object.kind === "Application" && seconds > 0)
      .map(({ object }) => readApplication(object, now).state)
      .filter((state) => state.kind === "failing");
    expect(states.every((state) => state.message.includes("field is immutable"))).toBe(true);
    const decided = states.map((state) => state.decided);
    expect(decided.lastIndexOf(false)).toBeGreaterThanOrEqual(3);
    expect(decided.indexOf(true)).toBe(decided.lastIndexOf(false) + 1);
    expect(new Set(states.map((state) => state.since.toISOString())).size).toBe(1);
  });

  it("gives a renderer of HelmReleases the chart's path and the live spec beside the Kustomization's source", () => {
    const source = readingsOf(loadRecording("shop-41")).HelmRelease?.source;
    expect(source).toMatchObject({
      kind: "git",
      path: "releases",
      settings: {
        tool: "flux",
        namespace: "shop-41",
        helmRelease: { name: "tower", namespace: "shop-41", chartPath: "chart", spec: { valuesFrom: [{ name: "tower-values" }] } },
      },
    });
  });

  it("hands on what decides the rendering: Helm values files, Flux substitutions", () => {
    expect(readingsOf(loadRecording("shop-08")).Application?.source).toMatchObject({ settings: { helm: { valueFiles: ["../env/prod-values.yaml"] } } });
    expect(readingsOf(loadRecording("shop-37")).Kustomization?.source).toMatchObject({
      settings: { flux: { postBuild: { substitute: { region: "eu-west-1" } } } },
    });
  });
});
