import { describe, expect, it } from "vitest";
import { type KubeObject, listAt, numberAt, refOf, textAt } from "../../src/cluster/objects.ts";
import { createDiagnostician } from "../../src/diagnosis/diagnose.ts";
import type { DiagnosisInput, Finding } from "../../src/diagnosis/diagnosis.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording, type Recording, recordingIds } from "../world/recording.ts";
import { isSampled } from "../world/sample.ts";
import { caseOf, hasHelm, hasKustomize } from "./case.ts";

const RECORDINGS = recordingIds().map(loadRecording);
const needs = (recording: Recording, file: string) => Object.keys(recording.after).some((path) => path.endsWith(file));
const HELM = RECORDINGS.filter((recording) => needs(recording, "Chart.yaml"));
const KUSTOMIZE = RECORDINGS.filter((recording) => needs(recording, "kustomization.yaml") && !HELM.includes(recording));
const PLAIN = RECORDINGS.filter((recording) => !HELM.includes(recording) && !KUSTOMIZE.includes(recording));

const VOLUME = JSON.stringify({ name: "config", configMap: { name: "cart-config" } });

const cases = new Map<string, ReturnType<typeof caseOf>>();

/** The case of a recording as it is, read once for all tests here. */
function plainCase(recording: Recording): ReturnType<typeof caseOf> {
  const known = cases.get(recording.id) ?? caseOf(recording);
  cases.set(recording.id, known);
  return known;
}

/** One line a recording: what the playbook says, and what becomes of it. */
async function line(recording: Recording): Promise<string> {
  const input = await plainCase(recording);
  if (!input) return `${recording.id}  silent`;
  const diagnosis = await createDiagnostician({ engine: "playbook", random: () => "m" }).diagnose(input);
  if (diagnosis.kind === "unusable") throw new Error("the playbook has no unusable answers");
  const [said, rest] = diagnosis.kind === "fix" ? [diagnosis.proposal, diagnosis.proposal.words.join("; ")] : [diagnosis, diagnosis.reason];
  return `${recording.id}  ${diagnosis.kind}  ${said.failureClass}  ${said.confidence}\n    ${said.rootCause}\n    ${rest}`;
}

async function table(recordings: readonly Recording[]): Promise<string> {
  const lines: string[] = [];
  for (const recording of recordings) lines.push(await line(recording));
  return `\n${lines.join("\n")}\n`;
}

describe("what the playbook makes of the recorded failures", () => {
  it("in plain manifests", { timeout: 120_000 }, async () => {
    expect(await table(PLAIN)).toMatchInlineSnapshot(`
      "
      shop-01  fix  image-not-found  0.95
          Container checkout of Deployment shop-01/checkout asks for image acme/checkout:1.4.7, which does not exist.
          Set containers[name=checkout].image of Deployment shop-01/checkout from acme/checkout:1.4.7 to acme/checkout:1.4.1, as at 3e9c3ab2, the last good revision
      shop-02  fix  image-not-found  0.95
          Container catalog of Deployment shop-02/catalog asks for image acme/catalogue:1.4.0, which does not exist.
          Set containers[name=catalog].image of Deployment shop-02/catalog from acme/catalogue:1.4.0 to acme/catalog:1.4.0, as at 93870175, the last good revision
      shop-05  fix  config-missing  0.95
          Container cart of Deployment shop-05/cart refers to ConfigMap cart-settings, which does not exist.
          Refer to ConfigMap cart-config instead of cart-settings: which holds what it held at the last good revision
      shop-06  fix  config-key-missing  0.95
          Container pricing of Deployment shop-06/pricing asks ConfigMap rates for key baseCurrency, which it does not have.
          Set containers[name=pricing].env[name=CURRENCY].valueFrom.configMapKeyRef.key of Deployment shop-06/pricing from baseCurrency to base-currency, as at 69da2e58, the last good revision
      shop-07  escalate  secret-missing  0.95
          Container ledger of Deployment shop-07/ledger refers to Secret ledger-credentials, which does not exist.
          secret values are never written by the bot
      shop-09  fix  readiness-probe  0.95
          Container profile of Deployment shop-09/profile never becomes ready: its readiness probe asks /readyz on port 9090 and nothing answers there.
          Set containers[name=profile].readinessProbe.httpGet.port of Deployment shop-09/profile from 9090 to http, as at f37fe664, the last good revision
      shop-11  fix  command-not-found  0.95
          Container basket of Deployment shop-11/basket starts /bin/shopd, which the image acme/checkout:1.4.1 does not have.
          Set containers[name=basket].command[0] of Deployment shop-11/basket from /bin/shopd to /bin/shop, as at 66c33cc5, the last good revision
      shop-12  fix  crash-on-start  0.95
          Container gateway of Deployment shop-12/gateway ends because it does not know its argument "server".
          Set containers[name=gateway].args[0] of Deployment shop-12/gateway from server to serve, as at 9d520387, the last good revision
      shop-13  fix  unschedulable-resources  0.95
          No node has room for container render of Deployment shop-13/render, which requests 20 cpu.
          Set containers[name=render].resources.requests.cpu of Deployment shop-13/render from 20 to 20m, as at 237f2656, the last good revision
      shop-14  fix  unschedulable-placement  0.95
          No node is where Deployment shop-14/batcher wants to run (node label pool=spot-v2).
          Remove spec.template.spec.nodeSelector of Deployment shop-14/batcher ({"pool":"spot-v2"}), as at 2fc6e5de, the last good revision
      shop-15  escalate  volume-unbound  0.95
          Deployment shop-15/uploads waits for a volume (claim uploads): StorageClass fast-ssd does not exist.
          a claim's storage class and access modes cannot be changed once it exists, and deleting a claim deletes data
      shop-16  fix  service-no-endpoints  0.95
          Service shop-16/reviews selects pods with app=review, and no pod of this delivery has these labels.
          Set spec.selector.app of Service shop-16/reviews from review to reviews, as at 5cdb84ed, the last good revision
      shop-17  fix  service-port  0.95
          Service shop-17/wishlist sends to target port "web", and no container of its pods has a port of that name.
          Set spec.ports[name=http].targetPort of Service shop-17/wishlist from web to http, as at 10e9e544, the last good revision
      shop-18  fix  crash-on-start  0.95
          Container orders of Deployment shop-18/orders needs environment variable DATABASE_URL, which is no longer set.
          Add containers[name=orders].env[name=DATABASE_URL] of Deployment shop-18/orders, as at cf974ab0, the last good revision
      shop-19  escalate  run-as-root-image  0.95
          Container invoice of Deployment shop-19/invoice must not run as root (runAsNonRoot), but its image acme/checkout:1.4.1 does.
          no user id is known with which this image works, and the bot does not take runAsNonRoot back
      shop-20  fix  crash-on-start  0.85
          Container sessions of Deployment shop-20/sessions writes /tmp/state, but its root file system is read-only.
          Mount an emptyDir at /tmp, where the program writes; the root file system stays read-only
      shop-21  fix  crash-on-start  0.95
          Container migrate of Deployment shop-21/billing needs environment variable DATABASE_URL, which is no longer set.
          Add initContainers[name=migrate].env of Deployment shop-21/billing, as at 73967055, the last good revision
      shop-22  escalate  quota  0.95
          ResourceQuota team has no room for more pods of Deployment shop-22/promo (requested: pods=1).
          how many pods run, and how large the quota is, are decisions of people
      shop-23  fix  invalid-manifest  0.95
          The API server refuses Deployment shop-23/loyalty: spec.selector cannot be changed once the object exists.
          Remove spec.selector.matchLabels.tier of Deployment shop-23/loyalty (web), as the object in the cluster has it; Not part of this change: what the commit wanted there cannot be applied to an object that exists; delete Deployment loyalty with --cascade=orphan and let it be made anew, at a time of your choice
      shop-24  fix  invalid-manifest  0.95
          The API server refuses Deployment shop-24/coupons: spec.selector cannot be changed once the object exists.
          Remove spec.selector.matchLabels.tier of Deployment shop-24/coupons (web), as the object in the cluster has it; Not part of this change: what the commit wanted there cannot be applied to an object that exists; delete Deployment coupons with --cascade=orphan and let it be made anew, at a time of your choice
      shop-25  silent
      shop-26  fix  invalid-manifest  0.95
          The API server refuses Deployment shop-26/tax: it has a misspelt or misplaced field (containerPort).
          Add containers[name=tax].ports[name=http].containerPort of Deployment shop-26/tax: 8080, as at d91ca9af, the last good revision; Remove containers[name=tax].ports[name=http].containerport of Deployment shop-26/tax (8080), as at d91ca9af, the last good revision
      shop-27  fix  render-failed  0.95
          Line 31 of deploy/deployment.yaml is indented wrongly, so that the file is no valid YAML.
          Put line 31 of deploy/deployment.yaml back as a8f5eff9 has it
      shop-31  fix  crash-on-start  0.65
          Container rating of Deployment shop-31/rating ends with: time=2026-11-22T22:13:16.065Z level=ERROR msg="panic: nil pointer in checkout.total()", 6 s after its start: FAIL_AFTER_SECONDS, which changed, says just that.
          Remove containers[name=rating].env[name=FAIL_AFTER_SECONDS] of Deployment shop-31/rating, as at 48e90cf2, the last good revision
      shop-32  fix  image-not-found  0.95
          Container queue of StatefulSet shop-32/queue asks for image acme/worker:1.5.0, which does not exist.
          Set containers[name=queue].image of StatefulSet shop-32/queue from acme/worker:1.5.0 to acme/worker:1.4.1, as at 78701b57, the last good revision
      shop-33  fix  job-failed  0.95
          Container import of Job shop-33/import-2 ends because it does not know its argument "migrat".
          Set containers[name=import].args[0] of Job shop-33/import-2 from migrat to migrate, as at 93cd64f6, the last good revision
      shop-34  fix  image-not-found  0.95
          Container stock of Deployment shop-34/stock asks for image acme/checkout:1.4.9, which does not exist.
          Set containers[name=stock].image of Deployment shop-34/stock from acme/checkout:1.4.9 to acme/checkout:1.4.1, as at 361cc0e1, the last good revision
      shop-35  fix  limit-range  0.95
          The namespace's LimitRange allows a maximum of 256Mi memory per container, and container thumbs of Deployment shop-35/thumbs sets 512Mi.
          Set containers[name=thumbs].resources.limits.memory of Deployment shop-35/thumbs from 512Mi to 128Mi, as at 285d444f, the last good revision
      shop-36  fix  pod-security  0.95
          The namespace's Pod Security level "baseline:latest" refuses container scanner of Deployment shop-36/scanner: privileged (container "scanner" must not set securityContext.privileged=true).
          Remove containers[name=scanner].securityContext.privileged of Deployment shop-36/scanner (true), as at aba2ccfc, the last good revision
      shop-43  silent
      shop-44  silent
      shop-45  silent
      shop-46  fix  image-not-found  0.95
          Container agent of DaemonSet shop-46/agent asks for image acme/worker:1.4.10, which does not exist.
          Set containers[name=agent].image of DaemonSet shop-46/agent from acme/worker:1.4.10 to acme/worker:1.4.1, as at 39a872b0, the last good revision
      shop-47  fix  job-failed  0.95
          Container nightly of CronJob shop-47/nightly needs environment variable DATABASE_URL, which is no longer set.
          Add containers[name=nightly].env[name=DATABASE_URL] of CronJob shop-47/nightly, as at 3addab2c, the last good revision
      shop-48  fix  image-not-found  0.95
          Container metrics of Deployment shop-48/gifts asks for image acme/worker:1.3.9, which does not exist.
          Set containers[name=metrics].image of Deployment shop-48/gifts from acme/worker:1.3.9 to acme/worker:1.4.0, as at be5138cf, the last good revision
      shop-49  fix  out-of-memory  0.95
          Container warm of Deployment shop-49/prices needs more memory than its limit of 16Mi and is killed.
          Set initContainers[name=warm].resources.limits.memory of Deployment shop-49/prices from 16Mi to 64Mi, as at cbed5558, the last good revision
      shop-50  fix  image-not-found  0.95
          Container labels of Deployment shop-50/labels asks for image acme/checkout@sha256:3b1f4c6f0a9d5f8b7e2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f, which does not exist.
          Set containers[name=labels].image of Deployment shop-50/labels from acme/checkout@sha256:3b1f4c6f0a9d5f8b7e2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f to acme/checkout:1.4.1, as at ee444cfa, the last good revision
      shop-51  fix  config-missing  0.95
          Deployment shop-51/motd refers to ConfigMap motd-config, which does not exist.
          Set spec.template.spec.volumes[name=conf].configMap.name of Deployment shop-51/motd from motd-config to motd-conf, as at 12113279, the last good revision
      shop-52  fix  config-key-missing  0.95
          Deployment shop-52/tickets asks ConfigMap tickets-conf for key application.conf, which it does not have.
          Set spec.template.spec.volumes[name=conf].configMap.items[0].key of Deployment shop-52/tickets from application.conf to app.conf, as at fed3127a, the last good revision
      shop-53  fix  startup-probe  0.95
          Container media of Deployment shop-53/media is killed again and again: its startup probe asks /healthz on port http and nothing answers there.
          Set containers[name=media].startupProbe.failureThreshold of Deployment shop-53/media from 2 to 20, as at 6a39b694, the last good revision
      shop-54  fix  liveness-probe  0.95
          Container alerts of Deployment shop-54/alerts is killed again and again: its liveness probe asks /healthz on port 8081 and nothing answers there.
          Set containers[name=alerts].livenessProbe.httpGet.port of Deployment shop-54/alerts from 8081 to http, as at 1731d764, the last good revision
      shop-55  fix  readiness-probe  0.95
          Container seats of Deployment shop-55/seats never becomes ready: its readiness probe asks its command and it gets no good answer in time.
          Set containers[name=seats].readinessProbe.exec.command of Deployment shop-55/seats from ["/bin/healthcheck"] to ["/bin/shop","migrate"], as at 1ea0c076, the last good revision
      shop-56  fix  command-not-found  0.95
          Container maps of Deployment shop-56/maps starts ./shop, which the image acme/checkout:1.4.1 does not have.
          Set containers[name=maps].workingDir of Deployment shop-56/maps from /srv/shop to /bin, as at 7ff7a7d6, the last good revision
      shop-57  fix  out-of-memory  0.95
          Container feeds of Deployment shop-57/feeds needs more memory than its limit of 64Mi and is killed.
          Set containers[name=feeds].resources.limits.memory of Deployment shop-57/feeds from 64Mi to 256Mi, as at 8b387e16, the last good revision
      shop-59  fix  service-account-missing  0.95
          Deployment shop-59/returns runs as ServiceAccount returns, which does not exist.
          Set spec.template.spec.serviceAccountName of Deployment shop-59/returns from returns to returns-web, as at b273696c, the last good revision
      shop-60  fix  unschedulable-placement  0.95
          No node is where Deployment shop-60/images wants to run.
          Set spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0] of Deployment shop-60/images from arm64 to amd64, as at 6fcbcaa1, the last good revision
      shop-61  fix  unschedulable-placement  0.95
          No node is where Deployment shop-61/guide wants to run.
          Set spec.template.spec.topologySpreadConstraints[0].topologyKey of Deployment shop-61/guide from topology.kubernetes.io/zone to kubernetes.io/hostname, as at aa8dd075, the last good revision
      shop-62  fix  unschedulable-resources  0.95
          No node has room for container sitemap of Deployment shop-62/sitemap, which requests 96Gi memory.
          Set containers[name=sitemap].resources.requests.memory of Deployment shop-62/sitemap from 96Gi to 32Mi, as at 1c615e83, the last good revision; Set containers[name=sitemap].resources.limits.memory of Deployment shop-62/sitemap from 96Gi to 128Mi, as at 1c615e83, the last good revision
      shop-63  fix  out-of-memory  0.95
          Container cache of Deployment shop-63/lists needs more memory than its limit of 48Mi and is killed.
          Set containers[name=cache].resources.limits.memory of Deployment shop-63/lists from 48Mi to 160Mi, as at ea490b03, the last good revision
      shop-64  fix  config-missing  0.75
          Container shelf of Deployment shop-64/shelf refers to ConfigMap shelf-setings, which does not exist.
          Refer to ConfigMap shelf-settings instead of shelf-setings: the only near match that exists
      shop-65  silent
      shop-67  fix  volume-mount  0.95
          Container badges of Deployment shop-67/badges reads /etc/shop/app.conf, and the volume that holds it is mounted elsewhere now.
          Set containers[name=badges].volumeMounts[name=conf].mountPath of Deployment shop-67/badges from /etc/badges to /etc/shop, as at d09e47ef, the last good revision
      shop-68  fix  image-not-found  0.95
          Container ratings of Deployment shop-68/ratings asks for image acme/catalog:1.42, which does not exist.
          Set containers[name=ratings].image of Deployment shop-68/ratings from acme/catalog:1.42 to acme/catalog:1.4.1, as at c54675e7, the last good revision
      shop-69  fix  readiness-probe  0.95
          Container themes of Deployment shop-69/themes never becomes ready: its readiness probe asks /readyz on port http and it gets no good answer in time.
          Remove containers[name=themes].readinessProbe.httpGet.scheme of Deployment shop-69/themes (HTTPS), as at 78da7eea, the last good revision
      "
    `);
  });

  it.skipIf(!hasKustomize)("in kustomize overlays", async () => {
    expect(await table(KUSTOMIZE)).toMatchInlineSnapshot(`
      "
      shop-03  fix  image-not-found  0.95
          Container listing of Deployment shop-03/listing asks for "acme/catalog:1.4.2 beta", which is no valid image name.
          Set containers[name=listing].image of Deployment shop-03/listing from acme/catalog:1.4.2 beta to acme/catalog:1.4.1, as at 94b5451f, the last good revision
      shop-04  fix  out-of-memory  0.95
          Container search of Deployment shop-04/search needs more memory than its limit of 96Mi and is killed.
          Set containers[name=search].resources.limits.memory of Deployment shop-04/search from 96Mi to 256Mi, as at e1382628, the last good revision
      shop-10  fix  liveness-probe  0.75
          Container reports is killed after about 10 s while it is still starting: the livenessProbe gives it no more time.
          Allow 60 s for the start: livenessProbe.initialDelaySeconds 50; the probe is as strict as before then
      shop-28  fix  render-failed  0.95
          Line 17 of base/deployment.yaml is indented with a tab, so that the file is no valid YAML.
          Put line 17 of base/deployment.yaml back as f2008c33 has it
      shop-29  fix  render-failed  0.95
          Line 5 of base/kustomization.yaml keeps the manifests from being built: it refers to file svc.yaml, which does not exist.
          Put line 5 of base/kustomization.yaml back as ef0d99f3 has it
      shop-37  fix  invalid-manifest  0.75
          The API server refuses Deployment shop-37/banner: spec.template.spec.containers[name="banner"].env[name="CACHE_MB"].value has a value of the wrong type.
          Remove containers[name=banner].env[name=CACHE_MB] of Deployment shop-37/banner, as at f59bdbc2, the last good revision
      "
    `);
  });

  it.skipIf(!hasHelm || !hasKustomize)("in Helm charts", async () => {
    expect(await table(HELM)).toMatchInlineSnapshot(`
      "
      shop-08  fix  liveness-probe  0.95
          Container shop of Deployment shop-08/shop-08 is killed again and again: its liveness probe asks /health on port http and the answer is 404.
          Set containers[name=shop].livenessProbe.httpGet.path of Deployment shop-08/shop-08 from /health to /healthz, as at 2aec926b, the last good revision
      shop-30  fix  render-failed  0.95
          3 lines are gone at line 6 of chart/values.yaml, and the manifests cannot be built since: executing "shop/templates/deployment.yaml" at <.Values.probes.liveness>: nil pointer evaluating interface {}.liveness.
          Put 3 lines back at line 6 of chart/values.yaml, as fae60cf9 has it
      shop-38  fix  image-not-found  0.95
          Container shop of Deployment shop-38/vault asks for image acme/payments:1.6.0, which does not exist.
          Set containers[name=shop].image of Deployment shop-38/vault from acme/payments:1.6.0 to acme/payments:1.4.1, as at 51dbd801, the last good revision
      shop-39  escalate  out-of-memory  0.5
          Container shop of Deployment shop-39/depot crashed, and its pods are gone; all that changed is its memory limit, which was lowered to 64Mi.
          this is only a guess
      shop-40  fix  helm-failed  0.95
          Line 9 of chart/templates/service.yaml changed, and the manifests cannot be built since: executing "shop/templates/service.yaml" at <.Values.service.port>: nil pointer evaluating interface {}.port.
          Put line 9 of chart/templates/service.yaml back as 85c8f68c has it
      shop-41  fix  helm-failed  0.85
          Line 19 of releases/tower.yaml refers to ConfigMap tower-values, which does not exist under that name any more.
          Refer to tower-settings instead of tower-values in releases/tower.yaml
      shop-42  fix  crash-on-start  0.65
          Container shop of Deployment shop-42/ferry crashed, and its pods are gone; it worked before, since 834d9a90 ("Drop unused value"), and nothing but the change itself speaks for a cause.
          Add containers[name=shop].env[name=HARBOUR] of Deployment shop-42/ferry, as at 2c2362ae, the last good revision
      shop-66  silent
      "
    `);
  });
});

/** Class and changes without names, to compare recordings that differ in names only. */
function essence(findings: readonly { finding: Finding }[]): string[] {
  return findings.map(({ finding: { failureClass, confidence, action } }) => {
    const changes =
      action.kind === "fix"
        ? action.changes.map(({ path }) => formatPath(path).replaceAll(/=[^\]]*\]/g, "=…]"))
        : action.kind === "repair"
          ? action.files.map(({ path }) => path)
          : [action.reason.replaceAll(/shop\w*|zulu\w*/g, "")];
    return `${failureClass} ${confidence} ${changes.join(" ")}`;
  });
}

const SAMPLED = PLAIN.map((recording) => recording.id).filter((id) => isSampled(id, 2));

describe("the playbook goes by signals, not by names", () => {
  it.each(SAMPLED)("%s, renamed all through", async (id) => {
    const recording = loadRecording(id);
    const workload = recording.objects.find(({ kind }) => ["Deployment", "StatefulSet", "Job"].includes(kind));
    const renamed = withTexts(recording, [
      [workload ? refOf(workload).name.replace(/-\d$/, "") : "none", "zulu"],
      [id, "zulu-land"],
    ]);
    const [before, after] = [await plainCase(recording), await caseOf(renamed)];
    expect(after && essence(consultPlaybook(after))).toEqual(before && essence(consultPlaybook(before)));
  });

  it.each(SAMPLED)("%s, with loud events and logs of pods that work", async (id) => {
    const recording = loadRecording(id);
    const decoyed = { ...recording, objects: [...recording.objects, ...decoys(recording)], logs: shouting(recording) };
    const [before, after] = [await plainCase(recording), await caseOf(decoyed)];
    expect(after && essence(consultPlaybook(after))).toEqual(before && essence(consultPlaybook(before)));
  });
});

function withTexts(recording: Recording, replaced: readonly [string, string][]): Recording {
  const text = replaced.reduce((now, [from, to]) => now.replaceAll(from, to), JSON.stringify(recording));
  return JSON.parse(text);
}

function readyPods(recording: Recording): KubeObject[] {
  return recording.objects.filter(
    ({ kind, status }) =>
      kind === "Pod" && listAt(status ?? null, "containerStatuses").every((container) => JSON.stringify(container).includes('"ready":true')),
  );
}

/** Events of every other kind of failure, about the pods of the good rollout. */
function decoys(recording: Recording): KubeObject[] {
  const notes: [string, string][] = [
    ["Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404"],
    ["Failed", 'Failed to pull image "acme/other:9": not found'],
    ["FailedMount", 'MountVolume.SetUp failed for volume "x" : configmap "other" not found'],
    ["FailedScheduling", "0/1 nodes are available: 1 Insufficient memory."],
  ];
  const template = recording.objects.find(({ kind }) => kind === "Event");
  return readyPods(recording).flatMap((pod) =>
    notes.map(([reason, note], i): KubeObject => {
      const { namespace, name } = refOf(pod);
      const regarding = { kind: "Pod", namespace, name, uid: textAt(pod, "metadata", "uid"), apiVersion: "v1" };
      return {
        ...template,
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { ...template?.metadata, name: `${name}.${i}`, namespace, uid: `${name}-${i}` },
        type: "Warning",
        reason,
        note,
        regarding,
      };
    }),
  );
}

function shouting(recording: Recording): Record<string, string> {
  const ready = new Set(readyPods(recording).map((pod) => refOf(pod).name));
  const noise = '2026-11-22T22:13:12.936660604Z level=ERROR msg="required environment variable is not set" name=OTHER_URL\n';
  return Object.fromEntries(Object.entries(recording.logs).map(([name, text]) => [name, ready.has(name.split(".")[0] ?? "") ? `${text}\n${noise}` : text]));
}

/** The case with git as the cluster has it, so that no renderer is needed; without anything that remembers how it was. */
async function withoutPast(id: string, edit: (object: KubeObject) => KubeObject = (object) => object): Promise<DiagnosisInput> {
  const input = await caseOf(loadRecording(id), { lastGood: true });
  if (!input) throw new Error(`${id} shows no incident`);
  const { observation } = input;
  const managed = new Set(["Deployment", "StatefulSet", "Service", "Job", "ConfigMap"]);
  const isForgotten = (object: KubeObject) => object.kind === "ReplicaSet" && (numberAt(object, "status", "readyReplicas") ?? 0) > 0;
  return {
    ...input,
    rendered: observation.objects.filter(({ kind }) => managed.has(kind)).map(edit),
    observation: { ...observation, objects: observation.objects.filter((object) => !isForgotten(object)) },
  };
}

function best(input: DiagnosisInput): Finding {
  const [first] = consultPlaybook(input);
  if (!first) throw new Error("the playbook found nothing");
  return first.finding;
}

function surrounding(input: DiagnosisInput, kind: string, fields: Omit<KubeObject, "apiVersion" | "kind" | "metadata">): DiagnosisInput {
  const object: KubeObject = { ...fields, apiVersion: "v1", kind, metadata: { name: "given", namespace: input.incident.target.namespace } };
  return { ...input, observation: { ...input.observation, surroundings: [...input.observation.surroundings, object] } };
}

describe("without a good revision", () => {
  it("raises a memory limit that is too low to what the program is told to use, with some room", async () => {
    expect(best(await withoutPast("shop-04"))).toMatchObject({
      failureClass: "out-of-memory",
      confidence: 0.75,
      action: { kind: "fix", changes: [{ before: "96Mi", after: "208Mi" }] },
    });
  });

  it("raises it no further than the LimitRange allows, and not at all where that is no more", async () => {
    const input = await withoutPast("shop-04");
    const range = (memory: string) => surrounding(input, "LimitRange", { spec: { limits: [{ type: "Container", max: { memory } }] } });
    expect(best(range("128Mi"))).toMatchObject({ action: { kind: "fix", changes: [{ after: "128Mi" }] } });
    expect(best(range("96Mi"))).toMatchObject({ action: { kind: "escalate", reason: "the namespace's LimitRange allows no more than 96Mi" } });
  });

  it("leaves it to people where the quota has no room", async () => {
    const input = await withoutPast("shop-04");
    const full = surrounding(input, "ResourceQuota", { status: { hard: { "limits.memory": "300Mi" }, used: { "limits.memory": "288Mi" } } });
    expect(best(full)).toMatchObject({ action: { kind: "escalate", reason: "ResourceQuota given leaves no room for a higher limit" } });
  });

  it("takes an image tag that still runs, and invents none", async () => {
    const input = await withoutPast("shop-01");
    expect(best(input)).toMatchObject({ confidence: 0.75, action: { kind: "fix", changes: [{ after: "acme/checkout:1.4.1" }] } });
    const alone = input.observation.objects.filter((object) => object.kind !== "Pod" || JSON.stringify(object).includes("1.4.7"));
    expect(best({ ...input, observation: { ...input.observation, objects: alone } })).toMatchObject({
      failureClass: "image-not-found",
      action: { kind: "escalate" },
    });
  });

  it("restores the unit that a cpu request lost, since no node could hold it", async () => {
    expect(best(await withoutPast("shop-13"))).toMatchObject({
      failureClass: "unschedulable-resources",
      confidence: 0.75,
      action: { kind: "fix", changes: [{ after: "20m" }] },
    });
  });

  it("takes an argument that the program's own usage names", async () => {
    expect(best(await withoutPast("shop-33"))).toMatchObject({ action: { kind: "fix", changes: [{ before: "migrat", after: "migrate" }] } });
  });

  it("finds the key and the port that were meant by their spelling", async () => {
    expect(best(await withoutPast("shop-06"))).toMatchObject({
      confidence: 0.75,
      action: { kind: "fix", changes: [{ before: "baseCurrency", after: "base-currency" }] },
    });
    expect(best(await withoutPast("shop-16"))).toMatchObject({ confidence: 0.75, action: { kind: "fix", changes: [{ before: "review", after: "reviews" }] } });
    expect(best(await withoutPast("shop-17"))).toMatchObject({ confidence: 0.75, action: { kind: "fix", changes: [{ before: "web", after: "http" }] } });
  });

  it("asks for a missing variable instead of making up its value", async () => {
    expect(best(await withoutPast("shop-18"))).toMatchObject({
      rootCause: expect.stringContaining("needs environment variable DATABASE_URL"),
      action: { kind: "escalate" },
    });
  });

  it("takes a ConfigMap whose name has only another word for settings, whoever else reads it", async () => {
    expect(best(await withoutPast("shop-05"))).toMatchObject({
      failureClass: "config-missing",
      confidence: 0.75,
      action: { changes: [{ after: "cart-config" }] },
    });
    const alsoRead = await withoutPast("shop-05", (object) =>
      JSON.parse(JSON.stringify(object).replace('"containers":[', `"volumes":[${VOLUME}],"containers":[`)),
    );
    expect(best(alsoRead)).toMatchObject({ failureClass: "config-missing", action: { kind: "fix", changes: [{ after: "cart-config" }] } });
  });
});

describe("the playbook stays with what it knows", () => {
  it("does not touch what the branch has corrected already", async () => {
    const corrected = await withoutPast("shop-01", (object) => JSON.parse(JSON.stringify(object).replaceAll("checkout:1.4.7", "checkout:1.4.1")));
    expect(best(corrected)).toMatchObject({ action: { kind: "escalate", reason: "the branch no longer asks for this image" } });
  });

  it("says nothing about evidence that it cannot quote", async () => {
    const input = await caseOf(loadRecording("shop-01"));
    if (!input) throw new Error("shop-01 shows no incident");
    const finding = best({ ...input, evidence: { items: [], omitted: 40, redactions: {} } });
    expect(finding.confidence).toBe(0.5);
    const diagnosis = await createDiagnostician({ engine: "playbook", random: () => "m" }).diagnose({
      ...input,
      evidence: { items: [], omitted: 40, redactions: {} },
    });
    expect(diagnosis).toMatchObject({ kind: "escalate", reason: "this is only a guess" });
  });

  it("quotes word for word", async () => {
    for (const recording of PLAIN) {
      const input = await caseOf(recording);
      const findings = input ? consultPlaybook(input) : [];
      for (const { evidenceId, quote } of findings.flatMap(({ finding }) => finding.quotes)) {
        expect(input?.evidence.items.find(({ id }) => id === evidenceId)?.text).toContain(quote);
      }
    }
  });
});
