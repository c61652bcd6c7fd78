import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { schemaFor } from "../../src/cluster/kubernetes-schema.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { loadRecording, recordingIds } from "../world/recording.ts";

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });

function problems(object: KubeObject): string[] {
  const schema = schemaFor(object.apiVersion, object.kind);
  if (!schema) return ["no schema"];
  const key = `${object.apiVersion} ${object.kind}`;
  const validate = ajv.getSchema(key) ?? ajv.addSchema(schema, key).getSchema(key);
  if (!validate) return ["no validator"];
  validate(object);
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

function deployment(container: KubeObject["metadata"], spec: KubeObject["metadata"] = {}): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template: { spec: { containers: [container] } }, ...spec } };
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
        "/spec must NOT have additional properties {"additionalProperty":"replica"}",
        "/spec/template/spec/containers/0/ports/0 must NOT have additional properties {"additionalProperty":"containerport"}",
      ]
    `);
  });

  it("refuses wrong types and fractions of integers", () => {
    expect(problems(deployment({ name: "web", args: "serve", env: [{ name: "N", value: 3 }] }, { replicas: 1.5 }))).toMatchInlineSnapshot(`
      [
        "/spec/replicas must be integer,null {"type":["integer","null"]}",
        "/spec/template/spec/containers/0/args must be array,null {"type":["array","null"]}",
        "/spec/template/spec/containers/0/env/0/value must be string,null {"type":["string","null"]}",
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
