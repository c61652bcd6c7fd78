// What a patch of an overlay newly says is judged by what comes of it and of its base.
import { describe, expect, test } from "vitest";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { fetched, judgedStory } from "./planned-story.ts";

const CONTAINER: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }];
const shop = (container: string, pod = "") => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
${pod}      containers:
        - name: shop
          image: acme/shop:1.9
${container}`;
const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 20
`;
const world = (base: string) => ({
  "base/kustomization.yaml": "resources:\n  - shop.yaml\n",
  "base/shop.yaml": base,
  "dev/kustomization.yaml": "resources:\n  - ../base\n",
  "prod/kustomization.yaml": "resources:\n  - ../base\npatches:\n  - path: patch.yaml\n",
  "prod/patch.yaml": PATCH,
});
const PORTS = "          ports:\n            - {name: http, containerPort: 8080}\n";

describe.skipIf(fetched.kind === "unavailable")("an overlay without what its base has", () => {
  const selector = {
    files: world(shop(PORTS, "      nodeSelector: {pool: gone}\n")),
    good: world(shop(PORTS)),
    finding: { failureClass: "unschedulable-placement" as const, rootCause: "No node has the label pool=gone.", confidence: 0.9 },
    said: "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
    quote: "didn't match Pod's node affinity/selector",
    change: { path: ["spec", "template", "spec", "nodeSelector"], after: undefined },
    words: "Remove the node selector",
  };

  test("a node selector that came goes by null", async () => {
    expect(await judgedStory(selector)).toBe("approved\n+++ b/prod/patch.yaml\n+      nodeSelector: null");
  });

  test("and nothing that the class is not about", async () => {
    const more = (yaml: string) => yaml.replace("      nodeSelector: null\n", "      nodeSelector: null\n      hostNetwork: true\n");
    expect(await judgedStory({ ...selector, tamper: more })).not.toContain("hostNetwork: true");
  });

  test("a port that came goes as one item, told by what kustomize tells it by", async () => {
    const text = await judgedStory({
      files: world(shop(`${PORTS}            - {name: prometheus-metrics, containerPort: 9102}\n`)),
      good: world(shop(PORTS)),
      finding: { failureClass: "invalid-manifest", rootCause: "The name of a port is too long.", confidence: 0.95 },
      said: 'Deployment.apps "shop" is invalid: spec.template.spec.containers[0].ports[1].name: Invalid value: "prometheus-metrics": must be no more than 15 characters',
      quote: 'ports[1].name: Invalid value: "prometheus-metrics"',
      change: { path: [...CONTAINER, "ports", { key: "name", value: "prometheus-metrics" }], after: undefined },
      words: "Remove the port",
    });
    expect(text).toMatch(/^approved/);
    expect(text).toContain("+            - name: prometheus-metrics\n+              containerPort: 9102\n+              $patch: delete");
  });

  test("a list is repeated as a whole for the one name in it", async () => {
    const env = (name: string) => `          envFrom:\n            - configMapRef: {name: ${name}}\n`;
    const text = await judgedStory({
      files: world(shop(env("shop-settings"))),
      good: world(shop(env("shop-config"))),
      finding: { failureClass: "config-missing", rootCause: "ConfigMap shop-settings does not exist.", confidence: 0.95 },
      said: 'Error: configmap "shop-settings" not found',
      quote: 'configmap "shop-settings" not found',
      change: { path: [...CONTAINER, "envFrom", 0, "configMapRef", "name"], after: "shop-config" },
      words: "Refer to shop-config",
    });
    expect(text).toMatch(/^approved/);
    expect(text).toContain("+            - configMapRef:\n+                name: shop-config");
  });

  test("a value that kustomize copies from a ConfigMap which is not applied changes there", async () => {
    const copied = (level: string) => ({
      ...world(shop("          env:\n            - {name: LOG_LEVEL, value: none}\n")),
      "prod/kustomization.yaml": `resources:
  - ../base
  - params.yaml
replacements:
  - source: {kind: ConfigMap, name: params, fieldPath: data.level}
    targets:
      - select: {kind: Deployment}
        fieldPaths: ["spec.template.spec.containers.[name=shop].env.[name=LOG_LEVEL].value"]
`,
      "prod/params.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: params\n  annotations: {config.kubernetes.io/local-config: "true"}\ndata:\n  level: ${level} # of prod\n`,
    });
    const text = await judgedStory({
      files: copied("verbose"),
      good: copied("info"),
      finding: { failureClass: "crash-on-start", rootCause: "The program does not know the level.", confidence: 0.9 },
      said: 'CrashLoopBackOff: invalid value "verbose" for LOG_LEVEL',
      quote: 'invalid value "verbose" for LOG_LEVEL',
      change: { path: [...CONTAINER, "env", { key: "name", value: "LOG_LEVEL" }, "value"], after: "info" },
      words: "Log at info again",
    });
    expect(text).toBe("approved\n+++ b/prod/params.yaml\n-  level: verbose # of prod\n+  level: info # of prod");
  });
});
