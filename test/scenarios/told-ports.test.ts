import { describe, expect, test } from "vitest";
import { badgesFix, literals, mapsRead, unready } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const cannotListen = (error: string) => `level=ERROR msg="cannot listen" error="listen tcp${error}"`;
const ports = [{ name: "http", containerPort: 9090 }];
const refused = 'Readiness probe failed: Get "http://10.244.0.9:9090/readyz": dial tcp 10.244.0.9:9090: connect: connection refused';
const listening = "level=INFO msg=listening address=:8080";

describe.skipIf(RENDERERS.kind === "unavailable")("a port that a program cannot listen on", () => {
  test.each([
    ["more than there are", "80800", ": address 80800: invalid port"],
    ["one for root alone", "80", " :80: bind: permission denied"],
    ["an address", "0.0.0.0:8080", ": address :0.0.0.0:8080: too many colons in address"],
  ])("is again what it was: %s", async (_, port, error) => {
    const good = { env: literals({ PORT: "8080" }) };
    const bad = { env: literals({ PORT: port, REGION: "eu" }) };
    expect(await badgesFix({ good, bad, says: cannotListen(error) })).toEqual(["crash-on-start", expect.stringContaining(port), '+ value: "8080"']);
  });

  test("is the declared one where that moved with it, and only its form is wrong", async () => {
    const good = { env: literals({ PORT: "8080" }) };
    const bad = { env: literals({ PORT: ":9090" }), container: { ports } };
    expect(await badgesFix({ good, bad, says: cannotListen(": address ::9090: too many colons in address") })).toEqual([
      "crash-on-start",
      "- value: :9090",
      '+ value: "9090"',
    ]);
  });

  test("is the only declared one in a first release", async () => {
    const bad = { env: literals({ PORT: "80800" }) };
    expect(await badgesFix({ bad, says: cannotListen(": address 80800: invalid port") })).toEqual(["crash-on-start", '- value: "80800"', '+ value: "8080"']);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a probe that nobody answers", () => {
  const live = unready(refused);

  test("is answered again where the variable that told the port is back", async () => {
    const good = { env: literals({ PORT: "9090", REGION: "eu" }), container: { ports } };
    const bad = { env: literals({ HTTP_PORT: "9090", REGION: "us" }), container: { ports } };
    expect(await badgesFix({ good, bad, says: listening, live })).toEqual(["readiness-probe", "+ - name: PORT", '+ value: "9090"']);
  });

  test("is answered again where the key that told the port is back", async () => {
    const good = { envFrom: mapsRead("settings"), container: { ports }, maps: { settings: { PORT: "9090", REGION: "eu" } } };
    const bad = { envFrom: mapsRead("settings"), container: { ports }, maps: { settings: { REGION: "us" } } };
    expect(await badgesFix({ good, bad, says: listening, live })).toEqual(["readiness-probe", '+ PORT: "9090"']);
  });

  test("is asked on the port where the program says that it listens, where only the declared one moved", async () => {
    const good = { env: literals({ REGION: "eu" }) };
    const bad = { env: literals({ REGION: "us" }), container: { ports } };
    expect(await badgesFix({ good, bad, says: listening, live })).toEqual(["readiness-probe", "- containerPort: 9090", "+ containerPort: 8080"]);
  });

  test("is left to people where the program says nothing of its port", async () => {
    const good = { env: literals({ REGION: "eu" }) };
    const bad = { env: literals({ REGION: "us" }), container: { ports } };
    expect(await badgesFix({ good, bad, says: "level=INFO msg=started", live })).toEqual([expect.stringMatching(/^people: /)]);
  });

  test("of a path is answered again where the variable that told it is back", async () => {
    const container = { readinessProbe: { httpGet: { path: "/ready", port: "http" } } };
    const good = { env: literals({ READY_PATH: "/ready", REGION: "eu" }), container };
    const bad = { env: literals({ REGION: "us" }), container };
    const answer = unready("Readiness probe failed: HTTP probe failed with statuscode: 404");
    expect(await badgesFix({ good, bad, says: listening, live: answer })).toEqual(["readiness-probe", "+ - name: READY_PATH", "+ value: /ready"]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a probe that was to follow the program, and asks a third place", () => {
  const probe = (path: string, port: string | number = "http") => ({ readinessProbe: { httpGet: { path, port } } });
  const notFound = unready("Readiness probe failed: HTTP probe failed with statuscode: 404");

  test("asks what the program is told to answer: what it asked before is not there any more", async () => {
    const good = { env: literals({ READY_PATH: "/readyz" }), container: probe("/readyz") };
    const bad = { env: literals({ READY_PATH: "/status/ready" }), container: probe("/status/raedy") };
    expect(await badgesFix({ good, bad, says: listening, live: notFound })).toEqual(["readiness-probe", "- path: /status/raedy", "+ path: /status/ready"]);
  });

  test("asks the declared port that the program is told", async () => {
    const good = { env: literals({ PORT: "8080" }), container: probe("/readyz", 8080) };
    const bad = { env: literals({ PORT: "9090" }), container: { ports, ...probe("/readyz", 9009) } };
    const says = "level=INFO msg=listening address=:9090";
    expect(await badgesFix({ good, bad, says, live: unready(refused.replaceAll("9090", "9009")) })).toEqual([
      "readiness-probe",
      "- port: 9009",
      "+ port: 9090",
    ]);
  });

  test("is left to people where both moved to the same place, and nobody answers there", async () => {
    const good = { env: literals({ READY_PATH: "/readyz" }), container: probe("/readyz") };
    const bad = { env: literals({ READY_PATH: "/ready" }), container: probe("/ready") };
    expect(await badgesFix({ good, bad, says: listening, live: notFound })).toEqual([expect.stringMatching(/^people: /)]);
  });

  test("asks again what it asked where the program still answers there", async () => {
    const good = { env: literals({ READY_PATH: "/readyz" }), container: probe("/readyz") };
    const bad = { env: literals({ READY_PATH: "/readyz", REGION: "eu" }), container: probe("/ready") };
    expect(await badgesFix({ good, bad, says: listening, live: notFound })).toEqual(["readiness-probe", "- path: /ready", "+ path: /readyz"]);
  });
});

test.skipIf(RENDERERS.kind === "unavailable")("a port of one's own comes back beside one that everybody reads, which stays", async () => {
  const settings = (values: { [key: string]: string }) => ({ settings: { REGION: "eu", ...values } });
  const beside = { initContainers: [{ name: "agent", image: "acme/agent:1.0.0", restartPolicy: "Always", envFrom: mapsRead("settings") }] };
  const good = { envFrom: mapsRead("settings"), env: literals({ PORT: "9102" }), pod: beside, maps: settings({}) };
  const bad = { envFrom: mapsRead("settings"), pod: beside, maps: settings({ PORT: "8080" }) };
  const says = cannotListen(" :8080: bind: address already in use");
  expect(await badgesFix({ good, bad, says })).toEqual(["port-conflict", "+ env:", "+ - name: PORT", '+ value: "9102"']);
});
