import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BUILT_IN_VERSION, schemaFor } from "../../src/cluster/kubernetes-schema.ts";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { savedSchemas } from "../../src/cluster/openapi.ts";
import { BUILT_IN } from "../../src/cluster/schema-errors.ts";
import { loadRecording, recordingIds } from "../world/recording.ts";
import { CLOSED, SAMPLES } from "./schema-corpus.ts";

function problems(object: KubeObject): string[] {
  if (!BUILT_IN.knows(object)) return ["no schema"];
  return BUILT_IN.errors(object).map(({ path, message }) => `${path} ${message}`);
}

function deployment(container: KubeObject["metadata"], spec: KubeObject["metadata"] = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { selector: {}, template: { spec: { containers: [container] } }, ...spec },
  };
}

describe("schemaFor", () => {
  it("accepts every built-in object that a real API server sent", () => {
    const seen = new Set<string>();
    const refused: string[] = [];
    for (const id of recordingIds()) {
      for (const object of loadRecording(id).objects.filter((o) => schemaFor(o.apiVersion, o.kind))) {
        seen.add(object.kind);
        refused.push(...problems(object).map((problem) => `${id} ${object.kind} ${problem}`));
      }
    }
    expect(refused).toEqual([]);
    expect([...seen].sort()).toMatchInlineSnapshot(`
      [
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "EndpointSlice",
        "Job",
        "LimitRange",
        "PersistentVolumeClaim",
        "Pod",
        "ReplicaSet",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
        "StatefulSet",
      ]
    `);
  });

  it("refuses fields that Kubernetes does not know, at any depth", () => {
    expect(problems(deployment({ name: "web", ports: [{ containerport: 80 }] }, { replica: 2 }))).toMatchInlineSnapshot(`
      [
        "/spec has an unknown field replica",
        "/spec/template/spec/containers/0/ports/0 lacks the field containerPort",
        "/spec/template/spec/containers/0/ports/0 has an unknown field containerport",
      ]
    `);
  });

  it("refuses wrong types and fractions of integers", () => {
    expect(problems(deployment({ name: "web", args: "serve", env: [{ name: "N", value: 3 }] }, { replicas: 1.5 }))).toMatchInlineSnapshot(`
      [
        "/spec/replicas must be integer",
        "/spec/template/spec/containers/0/args must be array",
        "/spec/template/spec/containers/0/env/0/value must be string",
      ]
    `);
  });

  it("takes what the API server takes: quantities as numbers, ports by name or number, empty fields", () => {
    const container = {
      name: "web",
      resources: { limits: { cpu: 1, memory: "64Mi" } },
      readinessProbe: { httpGet: { port: "http" } },
      livenessProbe: { httpGet: { port: 8080 } },
      env: null,
    };
    expect(problems(deployment(container, { strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 1 } } }))).toEqual([]);
  });

  it("has no schema for a kind of another group, and none by the name of an object's own members", () => {
    expect(schemaFor("example.com/v1", "Deployment")).toBeUndefined();
    expect(schemaFor("v1", "Deployment")).toBeUndefined();
    expect(schemaFor("constructor", "name")).toBeUndefined();
  });
});

describe("the built-in schemas", () => {
  const samples = [...SAMPLES, ...CLOSED];
  it.each(samples.filter(({ wrong }) => wrong !== "schema"))("accept: $name ($wrong is wrong)", ({ object }) => expect(problems(object)).toEqual([]));
  it.each(samples.filter(({ wrong }) => wrong === "schema"))("refuse: $name", ({ object }) => expect(problems(object)).not.toEqual([]));

  it("refuse a number beyond int32, which a server-side apply would wrap around", () =>
    expect(problems(deployment({ name: "web" }, { replicas: 2 ** 32 }))).not.toEqual([]));

  it("say what they are of", () => {
    const declaration = readFileSync(fileURLToPath(import.meta.resolve("@kubernetes/client-node")).replace("index.js", "gen/models/V1Pod.d.ts"), "utf8");
    expect(declaration).toContain(`release-${BUILT_IN_VERSION}`);
  });
});

describe("schemas from an API server's OpenAPI", () => {
  const rollout = (spec: JsonObject): KubeObject => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web" }, spec });
  const book = savedSchemas("saved", [OPEN_API]);
  const found = (spec: JsonObject) => book.errors(rollout(spec)).map(({ path, message }) => `${path} ${message}`);

  it("know a custom resource, and refuse fields that it does not have", () => {
    expect(book.knows(rollout({}))).toBe(true);
    expect(found({ replicas: 2, template: { any: ["thing"] }, pause: "25%", steps: [{ weight: 10 }], labels: { a: "b" } })).toEqual([]);
    expect(found({ replica: 2, steps: [{ wait: 1 }] })).toEqual(["/spec has an unknown field replica", "/spec/steps/0 has an unknown field wait"]);
  });

  it("refuse what is missing, and values of the wrong type, form, range or choice", () => {
    expect(found({ replicas: "2", pause: true, labels: { a: 1 }, memory: "1 GB", steps: [{ weight: 101 }], mode: "Blue" })).toEqual([
      "/spec/replicas must be integer",
      "/spec/pause must be integer,string",
      "/spec/labels/a must be string",
      "/spec/memory has not the form that it needs",
      "/spec/steps/0/weight must be < 101",
      "/spec/mode must be one of BlueGreen, Canary",
    ]);
    expect(book.errors({ ...rollout({}), metadata: { name: "web", label: {} } }).map(({ message }) => message)).toEqual(["has an unknown field label"]);
  });

  it("know nothing of other groups, versions and kinds", () => {
    expect(book.knows({ ...rollout({}), apiVersion: "argoproj.io/v1" })).toBe(false);
    expect(book.knows({ ...rollout({}), apiVersion: "apps/v1" })).toBe(false);
    expect(book.knows({ ...rollout({}), kind: "Deployment" })).toBe(false);
  });
});

/** What an API server says of a custom resource, abridged. */
const OPEN_API: JsonObject = {
  components: {
    schemas: {
      "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": { type: "object", properties: { name: { type: "string" }, labels: { type: "object" } } },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
      "io.argoproj.v1alpha1.Rollout": {
        type: "object",
        required: ["spec"],
        "x-kubernetes-group-version-kind": [{ group: "argoproj.io", version: "v1alpha1", kind: "Rollout" }],
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { description: "Standard.", allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }] },
          spec: {
            type: "object",
            properties: {
              replicas: { type: "integer", format: "int32", nullable: true },
              template: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { metadata: { type: "object" } } },
              pause: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
              labels: { type: "object", additionalProperties: { type: "string" } },
              memory: { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" },
              steps: { type: "array", items: { type: "object", properties: { weight: { type: "integer", maximum: 101, exclusiveMaximum: true } } } },
              mode: { type: "string", enum: ["BlueGreen", "Canary"], pattern: "(?i)^[a-z]+$" },
            },
          },
        },
      },
    },
  },
};
