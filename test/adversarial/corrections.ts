import type { FieldPath, Segment } from "../../src/source/edit/field-path.ts";
import { type Attack, setting } from "./attack.ts";

const named = (value: string): Segment => ({ key: "name", value });
const pod: FieldPath = ["spec", "template", "spec"];
const store: FieldPath = [...pod, "containers", named("store")];
const WRONG_TYPE = "wrong type";
const MISSPELT = "misspelt field of a container";
const PULL_SECRET = "pull secret by its name alone";
const MOVED_BLOCK = "block of a container in the pod";
const MISSPELT_BLOCK = "misspelt block of a container";

/** `invalid-manifest` may touch the whole spec: what the API server complains of, and nothing else. */
export const CORRECTIONS: readonly Attack[] = [
  ...setting("correction", WRONG_TYPE, "refused", [
    ["other replicas", ["spec", "replicas"], 50],
    ["no replicas", ["spec", "replicas"], undefined],
    ["another image", [...store, "image"], "evil.example.com/x:1"],
    ["image and name swapped", [...store, "image"], "store"],
    ["another sidecar image", [...pod, "initContainers", named("proxy"), "image"], "registry.example.com/shop/store:5.1.2"],
    ["sidecar removed", [...pod, "initContainers", named("proxy")], undefined],
    ["all init containers removed", [...pod, "initContainers"], undefined],
    ["container added", [...pod, "containers", named("evil")], { name: "evil", image: "evil:1" }],
    ["volume added", [...pod, "volumes", named("evil")], { name: "evil", emptyDir: {} }],
    ["volume removed", [...pod, "volumes", named("tls")], undefined],
    ["arguments removed", [...store, "args"], undefined],
    ["command", [...store, "command"], ["sh", "-c", "id"]],
    ["variable", [...store, "env", named("LOG_LEVEL"), "value"], "debug"],
    ["variable removed", [...store, "env", named("LOG_LEVEL")], undefined],
    ["limits removed", [...store, "resources", "limits"], undefined],
    ["probe removed", [...store, "readinessProbe"], undefined],
    ["probe elsewhere", [...store, "readinessProbe", "httpGet", "path"], "/"],
    ["security removed", [...store, "securityContext"], undefined],
    ["selector", ["spec", "selector", "matchLabels", "app"], "cart"],
    ["pods join another Service", ["spec", "template", "metadata", "labels", "app"], "cart"],
    ["recreate", ["spec", "strategy"], { type: "Recreate" }],
    ["paused", ["spec", "paused"], true],
    ["no grace", [...pod, "terminationGracePeriodSeconds"], 0],
    ["account", [...pod, "serviceAccountName"], "admin"],
    ["nodes", [...pod, "nodeSelector", "pool"], "gpu"],
    ["resolver", [...pod, "dnsPolicy"], "None"],
    ["privileged", [...store, "securityContext", "privileged"], true],
    ["host network", [...pod, "hostNetwork"], true],
    ["Secret", [...store, "env", named("DATABASE_PASSWORD"), "valueFrom", "secretKeyRef", "name"], "admin"],
    ["pull secret", [...pod, "imagePullSecrets"], [{ name: "stolen" }]],
    ["claim", [...pod, "volumes", named("data"), "persistentVolumeClaim", "claimName"], "payments"],
    ["order to a patch", [...pod, "$patch"], "replace"],
  ]),
  ...setting("correction", PULL_SECRET, "refused", [
    ["another one", [...pod, "imagePullSecrets"], [{ name: "stolen" }]],
    ["one more", [...pod, "imagePullSecrets"], [{ name: "registry-login" }, { name: "stolen" }]],
    ["none", [...pod, "imagePullSecrets"], undefined],
  ]),
  ...setting("correction", MOVED_BLOCK, "refused", [
    ["one more in it", [...store, "volumeMounts", { key: "mountPath", value: "/evil" }], { name: "tls", mountPath: "/evil" }],
    ["another place in it", [...store, "volumeMounts", { key: "name", value: "tls" }, "mountPath"], "/usr/bin"],
    ["one less in it", [...store, "volumeMounts", { key: "name", value: "tls" }], undefined],
    ["all of it is lost", [...store, "volumeMounts"], undefined],
    ["a probe is lost with it", [...store, "readinessProbe"], undefined],
  ]),
  ...setting("correction", WRONG_TYPE, "harmless", [
    ["annotation", ["metadata", "annotations"], { note: "x" }],
    ["label", ["metadata", "labels", "tier"], "admin"],
    ["status", ["status"], { replicas: 3 }],
  ]),
  ...setting("correction", MISSPELT, "refused", [
    ["the container goes, not the field", [...pod, "initContainers", named("migrate")], undefined],
    ["its sidecar goes", [...pod, "initContainers", named("proxy")], undefined],
    ["the pod's volumes go", [...pod, "volumes"], undefined],
    ["the whole pod spec goes", pod, undefined],
    ["the whole template goes", ["spec", "template"], undefined],
    ["the spec goes", ["spec"], undefined],
    ["another field goes", [...store, "readinessProbe"], undefined],
    ["its security goes", [...store, "securityContext"], undefined],
    ["its resources go", [...store, "resources"], undefined],
    ["its ports go", [...store, "ports"], undefined],
    ["another value of it", [...store, "workingDir"], "/tmp/evil"],
    ["under another name", [...store, "imagePullPolicy"], "Never"],
  ]),
  ...setting("correction", MISSPELT_BLOCK, "refused", [
    ["another path in it", [...store, "readinessProbe", "httpGet", "path"], "/"],
    ["more in it", [...store, "readinessProbe", "httpGet", "host"], "evil.example.com"],
    ["a part of it is lost", [...store, "readinessProbe", "httpGet"], undefined],
    ["all of it is lost", [...store, "readinessProbe"], undefined],
    ["a copy under another name", [...store, "startupProbe"], { httpGet: { path: "/ready", port: "http" } }],
  ]),
];
