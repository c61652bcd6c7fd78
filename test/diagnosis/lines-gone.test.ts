import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { lostTogether } from "../../src/diagnosis/playbook/blame/settings-along.ts";
import { movedAway } from "../../src/diagnosis/playbook/probes/probe-port.ts";
import { changedSettings } from "../../src/diagnosis/settings.ts";
import { containersOf } from "../../src/diagnosis/workload.ts";

const map = (data: JsonObject): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web-conf", namespace: "shop" }, data });

/** What is known of a Deployment whose container reads the ConfigMap, which changed. */
function situation(container: JsonObject, then: JsonObject, now: JsonObject) {
  const spec = { template: { spec: { containers: [{ name: "web", ...container }], volumes: [{ name: "conf", configMap: { name: "web-conf" } }] } } };
  const workload: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec };
  const target = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const input = { rendered: [workload, map(now)], lastGood: { commit: "0".repeat(40), objects: [workload, map(then)] }, incident: { target } };
  const [found] = containersOf(workload);
  if (!found) throw new Error("no container");
  return { input: input as unknown as DiagnosisInput, workload, found };
}

describe("a probe asks a port that a mounted file told the program until it changed", () => {
  const container = {
    readinessProbe: { httpGet: { path: "/", port: "http" } },
    ports: [{ name: "http", containerPort: 8080 }],
    volumeMounts: [{ name: "conf", mountPath: "/etc/nginx/conf.d" }],
  };
  const conf = (listen: string, timeout: string) => ({ "default.conf": `server {\n  ${listen}\n  proxy_read_timeout ${timeout};\n}\n` });

  const REFUSED = "Readiness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused";

  function back(then: JsonObject, now: JsonObject, note = REFUSED) {
    const { input, workload, found } = situation(container, then, now);
    const moved = movedAway(input, workload, found, { field: "readinessProbe", changed: [], log: [], note });
    return moved && [moved.change.before, moved.to];
  }

  test("that line goes back, and the rest of the file stays", () => {
    const wanted = conf("listen 8080;", "60s")["default.conf"];
    expect(back(conf("listen 8080;", "30s"), conf("listen 80;", "60s"))).toEqual([wanted, "80"]);
    // Where another program is is nothing that this one was told.
    const beside = (listen: string) => conf(`${listen}\n  proxy_pass http://10.20.0.5:8080;`, "30s");
    expect(back(beside("listen 8080;"), beside("listen 80;"))).toEqual([beside("listen 8080;")["default.conf"], "80"]);
    expect(back(beside("listen 8080;"), beside("listen 8080;\n  listen 80;"))).toBeUndefined();
  });

  test("not where the file still says it, or never did, or where somebody answers", () => {
    expect(back(conf("listen 8080;", "30s"), conf("listen 80;", "60s"), "Readiness probe failed: HTTP probe failed with statuscode: 503")).toBeUndefined();
    expect(back(conf("listen 8080;", "30s"), conf("listen 8080 default_server;", "60s"))).toBeUndefined();
    expect(back(conf("listen 9090;", "30s"), conf("listen 80;", "60s"))).toBeUndefined();
  });
});

describe("variables that went from a ConfigMap together", () => {
  const container = { envFrom: [{ configMapRef: { name: "web-conf" } }] };
  const { input, workload, found } = situation(container, { MODULE: "prod", HOSTS: "a", LEVEL: "info" }, { LEVEL: "debug" });
  const settings = changedSettings(input, workload, found);

  test("come back together with the one that is missed, without what only changed", () => {
    const missed = settings.filter(({ key }) => key === "MODULE");
    expect(lostTogether(settings, missed).map(({ path, after }) => [path.at(-1), after])).toEqual([["HOSTS", "a"]]);
  });

  test("and not with one that only changed", () => {
    expect(
      lostTogether(
        settings,
        settings.filter(({ key }) => key === "LEVEL"),
      ),
    ).toEqual([]);
  });
});
