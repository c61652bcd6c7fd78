import { expect, test } from "vitest";
import type { JsonObject } from "../../src/cluster/objects.ts";
import { commandAsksOldPort, renamedTo } from "../../src/diagnosis/playbook/probes/probe-left-behind.ts";
import type { ContainerAt } from "../../src/diagnosis/workload.ts";

function container(ports: JsonObject[], livenessProbe: JsonObject): ContainerAt {
  const path = ["spec", "template", "spec", "containers", { key: "name", value: "web" }];
  return { name: "web", init: false, path, value: { name: "web", ports, livenessProbe } };
}

const ask = (port: string | number) => ({ httpGet: { path: "/", port } });
const run = (...command: string[]) => ({ exec: { command } });
const OLD = [{ name: "http", containerPort: 8080 }];

test.each<[string, JsonObject[], string | number, string | undefined]>([
  ["has another name", [{ name: "web", containerPort: 8080 }], "http", "web"],
  [
    "has another name among others",
    [
      { name: "web", containerPort: 8080 },
      { name: "admin", containerPort: 9090 },
    ],
    "http",
    "web",
  ],
  ["is still there", [...OLD, { name: "web", containerPort: 8081 }], "http", undefined],
  ["has another number as well", [{ name: "web", containerPort: 8081 }], "http", undefined],
  ["lost its name", [{ containerPort: 8080 }], "http", undefined],
  ["never had that name", [{ name: "web", containerPort: 8080 }], "grpc", undefined],
])("a probe asks a port by a name: the port %s", (_, ports, asked, name) => {
  expect(renamedTo(container(OLD, ask(asked)), container(ports, ask(asked)), "livenessProbe")).toBe(name);
});

const MOVED = [{ name: "http", containerPort: 8181 }];

test.each<[string, JsonObject[], string[], string | undefined]>([
  ["as a word of its own", MOVED, ["nc", "-z", "localhost", "8080"], "8181"],
  ["within a script", MOVED, ["sh", "-c", "wget -qO- http://localhost:8080/live"], "wget -qO- http://localhost:8181/live"],
  ["twice", MOVED, ["sh", "-c", "nc -z a 8080 && nc -z b 8080"], undefined],
  ["as a part of another number", MOVED, ["sh", "-c", "sleep 180800"], undefined],
  ["and the port did not move", OLD, ["nc", "-z", "localhost", "8080"], undefined],
  ["and the port is still declared", [...MOVED, { name: "old", containerPort: 8080 }], ["nc", "-z", "localhost", "8080"], undefined],
  [
    "and nobody knows which port it became",
    [
      { name: "a", containerPort: 1111 },
      { name: "b", containerPort: 2222 },
    ],
    ["nc", "-z", "localhost", "8080"],
    undefined,
  ],
])("a probe's command asks the old number %s", (_, ports, command, after) => {
  expect(commandAsksOldPort(container(OLD, run(...command)), container(ports, run(...command)), "livenessProbe")?.after).toBe(after);
});
