import { expect, test } from "vitest";
import { misplacedFields } from "../../src/cluster/misplaced-fields.ts";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";

function deployment(spec: JsonObject, pod: JsonObject, containers: JsonObject[] = [{ name: "web", image: "acme/web:1" }]): KubeObject {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers, ...pod } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { selector: { matchLabels: { app: "web" } }, template, ...spec } };
}

const moved = (object: KubeObject) => misplacedFields(object)?.map(({ from, to }) => `${from.join(".")} → ${to.join(".")}`);
const POD = "spec.template.spec";

test("a pod's field in a container, and a container's in the pod", () => {
  expect(moved(deployment({}, {}, [{ name: "web", image: "acme/web:1", nodeSelector: { disk: "ssd" } }]))).toEqual([
    `${POD}.containers.0.nodeSelector → ${POD}.nodeSelector`,
  ]);
  expect(moved(deployment({}, { imagePullPolicy: "Always" }))).toEqual([`${POD}.imagePullPolicy → ${POD}.containers.0.imagePullPolicy`]);
});

test("a workload's field in its pods", () => {
  expect(moved(deployment({}, { replicas: 3 }))).toEqual([`${POD}.replicas → spec.replicas`]);
});

test("nobody knows where it belongs", () => {
  const two = [
    { name: "web", image: "acme/web:1" },
    { name: "proxy", image: "acme/proxy:1" },
  ];
  expect(moved(deployment({}, { imagePullPolicy: "Always" }, two))).toBeUndefined();
  expect(moved(deployment({}, { colour: "red" }))).toBeUndefined();
  expect(moved(deployment({ replicas: 2 }, { replicas: 3 }))).toBeUndefined();
  expect(moved(deployment({}, {}))).toBeUndefined();
});

test("a mapping where only amounts or texts may be, and what belongs into metadata or spec beside it", () => {
  const resources = { requests: { cpu: "50m", limits: { memory: "64Mi" } } };
  expect(moved(deployment({}, {}, [{ name: "web", image: "acme/web:1", resources }]))).toEqual([
    `${POD}.containers.0.resources.requests.limits → ${POD}.containers.0.resources.limits`,
  ]);
  const object = deployment({}, {});
  expect(moved({ ...object, metadata: { ...object.metadata, replicas: 3 } })).toEqual(["metadata.replicas → spec.replicas"]);
  expect(moved({ ...object, metadata: { ...object.metadata, labels: { app: "web", annotations: { note: "x" } } } })).toEqual([
    "metadata.labels.annotations → metadata.annotations",
  ]);
});
