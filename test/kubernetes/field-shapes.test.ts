import { expect, test } from "vitest";
import { inFullForm } from "../../src/cluster/field-shapes.ts";
import type { Json } from "../../src/cluster/objects.ts";

const POD = ["spec", "template", "spec"];
const CONTAINER = [...POD, "containers", 0];

test.each<[(string | number)[], Json, Json]>([
  [[...POD, "imagePullSecrets", 0], "regcred", { name: "regcred" }],
  [[...CONTAINER, "envFrom", 0, "configMapRef"], "web-config", { name: "web-config" }],
  [["metadata", "annotations"], [{ "acme.io/scrape": true }, { "acme.io/port": 80 }], { "acme.io/scrape": "true", "acme.io/port": "80" }],
  [
    [...CONTAINER, "env"],
    { LEVEL: "debug", CACHE: 5 },
    [
      { name: "LEVEL", value: "debug" },
      { name: "CACHE", value: "5" },
    ],
  ],
  [[...CONTAINER, "env"], { name: "LEVEL", value: "debug" }, [{ name: "LEVEL", value: "debug" }]],
  [[...POD, "volumes"], { name: "cache", emptyDir: {} }, [{ name: "cache", emptyDir: {} }]],
  [[...CONTAINER, "args"], "--verbose", ["--verbose"]],
  [[...CONTAINER, "ports", 1], 9090, { containerPort: 9090 }],
  [["spec", "ports", 0], 80, { port: 80 }],
])("%j: %j is %j", (path, value, wanted) => expect(inFullForm(path, value, undefined)).toEqual(wanted));

test.each<[(string | number)[], Json]>([
  [[...CONTAINER, "args"], "--level debug"],
  [["metadata", "labels"], [{ app: "web", tier: "front" }]],
  [
    ["metadata", "labels"],
    [{ app: "web" }, { app: "api" }],
  ],
  [[...POD, "imagePullSecrets"], "regcred"],
  [["metadata", "name"], "web"],
])("%j: %j may mean several things", (path, value) => expect(inFullForm(path, value, undefined)).toBeUndefined());
