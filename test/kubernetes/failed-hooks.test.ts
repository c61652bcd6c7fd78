import { expect, test } from "vitest";
import { failedHooks } from "../../src/cluster/helm-release.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";

/** A release whose last attempt ended with this message. */
function release(message: string, spec = {}): KubeObject {
  const conditions = [{ type: "Ready", status: "False", reason: "UpgradeFailed", message, observedGeneration: 2 }];
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "quay", namespace: "shop", generation: 2 },
    spec,
    status: { conditions, lastAttemptedGeneration: 2, lastAttemptedRevision: "0.7.2" },
  };
}

const named = (one: KubeObject) => failedHooks(one).map(({ ref }) => `${ref.kind} ${ref.namespace}/${ref.name}`);
const FAILED = "Helm upgrade failed for release shop/quay with chart quay@0.7.2: pre-upgrade hooks failed: ";

test("hooks that failed are named by the release itself, as Flux waits for them", () => {
  expect(named(release(`${FAILED}failed early due to stalled resources: [Job/shop/quay-schema status: 'Failed']`))).toEqual(["Job shop/quay-schema"]);
});

test("and as Helm does, in the namespace of the release", () => {
  const message = `${FAILED}1 error occurred:\n\t* job quay-schema failed: BackoffLimitExceeded\n\n`;
  expect(named(release(message))).toEqual(["Job shop/quay-schema"]);
  expect(named(release(message, { targetNamespace: "harbour" }))).toEqual(["Job harbour/quay-schema"]);
});

test("no other failure names hooks", () => {
  expect(named(release("Helm upgrade failed: timeout waiting for: [Job/shop/seed status: 'InProgress']"))).toEqual([]);
});
