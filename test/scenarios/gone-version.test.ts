import { describe, expect, test } from "vitest";
import { type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { unknownKind } from "../../src/diagnosis/unrenderable/api-version.ts";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const SERVICE = "deploy/service.yaml";
const ARGO =
  'The Kubernetes API could not find version "v1beta1" of policy/PodDisruptionBudget for requested resource shop-27/inbox. Version "v1" of policy/PodDisruptionBudget is installed on the destination cluster.';

function budget(version: string, selector = "\n    matchLabels:\n      app: inbox"): string {
  return `---\napiVersion: ${version}\nkind: PodDisruptionBudget\nmetadata:\n  name: inbox\nspec:\n  minAvailable: 1\n  selector:${selector}\n`;
}

/** Argo CD's sync of this revision, as it says it: what it tells of the whole names nothing. */
function notSynced(application: KubeObject, revision: string, message: string): KubeObject {
  const { conditions: _, ...status } = objectAt(application, "status");
  const resource = { group: "policy", version: "v1beta1", kind: "PodDisruptionBudget", namespace: "shop-27", name: "inbox", status: "SyncFailed", message };
  const operationState = {
    ...objectAt(status, "operationState"),
    phase: "Failed",
    message: "one or more synchronization tasks are not valid (retried 2 times).",
    retryCount: 2,
    syncResult: { resources: [resource], revision },
  };
  return { ...application, status: { ...status, operationState, sync: { ...objectAt(status, "sync"), revision, status: "OutOfSync" } } };
}

async function argo(breakage: Breakage, withheld: { lastGood?: boolean } = {}, message = ARGO): Promise<string> {
  const recording = broken("shop-27", breakage);
  const objects = recording.objects.map((object) => (object.kind === "Application" ? notSynced(object, recording.scenario.bad, message) : object));
  return (await play({ ...recording, objects }, withheld)).outcome;
}

async function flux(breakage: Breakage, message: string): Promise<string> {
  const recording = broken("shop-28", breakage);
  const objects = recording.objects.map((object) => {
    const status = objectAt(object, "status");
    const failed = { status: "False", reason: "ReconciliationFailed", message };
    const conditions = listAt(status, "conditions").map((one) => (textAt(one, "type") === "Ready" ? { ...objectAt(one), ...failed } : one));
    return object.kind === "Kustomization" ? { ...object, status: { ...status, conditions } } : object;
  });
  return (await play({ ...recording, objects })).outcome;
}

describe.skipIf(RENDERERS.kind === "unavailable")("a new object in a version that Kubernetes took away", () => {
  const adds = (text: string): Breakage => ({
    [SERVICE]: (service) => `${service}${text}`,
    "deploy/deployment.yaml": (deployment) => deployment.replace("replicas: 2", "replicas: 3"),
  });

  test("asks for the successor, beside what else was wanted", async () => {
    expect(await argo(adds(budget("policy/v1beta1")))).toMatchInlineSnapshot(`
      "invalid-manifest 0.85: Line 13 of deploy/service.yaml asks for kind PodDisruptionBudget in version policy/v1beta1, which the cluster does not know any more.
      - apiVersion: policy/v1beta1
      + apiVersion: policy/v1"
    `);
  });

  test("also where nothing is known that worked", async () => {
    expect(await argo(adds(budget('"policy/v1beta1"')), { lastGood: true })).toMatchInlineSnapshot(`
      "invalid-manifest 0.85: Line 13 of deploy/service.yaml asks for kind PodDisruptionBudget in version policy/v1beta1, which the cluster does not know any more.
      - apiVersion: "policy/v1beta1"
      + apiVersion: "policy/v1""
    `);
  });

  test("is left to people where it would mean something else", async () => {
    expect(await argo(adds(budget("policy/v1beta1", " {}")))).toMatchInlineSnapshot(`
      "issue: The manifests ask for kind PodDisruptionBudget in version policy/v1beta1, which the cluster does not know.
      Correct the apiVersion of PodDisruptionBudget, or install what serves policy/v1beta1."
    `);
  });

  test("is left to people where its fields do not fit the successor", async () => {
    expect(await argo(adds(budget("policy/v1beta1").replace("minAvailable", "minAvailible")))).toMatchInlineSnapshot(`
      "issue: The manifests ask for kind PodDisruptionBudget in version policy/v1beta1, which the cluster does not know.
      Correct the apiVersion of PodDisruptionBudget, or install what serves policy/v1beta1."
    `);
  });

  test("is left to people where two ask for it", async () => {
    const both = budget("policy/v1beta1") + budget("policy/v1beta1").replace("name: inbox", "name: outbox");
    expect(await argo(adds(both))).toMatchInlineSnapshot(`
      "issue: The manifests ask for kind PodDisruptionBudget in version policy/v1beta1, which the cluster does not know.
      Correct the apiVersion of PodDisruptionBudget, or install what serves policy/v1beta1."
    `);
  });

  test("is named by its version where the cluster knows none of the kind", async () => {
    const monitor = "---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata:\n  name: inbox\nspec: {}\n";
    const message =
      'The Kubernetes API could not find monitoring.coreos.com/ServiceMonitor for requested resource shop-27/inbox. Make sure the "ServiceMonitor" CRD is installed on the destination cluster.';
    expect(await argo(adds(monitor), {}, message)).toMatchInlineSnapshot(`
      "issue: The manifests ask for kind ServiceMonitor in version monitoring.coreos.com/v1, which the cluster does not know.
      Correct the apiVersion of ServiceMonitor, or install what serves monitoring.coreos.com/v1."
    `);
  });

  test("in Flux's words", async () => {
    const job =
      '---\napiVersion: batch/v1beta1\nkind: CronJob\nmetadata:\n  name: tidy\nspec:\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: tidy\n              image: acme/tidy:1.0.0\n';
    const message = 'CronJob/shop-28/tidy dry-run failed: no matches for kind "CronJob" in version "batch/v1beta1"\n';
    expect(await flux({ "base/service.yaml": (text) => `${text}${job}` }, message)).toMatchInlineSnapshot(`
      "invalid-manifest 0.85: Line 13 of base/service.yaml asks for kind CronJob in version batch/v1beta1, which the cluster does not know any more.
      - apiVersion: batch/v1beta1
      + apiVersion: batch/v1"
    `);
  });

  test("of which the fields changed is written as the next one has them", async () => {
    const ingress =
      "---\napiVersion: extensions/v1beta1\nkind: Ingress\nmetadata:\n  name: outbox\nspec:\n  backend:\n    serviceName: outbox\n    servicePort: 80\n";
    const message = 'Ingress/shop-28/outbox dry-run failed: no matches for kind "Ingress" in version "extensions/v1beta1"\n';
    expect(await flux({ "base/service.yaml": (text) => `${text}${ingress}` }, message)).toMatchInlineSnapshot(`
      "invalid-manifest 0.85: Line 13 of base/service.yaml asks for kind Ingress in version extensions/v1beta1, which the cluster does not know any more.
      - apiVersion: extensions/v1beta1
      + apiVersion: networking.k8s.io/v1
      -   backend:
      -     serviceName: outbox
      -     servicePort: 80
      +   defaultBackend:
      +     service:
      +       name: outbox
      +       port:
      +         number: 80"
    `);
  });

  test("of which the fields changed is left to people where they do not stand on lines of their own", async () => {
    const ingress = "---\napiVersion: extensions/v1beta1\nkind: Ingress\nmetadata:\n  name: outbox\nspec:\n  backend: {serviceName: outbox, servicePort: 80}\n";
    const message = 'Ingress/shop-28/outbox dry-run failed: no matches for kind "Ingress" in version "extensions/v1beta1"\n';
    expect(await flux({ "base/service.yaml": (text) => `${text}${ingress}` }, message)).toMatchInlineSnapshot(`
      "issue: The manifests ask for kind Ingress in version extensions/v1beta1, which the cluster does not know.
      Correct the apiVersion of Ingress, or install what serves extensions/v1beta1."
    `);
  });
});

test("Helm's words name kind and version", () => {
  const message =
    'Helm install failed for release shop/inbox with chart inbox@1.0.0: unable to build kubernetes objects from release manifest: resource mapping not found for name: "inbox" namespace: "shop" from "": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"\nensure CRDs are installed first';
  expect(unknownKind(message, [])).toEqual({ kind: "PodDisruptionBudget", apiVersion: "policy/v1beta1" });
});
