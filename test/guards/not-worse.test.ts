import { describe, expect, it } from "vitest";
import { isKubeObject, type Json, type JsonObject, type KubeObject } from "../../src/cluster/objects.ts";
import { applyChanges } from "../../src/guards/leaf-changes.ts";
import { notWorse, type RenderedTrees } from "../../src/guards/not-worse.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import type { FailureClass } from "../../src/incident/failure-class.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import { BOUNDS } from "./situation.ts";
import { STORE } from "./store.ts";

const parsed = parseYaml(STORE);
const OBJECTS: KubeObject[] = parsed.kind === "parsed" ? parsed.documents.map(({ value }) => value).filter(isKubeObject) : [];

/** The rules that speak against going from one tree to another. */
function rules(trees: RenderedTrees, failureClass: FailureClass = "quota"): string[] {
  const { findings } = notWorse(changedObjects(trees.before, trees.after), trees, { failureClass, bounds: BOUNDS });
  return [...new Set(findings.map(({ rule }) => rule))];
}

function withField(tree: readonly KubeObject[], of: { kind: string; name: string }, path: FieldPath, value: Json | undefined): KubeObject[] {
  return tree.map((one) => {
    if (one.kind !== of.kind || one.metadata.name !== of.name) return one;
    const changed = applyChanges(one, [{ path, before: undefined, after: value }]);
    if (!changed || !isKubeObject(changed)) throw new Error("no object any more");
    return changed;
  });
}

const pod: FieldPath = ["spec", "template", "spec"];
const named = (value: string) => ({ key: "name", value });
const container: FieldPath = [...pod, "containers", named("store")];
const sidecar: FieldPath = [...pod, "initContainers", named("proxy")];
const cart: FieldPath = [...pod, "containers", named("cart")];
const report: FieldPath = ["spec", "jobTemplate", ...pod, "containers", named("report")];

type Case = readonly [rule: string, kind: string, name: string, path: FieldPath, value: Json | undefined];
const store = (rule: string, path: FieldPath, value: Json | undefined): Case => [rule, "Deployment", "store", path, value];

const CASES: readonly Case[] = [
  store("privileged", [...container, "securityContext", "privileged"], true),
  store("privilege-escalation", [...container, "securityContext", "allowPrivilegeEscalation"], undefined),
  store("capability-added", [...container, "securityContext", "capabilities", "add"], ["NET_RAW"]),
  store("capabilities-kept", [...container, "securityContext", "capabilities"], undefined),
  store("root-allowed", [...container, "securityContext", "runAsNonRoot"], undefined),
  store("root-user", [...container, "securityContext", "runAsUser"], 0),
  store("user-open", [...container, "securityContext", "runAsUser"], undefined),
  store("seccomp-unconfined", [...container, "securityContext", "seccompProfile"], { type: "Unconfined" }),
  store("apparmor-unconfined", [...pod, "securityContext", "appArmorProfile"], { type: "Unconfined" }),
  store("selinux", [...pod, "securityContext", "seLinuxOptions"], { type: "spc_t" }),
  store("proc-mount", [...container, "securityContext", "procMount"], "Unmasked"),
  store("host-process", [...container, "securityContext", "windowsOptions"], { hostProcess: true }),
  store("host-namespace", [...pod, "hostPID"], true),
  store("sysctl", [...pod, "securityContext", "sysctls"], [{ name: "kernel.msgmax", value: "1" }]),
  store("root-group", [...pod, "securityContext", "supplementalGroups"], [0]),
  store("host-path", [...pod, "volumes", { key: "name", value: "host" }], { name: "host", hostPath: { path: "/" } }),
  store("container-socket", [...pod, "volumes", { key: "name", value: "sock" }], { name: "sock", hostPath: { path: "/var/run/docker.sock" } }),
  store("volume-type", [...pod, "volumes", { key: "name", value: "nfs" }], { name: "nfs", nfs: { server: "s", path: "/" } }),
  store("host-port", [...container, "ports", named("http"), "hostPort"], 80),
  store("mount-propagation", [...container, "volumeMounts", named("data"), "mountPropagation"], "Bidirectional"),
  store("mount-dangling", [...container, "volumeMounts", { key: "name", value: "ghost" }], { name: "ghost", mountPath: "/g" }),
  store("unconfined", ["spec", "template", "metadata", "annotations"], { "container.apparmor.security.beta.kubernetes.io/store": "unconfined" }),
  store("container", [...pod, "containers", { key: "name", value: "x" }], { name: "x", image: "x:1" }),
  store("image-latest", [...container, "image"], "registry.example.com/shop/store:latest"),
  store("limit-missing", [...container, "resources", "limits", "memory"], undefined),
  store("quality-of-service", [...container, "resources"], {}),
  store("probe-missing", [...container, "readinessProbe"], undefined),
  store("lifecycle-hook", [...container, "lifecycle"], { preStop: { exec: { command: ["x"] } } }),
  store("literal-secret", [...container, "env", { key: "name", value: "API_TOKEN" }], { name: "API_TOKEN", value: "x" }),
  store("replicas-lowered", ["spec", "replicas"], 1),
  store("service-account", [...pod, "serviceAccountName"], "default"),
  store("recreate", ["spec", "strategy"], { type: "Recreate" }),
  store("all-unavailable", ["spec", "strategy"], { rollingUpdate: { maxUnavailable: "100%" } }),
  store("no-grace", [...pod, "terminationGracePeriodSeconds"], 0),
  store("system-priority", [...pod, "priorityClassName"], "system-node-critical"),
  store("control-plane", [...pod, "tolerations"], [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }]),
  store("node-pinned", [...pod, "nodeName"], "n"),
  store("own-selector", ["spec", "selector", "matchLabels", "app"], "other"),
  ["digest-missing", "StatefulSet", "cart", [...pod, "containers", named("cart"), "image"], "registry.example.com/shop/cart:3.0.1"],
  ["suspended", "CronJob", "report", ["spec", "suspend"], true],
  ["exposed", "Service", "store", ["spec", "type"], "NodePort"],
  ["external-ip", "Service", "store", ["spec", "externalIPs"], ["6.6.6.6"]],
  ["selector-dangling", "Service", "store", ["spec", "selector", "app"], "nobody"],
  ["selector-empty", "Service", "store", ["spec", "selector"], undefined],
  ["target-port-dangling", "Service", "store", ["spec", "ports", named("http"), "targetPort"], "nope"],
  ["tls-missing", "Ingress", "store", ["spec", "tls"], undefined],
  ["host", "Ingress", "store", ["spec", "rules"], [{ host: "evil.example.com" }]],
  ["min-replicas-lowered", "HorizontalPodAutoscaler", "store", ["spec", "minReplicas"], 1],
  ["scale-target-dangling", "HorizontalPodAutoscaler", "store", ["spec", "scaleTargetRef", "name"], "nobody"],
  // Deeper into the same rules: other containers, other kinds, other ways to say it.
  store("privileged", [...sidecar, "securityContext", "privileged"], true),
  store("privileged", [...container, "securityContext", "privileged"], "true"),
  ["privileged", "StatefulSet", "cart", [...cart, "securityContext"], { privileged: true }],
  ["privileged", "CronJob", "report", [...report, "securityContext"], { privileged: true }],
  ["privileged", "DaemonSet", "shipper", [...pod, "ephemeralContainers"], [{ name: "debug", image: "busybox:1", securityContext: { privileged: true } }]],
  ["container", "CronJob", "report", ["spec", "jobTemplate", ...pod, "initContainers"], [{ name: "x", image: "x:1" }]],
  store("writable-root", [...container, "securityContext", "readOnlyRootFilesystem"], false),
  store("seccomp-unset", [...container, "securityContext", "seccompProfile"], undefined),
  store("token-mounted", [...pod, "automountServiceAccountToken"], true),
  store("host-users", [...pod, "hostUsers"], true),
  store("root-group", [...pod, "securityContext", "fsGroup"], 0),
  store("root-user", [...container, "securityContext", "runAsGroup"], 0),
  store("image-repository", [...container, "image"], "registry.example.com/shop/other:5.1.2"),
  store("image-repository", [...container, "image"], "evil.example.com/shop/store:5.1.2"),
  store("limit-beyond-factor", [...container, "resources", "limits", "memory"], "2Gi"),
  store("limit-beyond-factor", [...container, "resources", "limits", "cpu"], "4"),
  store("limit-missing", [...container, "resources", "limits"], undefined),
  store("probe-missing", [...container, "startupProbe"], undefined),
  store("probe-always-true", [...container, "livenessProbe"], { exec: { command: ["/bin/true"] } }),
  store("probe-always-true", [...container, "livenessProbe"], { exec: { command: ["sh", "-c", "exit 0"] } }),
  store("probe-handler", [...container, "readinessProbe"], { tcpSocket: { port: 8080 } }),
  store("probe-blind", [...container, "livenessProbe", "failureThreshold"], 5000),
  store("command-changed", [...container, "args"], ["--listen=:8080"]),
  store("command-changed", [...container, "command"], ["sh"]),
  store("secret-reference-lost", [...container, "env", named("DATABASE_PASSWORD")], { name: "DATABASE_PASSWORD", value: "x" }),
  store("secret-reference-lost", [...container, "env", named("DATABASE_PASSWORD")], undefined),
  store("all-unavailable", ["spec", "strategy"], { rollingUpdate: { maxUnavailable: 3 } }),
  store("paused", ["spec", "paused"], true),
  ["on-delete", "StatefulSet", "cart", ["spec", "updateStrategy"], { type: "OnDelete" }],
  ["all-unavailable", "DaemonSet", "shipper", ["spec", "updateStrategy"], { rollingUpdate: { maxUnavailable: "100%" } }],
  store("control-plane", [...pod, "tolerations"], [{ operator: "Exists" }]),
  store("control-plane", [...pod, "nodeSelector", "node-role.kubernetes.io/control-plane"], ""),
  store("control-plane", [...pod, "affinity"], affinityTo("node-role.kubernetes.io/control-plane")),
  store("gitops-annotation", ["metadata", "annotations"], { "argocd.argoproj.io/sync-options": "Prune=false" }),
  store("gitops-annotation", ["metadata", "annotations"], { "kustomize.toolkit.fluxcd.io/prune": "disabled" }),
  store("gitops-annotation", ["metadata", "annotations"], { "helm.sh/resource-policy": "keep" }),
  store("finalizer", ["metadata", "finalizers"], ["example.com/hold"]),
  store("owner", ["metadata", "ownerReferences"], [{ apiVersion: "v1", kind: "Node", name: "n", uid: "u" }]),
  ["default-backend", "Ingress", "store", ["spec", "defaultBackend"], { service: { name: "store", port: { number: 80 } } }],
  ["backend-dangling", "Ingress", "store", ["spec", "rules"], rulesTo("nobody", 80)],
  ["backend-port-dangling", "Ingress", "store", ["spec", "rules"], rulesTo("store", 8443)],
  ["immutable", "ConfigMap", "store-settings", ["immutable"], true],
  ["host", "Ingress", "store", ["spec", "rules"], [{ host: "" }]],
  // In objects that do not change themselves, and lose what they refer to.
  store("selector-dangling", ["spec", "template", "metadata", "labels", "app"], "other"),
  store("target-port-dangling", [...container, "ports", named("http"), "name"], "web"),
  ["backend-port-dangling", "Service", "store", ["spec", "ports"], [{ name: "https", port: 443, targetPort: "http" }]],
];

function affinityTo(key: string): JsonObject {
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "Exists" }] }] } } };
}

function rulesTo(name: string, number: number): Json {
  return [{ host: "store.example.com", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { number } } } }] } }];
}

/** A tree in which everything is as strict as it can be, so that each step away from it is one. */
const STRICT = [
  [[...pod, "automountServiceAccountToken"], false],
  [[...pod, "hostUsers"], false],
  [[...container, "securityContext", "readOnlyRootFilesystem"], true],
  [[...container, "securityContext", "seccompProfile"], { type: "RuntimeDefault" }],
] satisfies [FieldPath, Json][];
const TREE = STRICT.reduce((tree, [path, value]) => withField(tree, { kind: "Deployment", name: "store" }, path, value), OBJECTS);

/** What no fix moves in any direction, unless its class is about it. */
const EITHER_WAY = new Set(["service-account", "host", "image-repository", "probe-handler", "command-changed"]);

describe("not worse", () => {
  it.each(CASES)("%s (%s %s): held against a change that brings it; not against one that leaves it or mends it", (rule, kind, name, path, value) => {
    const bad = withField(TREE, { kind, name }, path, value);
    expect(rules({ before: TREE, after: bad })).toContain(rule);
    const touched = withField(bad, { kind, name }, ["metadata", "labels", "touched"], "yes");
    expect(rules({ before: bad, after: touched })).toEqual([]);
    if (!EITHER_WAY.has(rule)) expect(rules({ before: bad, after: TREE })).not.toContain(rule);
  });

  it.each<[string, string, string, JsonObject, FieldPath, Json | undefined]>([
    ["min-replicas-lowered", "PodDisruptionBudget", "policy/v1", { minAvailable: 2, selector: { matchLabels: { app: "store" } } }, ["spec", "minAvailable"], 1],
    [
      "budget-dangling",
      "PodDisruptionBudget",
      "policy/v1",
      { minAvailable: 2, selector: { matchLabels: { app: "store" } } },
      ["spec", "selector", "matchLabels", "app"],
      "x",
    ],
    ["protected-kind", "Role", "rbac.authorization.k8s.io/v1", {}, ["rules"], []],
    ["protected-kind", "ServiceAccount", "v1", {}, ["automountServiceAccountToken"], true],
    ["protected-kind", "NetworkPolicy", "networking.k8s.io/v1", { podSelector: {}, ingress: [] }, ["spec", "ingress"], [{}]],
    ["protected-kind", "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", {}, ["roleRef"], { kind: "ClusterRole", name: "cluster-admin" }],
    ["protected-kind", "ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", {}, ["webhooks"], []],
    ["protected-kind", "CustomResourceDefinition", "apiextensions.k8s.io/v1", { group: "a" }, ["spec", "group"], "b"],
    ["protected-kind", "Secret", "v1", {}, ["data"], { a: "b" }],
    ["protected-kind", "Namespace", "v1", {}, ["metadata", "labels"], { "pod-security.kubernetes.io/enforce": "privileged" }],
  ])("%s of a %s", (rule, kind, apiVersion, spec, path, value) => {
    const before = [...TREE, { apiVersion, kind, metadata: { name: "it" }, spec }];
    const found = rules({ before, after: withField(before, { kind, name: "it" }, path, value) });
    expect(found).toContain(rule === "min-replicas-lowered" ? "budget" : rule);
  });

  it("nor may an object vanish", () => expect(rules({ before: TREE, after: TREE.slice(1) })).toContain("object-removed"));

  it("a finalizer may not go", () => {
    const held = withField(TREE, { kind: "Deployment", name: "store" }, ["metadata", "finalizers"], ["a/b"]);
    expect(rules({ before: held, after: TREE })).toEqual(["finalizer-lost"]);
  });

  it("what is better or as bad is not held against it", () => {
    expect(rules({ before: TREE, after: withField(TREE, { kind: "Deployment", name: "store" }, ["spec", "replicas"], 9) })).toEqual([]);
    expect(
      rules({ before: TREE, after: withField(TREE, { kind: "Deployment", name: "store" }, [...container, "resources", "limits", "memory"], "1Gi") }),
    ).toEqual([]);
    const tag = withField(TREE, { kind: "Deployment", name: "store" }, [...container, "image"], "registry.example.com/shop/store:5.1.3");
    expect(rules({ before: TREE, after: tag })).toEqual([]);
  });

  it("what the last good revision had is no worse, where that can be told", () => {
    const bad = withField(TREE, { kind: "Deployment", name: "store" }, [...container, "resources", "limits", "memory"], "16Mi");
    const args = withField(TREE, { kind: "Deployment", name: "store" }, [...container, "args"], ["--wrong"]);
    expect(rules({ before: bad, after: TREE })).toEqual(["limit-beyond-factor"]);
    expect(rules({ before: bad, after: TREE, lastGood: TREE })).toEqual([]);
    expect(rules({ before: args, after: TREE })).toEqual(["command-changed"]);
    expect(rules({ before: args, after: TREE, lastGood: TREE })).toEqual([]);
  });

  it("a disruption budget that the commit changed is no reason to leave its file unread", () => {
    const budget = (spec: JsonObject): KubeObject => ({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "store" }, spec });
    const selector = { matchLabels: { app: "store" } };
    const trees = { before: [...TREE, budget({ minAvailable: 0, selector })], after: [...TREE, budget({ maxUnavailable: 1, selector })] };
    expect(rules(trees, "render-failed")).toEqual(["budget"]);
    expect(notWorse(changedObjects(trees.before, trees.after), trees, { failureClass: "render-failed", bounds: BOUNDS, isText: true }).findings).toEqual([]);
  });

  it("what came with the commits may lack what it lacks in a repair of text, and be nothing dangerous", () => {
    const text = (after: KubeObject[]) => {
      const trees = { before: TREE, after };
      const { findings } = notWorse(changedObjects(TREE, after), trees, { failureClass: "render-failed", bounds: BOUNDS, isText: true });
      return [...new Set(findings.map(({ rule }) => rule))];
    };
    const job = (more: JsonObject): KubeObject => {
      const spec = { template: { spec: { containers: [{ name: "main", image: "acme/new:1", ...more }] } } };
      return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "new" }, spec };
    };
    expect(text([...TREE, job({})])).toEqual([]);
    expect(text([...TREE, job({ securityContext: { privileged: true } })])).toEqual(["privileged"]);
    expect(text([...TREE, job({ ports: [{ containerPort: 80, hostPort: 80 }] })])).toEqual(["host-port"]);
    const lessHardened = withField(TREE, { kind: "Deployment", name: "store" }, [...container, "securityContext", "readOnlyRootFilesystem"], undefined);
    expect(text(lessHardened)).toEqual(["writable-root"]);
  });

  it("a service account may change where that is the failure", () => {
    const other = withField(TREE, { kind: "Deployment", name: "store" }, [...pod, "serviceAccountName"], "other");
    expect(rules({ before: TREE, after: other }, "service-account-missing")).toEqual([]);
  });
});
