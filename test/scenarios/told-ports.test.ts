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
