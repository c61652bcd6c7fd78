import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import { type DryRun, dryRunThrough } from "../../src/cluster/dry-run.ts";
import { CLOSED_VALUES, QUANTITIES } from "../../src/cluster/kubernetes-values.ts";
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { ClusterSchemas } from "../../src/cluster/openapi.ts";
import { BUILT_IN, type SchemaBook } from "../../src/cluster/schema-errors.ts";
import { CLOSED, SAMPLES } from "../kubernetes/schema-corpus.ts";
import { kubectl, until } from "./commands.ts";
import { clusterSettings } from "./settings.ts";

const settings = clusterSettings(process.env);
const name = `autofix-${randomBytes(3).toString("hex")}`;
const account = `${name}-dry-run`;
const LABELS = ["-l", `kube-autofix-cluster-test=${name}`];

const deployment = (spec: JsonObject = {}, container: JsonObject = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "acme/checkout:1.4.1", ...container }] } },
    ...spec,
  },
});

describe.skipIf("missing" in settings)(`the dry run on a real cluster${"missing" in settings ? `: ${settings.missing}` : ""}`, () => {
  const kubeconfig = "missing" in settings ? "" : settings.kubeconfig;
  const admin = (args: readonly string[], input?: string) => kubectl(kubeconfig, args, input);
  let folder: string;
  let own: string;
  let dryRun: DryRun;
  let schemas: SchemaBook;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "autofix-dry-run-"));
    await admin(["create", "namespace", name]);
    const text = readFileSync(join(import.meta.dirname, "..", "..", "deploy", "dry-run.yaml"), "utf8").replaceAll("kube-autofix", name);
    await admin(["apply", "-f", "-"], text);
    for (const kind of ["validatingadmissionpolicy", "validatingadmissionpolicybinding", "clusterrole", "clusterrolebinding"])
      await admin(["label", kind, account, `kube-autofix-cluster-test=${name}`]);
    await admin(["label", "namespace", name, `kube-autofix-cluster-test=${name}`]);
    await admin(["apply", "--server-side", "--field-manager=kustomize-controller", "-f", "-"], JSON.stringify(deployment()));
    own = join(folder, "kubeconfig");
    await writeFile(own, await kubeconfigOf(admin), { mode: 0o600 });
    dryRun = dryRunThrough(connect(own));
    // The API server takes a moment to know a new policy.
    await until("the policy's fence", 60, async () => ((await patchFor(own, [])).includes("only try changes") ? true : undefined));
    // Until then, what was to be refused may have been kept, and its fields then belong to two.
    await admin(["-n", name, "delete", "deployment", "web"]);
    await admin(["apply", "--server-side", "--field-manager=kustomize-controller", "-f", "-"], JSON.stringify(deployment()));
    const book = await new ClusterSchemas(connect(kubeconfig), pino({ level: "silent" })).bookFor(SAMPLES.map(({ object }) => object));
    if (!book) throw new Error("the cluster describes no schemas");
    schemas = book;
  });
  afterAll(async () => {
    await admin(["delete", "validatingadmissionpolicy,validatingadmissionpolicybinding,clusterrole,clusterrolebinding", ...LABELS]);
    await admin(["delete", "namespace", name, "--wait=false"]);
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (object: KubeObject) => dryRun({ objects: [object], namespace: name, delivery: "Kustomization" });

  test("a right change is accepted, and nothing of it is kept", async () => {
    const before = await admin([
      "-n",
      name,
      "get",
      "deployment",
      "web",
      "-o",
      "jsonpath={.metadata.resourceVersion} {.spec.template.spec.containers[0].image}",
    ]);
    expect(await ask(deployment({}, { image: "acme/checkout:1.4.2" }))).toEqual({ kind: "accepted", objects: [`Deployment ${name}/web`] });
    const after = await admin(["-n", name, "get", "deployment", "web", "-o", "jsonpath={.metadata.resourceVersion} {.spec.template.spec.containers[0].image}"]);
    expect(after).toBe(before);
  });

  test.each<[string, KubeObject, string]>([
    ["an immutable field", deployment({ selector: { matchLabels: { app: "other" } } }), "selector"],
    ["an unknown field", deployment({ replica: 1 }), "replica"],
    ["what only the server's own validation knows", deployment({}, { ports: [{ containerPort: 70_000 }] }), "containerPort"],
  ])("%s is rejected, and the field is named", async (_, object, field) => {
    const outcome = await ask(object);
    expect(outcome.kind).toBe("rejected");
    expect(outcome.kind === "rejected" && outcome.message).toContain(field);
  });

  test("its account may keep nothing, and may not even try a Secret", async () => {
    expect(await patchFor(own, [])).toContain("only try changes");
    expect(await patchFor(own, ["--dry-run=server"])).toContain("web");
    const secret: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: name } };
    expect(await ask(secret)).toMatchObject({ kind: "unreachable" });
    for (const what of ["get secrets", "list pods", "delete deployments", "create clusterroles", "patch serviceaccounts"]) {
      const answer = await admin(["auth", "can-i", ...what.split(" "), "-n", name, "--as", `system:serviceaccount:${name}:${account}`]).catch(String);
      expect(answer.includes("yes"), what).toBe(false);
    }
  });

  test("built-in schemas, the cluster's schemas and the server agree about what is right and what is wrong", async () => {
    const disagreements: string[] = [];
    for (const { name: sample, object, wrong } of [...SAMPLES, ...CLOSED]) {
      const outcome = await ask({ ...object, metadata: { ...object.metadata, namespace: name } });
      if (outcome.kind !== (wrong === "nothing" ? "accepted" : "rejected")) disagreements.push(`server: ${sample}: ${outcome.kind}`);
      for (const book of [BUILT_IN, schemas])
        if (book.errors(object).length > 0 !== (wrong === "schema")) disagreements.push(`${book.source}: ${sample}: ${JSON.stringify(book.errors(object))}`);
    }
    expect(disagreements).toEqual([]);
    console.error(`manifests that three judges agree about: ${SAMPLES.length + CLOSED.length}`);
  });

  test("the tables of quantities and closed values are the server's", async () => {
    const paths = ["api/v1", ...["apps", "batch", "networking.k8s.io", "policy", "storage.k8s.io"].map((group) => `apis/${group}/v1`), "apis/autoscaling/v2"];
    const documents = await Promise.all(paths.map(async (path): Promise<Json> => JSON.parse(await admin(["get", "--raw", `/openapi/v3/${path}`]))));
    const properties = new Map(documents.flatMap(fieldsOf));
    const isQuantity = (field: Json | undefined) => JSON.stringify(field ?? null).includes('resource.Quantity"');
    expect([...QUANTITIES].filter((field) => !isQuantity(properties.get(field)))).toEqual([]);
    const wrong = [...CLOSED_VALUES].filter(([field, values]) => {
      const said = properties.get(field) ?? null;
      const list = listAt(said, "enum").length > 0 ? listAt(said, "enum") : listAt(objectAt(said, "items"), "enum");
      return JSON.stringify([...list].sort()) !== JSON.stringify([...values].sort());
    });
    expect(wrong).toEqual([]);
  });
});

/** `V1Container.imagePullPolicy` and the like, as client-node calls them. */
function fieldsOf(document: Json): [string, Json][] {
  return Object.entries(objectAt(document, "components", "schemas")).flatMap(([model, schema]) => {
    const called = model
      .split(".")
      .slice(-2)
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join("");
    const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
    return Object.entries(properties).map(([field, said]): [string, Json] => [`${called}.${field}`, said]);
  });
}

async function kubeconfigOf(admin: (args: readonly string[]) => Promise<string>): Promise<string> {
  const token = (await admin(["-n", name, "create", "token", account, "--duration=1h"])).trim();
  const config: Json = JSON.parse(await admin(["config", "view", "--raw", "--minify", "--flatten", "-o", "json"]));
  const cluster = listAt(config, "clusters")[0] ?? null;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [cluster],
    users: [{ name: "own", user: { token } }],
    contexts: [{ name: "own", context: { cluster: textAt(cluster, "name"), user: "own" } }],
    "current-context": "own",
  });
}

/** What kubectl says when the dry run's own account changes the Deployment. */
function patchFor(kubeconfig: string, options: readonly string[]): Promise<string> {
  const manifest = JSON.stringify(deployment({ replicas: 1 }));
  return kubectl(kubeconfig, ["apply", "--server-side", "--force-conflicts", "--validate=false", ...options, "-f", "-"], manifest).catch(
    (thrown: Error) => thrown.message,
  );
}
