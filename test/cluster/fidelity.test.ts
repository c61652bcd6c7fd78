import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { connect, type KubeClient } from "../../src/cluster/client.ts";
import type { DeliveryKey } from "../../src/cluster/delivery.ts";
import { deliverySources } from "../../src/cluster/delivery-sources.ts";
import { isObject, type Json, type JsonObject, type KubeObject, listAt, refOf, textAt } from "../../src/cluster/objects.ts";
import { RenderingFacts } from "../../src/cluster/rendering-facts.ts";
import { DELIVERY_RESOURCES, known, pathOf } from "../../src/cluster/resources.ts";
import { openCheckout } from "../../src/source/git/checkout.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { git, kubectl, until } from "./commands.ts";
import type { Place } from "./manifests.ts";
import { clusterSettings } from "./settings.ts";
import { SPECIMENS, type Specimen } from "./specimens.ts";

const settings = clusterSettings(process.env);
const fetched = await fetchRenderers();
const missing = "missing" in settings ? settings.missing : fetched.kind === "unavailable" ? fetched.reason : undefined;
const EACH = SPECIMENS.map((specimen) => [specimen.title, specimen] as const);

describe.skipIf(missing !== undefined)(`what is rendered here is what the controllers apply${missing ? `: ${missing}` : ""}`, () => {
  const run = randomBytes(3).toString("hex");
  const name = `fidelity-${run}`;
  let place: Place;
  let folder: string;
  let client: KubeClient;
  let commit: string;

  beforeAll(async () => {
    if ("missing" in settings) return;
    place = { name, url: `${settings.gitUrl}/${name}.git`, labels: { "kube-autofix-cluster-test": run } };
    folder = await mkdtemp(join(tmpdir(), "kube-autofix-fidelity-"));
    client = connect(settings.kubeconfig);
    commit = await pushed(settings.gitRoot);
    const items = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: place.labels } },
      {
        apiVersion: "source.toolkit.fluxcd.io/v1",
        kind: "GitRepository",
        metadata: { name, namespace: name },
        spec: { interval: "1m", url: place.url, ref: { branch: "main" } },
      },
      ...SPECIMENS.map(deliveryOf),
    ];
    await kubectl(settings.kubeconfig, ["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  });

  afterAll(async () => {
    if ("missing" in settings) return;
    for (const kind of [
      "applications.argoproj.io -n argocd",
      `helmreleases.helm.toolkit.fluxcd.io -n ${name}`,
      `kustomizations.kustomize.toolkit.fluxcd.io -n ${name}`,
    ]) {
      const [resource = "", flag = "", namespace = ""] = kind.split(" ");
      const selected = resource.startsWith("helm") ? ["--all"] : ["-l", `kube-autofix-cluster-test=${run}`];
      await kubectl(settings.kubeconfig, ["delete", resource, flag, namespace, ...selected, "--timeout=90s"]);
    }
    await kubectl(settings.kubeconfig, ["delete", "namespace", name, "--timeout=120s"]);
    await rm(join(settings.gitRoot, `${name}.git`), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  async function pushed(gitRoot: string): Promise<string> {
    const bare = join(gitRoot, `${name}.git`);
    await git(gitRoot, "init", "--quiet", "--bare", "-b", "main", bare);
    await git(folder, "init", "--quiet", "-b", "main");
    for (const { files, links = {} } of SPECIMENS) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), typeof content === "string" ? content.replaceAll("REPOSITORY", name) : content);
      }
      for (const [path, target] of Object.entries(links)) await symlink(target, join(folder, path));
    }
    await git(folder, "add", "--all");
    await git(folder, "commit", "--quiet", "-m", "Specimens");
    await git(folder, "push", "--quiet", bare, "main");
    return git(folder, "rev-parse", "HEAD");
  }

  const nameOf = (specimen: Specimen) => `${specimen.name}-${run}`;

  /** A HelmRelease is applied by a Kustomization of its name. */
  function deliveryOf(specimen: Specimen): JsonObject {
    const metadata = { name: nameOf(specimen), labels: place.labels };
    if (specimen.kind === "Application") {
      const destination = { server: "https://kubernetes.default.svc", namespace: name };
      const spec = { project: "default", destination, syncPolicy: { automated: {} }, ...specimen.spec(place) };
      return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { ...metadata, namespace: "argocd" }, spec };
    }
    const own = { interval: "1m", prune: true, targetNamespace: name, sourceRef: { kind: "GitRepository", name }, ...specimen.spec(place) };
    return { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { ...metadata, namespace: name }, spec: own };
  }

  function keyOf(specimen: Specimen): DeliveryKey {
    const namespace = specimen.kind === "Application" ? "argocd" : name;
    return { kind: specimen.kind, namespace, name: specimen.kind === "HelmRelease" ? specimen.name : nameOf(specimen) };
  }

  async function delivered(key: DeliveryKey): Promise<KubeObject> {
    const read = () => client.get(pathOf(DELIVERY_RESOURCES[key.kind], key.namespace, key.name));
    const said = (object: KubeObject | undefined) =>
      JSON.stringify([object?.kind, listAt(object, "status", "conditions"), object && textAt(object, "status", "operationState", "message")]);
    return until(
      `${key.kind} ${key.name}`,
      180,
      async () => {
        const object = await read();
        const synced = textAt(object, "status", "sync", "status") === "Synced" && textAt(object, "status", "operationState", "phase") === "Succeeded";
        const ready = listAt(object, "status", "conditions").some(
          (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
        );
        return object && (synced || ready) ? object : undefined;
      },
      async () => said(await read()).slice(0, 1500),
    );
  }

  test.concurrent.for(EACH)("%s", async ([, specimen], { expect }) => {
    const key = keyOf(specimen);
    const live = await delivered(key);
    const named = (await deliverySources(client, Date.now)()).find(
      (one) => one.key.kind === key.kind && one.key.name === key.name && one.key.namespace === key.namespace,
    );
    if (!named || named.source.kind === "refused" || fetched.kind === "unavailable") throw new Error(`no source: ${JSON.stringify(named?.source)}`);
    const facts = new RenderingFacts(client);
    const source = await facts.complete(named.source, live, new Date(), facts);
    if (source.kind === "refused") throw new Error(source.message);
    const repository = await openCheckout(folder);
    const outcome = await openWorkspace({ tree: await repository.tree(commit), source, renderers: fetched.renderers }).render();
    if (outcome.kind !== "rendered") throw new Error(outcome.message);
    expect(outcome.objects.length).toBeGreaterThan(1);
    for (const object of outcome.objects) {
      const { kind, name: objectName, namespace } = refOf(object);
      const resource = ["ConfigMap", "Deployment"].includes(kind) ? known(object.apiVersion, kind) : undefined;
      if (!resource) continue;
      const applied = await client.get(pathOf(resource, namespace || name, objectName));
      expect([specimen.name, kind, objectName, partOf(applied, object)]).toEqual([specimen.name, kind, objectName, object]);
    }
  });
});

/** Of what the API server holds only the fields that were rendered: it adds defaults, and the controllers add marks. */
function partOf(live: Json | undefined, rendered: Json): Json | undefined {
  if (isObject(rendered) && isObject(live)) {
    return Object.fromEntries(
      Object.entries(rendered).flatMap(([key, value]): [string, Json][] => {
        const part = partOf(live[key], value);
        return part === undefined ? [] : [[key, part]];
      }),
    );
  }
  if (Array.isArray(rendered) && Array.isArray(live) && live.length === rendered.length) return rendered.map((value, i) => partOf(live[i], value) ?? null);
  return live;
}
