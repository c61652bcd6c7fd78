import { describe, expect, test } from "vitest";
import { blame } from "../../src/diagnosis/playbook/probes/probe-blame.ts";
import { answerFor, both, edited, noted, type Retold } from "./retold.ts";

const FILE = "deploy/deployment.yaml";
const PATH = edited(FILE, "httpGet: {path: /readyz, port: http}", "httpGet: {path: /ready, port: http}");
const RELEASE = edited(FILE, "1.4.1 ", "1.5.0 ");
const ADDRESS = "10.244.0.12:8080";
const says = (answer: string) => noted(/^Readiness probe failed/, `Readiness probe failed: ${answer}`);
const REFUSED = says(`Get "http://${ADDRESS}/ready": dial tcp ${ADDRESS}: connect: connection refused`);
const SILENT = says(`Get "http://${ADDRESS}/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
const UNWELL = says("HTTP probe failed with statuscode: 503");
const NOT_FOUND = says("HTTP probe failed with statuscode: 404");
const STARTING = "level=INFO msg=starting";
const WAITING = 'level=ERROR msg="health: database not reachable"';

describe("a path that changed", () => {
  const BACK = ['readinessProbe.httpGet.path = "/readyz"'];

  test.each<[string, Omit<Retold, "id">, unknown]>([
    ["goes back where it is not found", { bad: both(RELEASE, PATH), live: NOT_FOUND, said: STARTING }, BACK],
    ["goes back where it alone changed", { bad: PATH, live: UNWELL, said: STARTING }, BACK],
    ["explains nothing where nobody listens", { bad: both(RELEASE, PATH), live: REFUSED, said: STARTING }, "escalate"],
    ["is not to blame where a new release waits for its database", { bad: both(RELEASE, PATH), live: UNWELL, said: WAITING }, "escalate"],
    ["is not to blame alone where the program waits for its database either", { bad: PATH, live: UNWELL, said: WAITING }, "escalate"],
    ["is a guess beside a new release", { bad: both(RELEASE, PATH), live: UNWELL, said: STARTING }, BACK],
    ["is a guess beside a new release that is silent", { bad: both(RELEASE, PATH), live: SILENT, said: STARTING }, BACK],
  ])("%s", async (_, story, answer) => expect(await answerFor({ id: "shop-09", ...story })).toEqual(answer));
});

test("a path that came with another port goes back with it", async () => {
  const bad = both(RELEASE, edited(FILE, "httpGet: {path: /readyz, port: http}", "httpGet: {path: /health/ready, port: 8081}"));
  const live = says('Get "http://10.244.0.12:8081/health/ready": dial tcp 10.244.0.12:8081: connect: connection refused');
  const back = await answerFor({ id: "shop-09", bad, live, said: STARTING });
  expect(back).toEqual(['readinessProbe.httpGet.port = "http"', 'readinessProbe.httpGet.path = "/readyz"']);
});

describe("a port that no container declares", () => {
  const asks = edited(FILE, "httpGet: {path: /readyz, port: http}", "httpGet: {path: /readyz, port: 8081}");
  const told = edited(FILE, "          resources:", '          env:\n            - {name: MANAGEMENT_SERVER_PORT, value: "8081"}\n          resources:');
  const live = says(`Get "http://10.244.0.12:8081/readyz": dial tcp 10.244.0.12:8081: connect: connection refused`);
  const story = { id: "shop-09", live, said: STARTING };

  test.each<[string, Partial<Retold>, unknown]>([
    ["is right where it was asked before", { good: asks, bad: RELEASE }, "escalate"],
    ["is right where the program is told of it", { good: both(asks, told), isFirst: true }, "escalate"],
    ["is the declared one else", { good: asks, isFirst: true }, ["readinessProbe.httpGet.port = 8080"]],
  ])("%s", async (_, more, answer) => expect(await answerFor({ ...story, ...more })).toEqual(answer));
});

describe("timings that changed", () => {
  const paced = (seconds: number) => edited(FILE, /(path: \/readyz[^\n]*\n\s+)periodSeconds: \d+/, `$1periodSeconds: ${seconds}`);
  const patient = (seconds: number) => edited(FILE, /(path: \/readyz[^\n]*\n(\s+)periodSeconds: \d+)/, `$1\n$2timeoutSeconds: ${seconds}`);
  const answer = (bad: Retold["bad"]) => answerFor({ id: "shop-09", ...(bad ? { bad } : {}), live: SILENT, said: STARTING });

  test("are not to blame where they are more patient than before, or say what was so by default", async () => {
    expect(await answer(paced(7))).toBe("escalate");
    expect(await answer(patient(1))).toBe("escalate");
  });

  test("are where they are stricter", () => {
    const lowered = { path: ["readinessProbe", "timeoutSeconds"], before: 5, after: 2 };
    const raised = { path: ["readinessProbe", "periodSeconds"], before: 3, after: 7 };
    expect(blame([raised, lowered], "context deadline exceeded")).toEqual([lowered]);
  });
});
