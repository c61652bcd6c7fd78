import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

interface Renaming {
  env?: string;
  args?: string;
  config?: string;
  /** A container before the program's own. */
  init?: string;
  said?: string;
  /** What the Service is called now. */
  to?: string;
}

const ADDRESS = "- {name: FX_ADDR, value: 'rates:80'}";
const NO_HOST = "dial tcp: lookup rates on 10.96.0.10:53: no such host";

/** Service rates of shop-144 is called currencies since the commit, which wanted another image as well; `said` is what the pricer ends with. */
async function changesFor({ env = ADDRESS, args = "[]", config = "interval: 30s", init = "", said = NO_HOST, to = "currencies" }: Renaming): Promise<unknown> {
  const recording = loadRecording("shop-144");
  const pricer = (recording.after["deploy/pricer.yaml"] ?? "")
    .replace(/- name: FX_ADDR\n.*/, env)
    .replace("interval: 30s", config)
    .replace("        ports:", `        args: ${args}\n        ports:`)
    .replace("      containers:", `${init}      containers:`);
  const rates = recording.after["deploy/rates.yaml"] ?? "";
  const renamed = rates.replace(/(kind: Service\nmetadata:\n {2}name: )rates/, `$1${to}`);
  const before = { "deploy/pricer.yaml": pricer.replace("2.4.6", "2.4.5"), "deploy/rates.yaml": rates };
  // It was recorded as a first release.
  const scenario = { ...recording.scenario, good: "a".repeat(40) };
  const logs = Object.fromEntries(
    Object.entries(recording.logs).map(([name, text]) => [name, `${text.split("\n")[0]}\n2026-11-28T12:47:34.036459081Z ${said}\n`]),
  );
  const input = await caseOf({ ...recording, scenario, logs, before, after: { "deploy/pricer.yaml": pricer, "deploy/rates.yaml": renamed } });
  const found = input && consultPlaybook(input)[0]?.finding;
  if (found?.action.kind !== "fix") return found?.action.kind;
  return found.action.changes.map(({ object, before: was, after }) => `${found.target.container ?? "*"} ${object.kind} ${String(was)} → ${String(after)}`);
}

describe("what asks for a Service by its old name follows", () => {
  test("in a variable", async () => expect(await changesFor({})).toEqual(["pricer Deployment rates:80 → currencies:80"]));

  test("in the variables that Kubernetes makes of Services", async () => {
    const env = "- {name: FX_ADDR, value: '$(RATES_SERVICE_HOST):$(RATES_SERVICE_PORT)'}";
    expect(await changesFor({ env, said: "nc: bad address '$(RATES_SERVICE_HOST)'" })).toEqual([
      "pricer Deployment $(RATES_SERVICE_HOST):$(RATES_SERVICE_PORT) → $(CURRENCIES_SERVICE_HOST):$(CURRENCIES_SERVICE_PORT)",
    ]);
  });

  test("in an argument and in a file of a ConfigMap", async () => {
    const changes = await changesFor({ env: "- {name: TITLE, value: rates}", args: "['--fx=http://rates/v1']", config: "fx: http://rates:80/v1" });
    expect(changes).toEqual([
      "pricer Deployment --fx=http://rates/v1 → --fx=http://currencies/v1",
      "pricer ConfigMap fx: http://rates:80/v1\n → fx: http://currencies:80/v1\n",
    ]);
  });

  test("in another container of the workload too", async () => {
    const init = `      initContainers:\n      - name: wait\n        image: busybox:1.36\n        env: [{name: FX_HOST, value: rates}]\n`;
    expect(await changesFor({ init })).toEqual(["* Deployment rates:80 → currencies:80", "* Deployment rates → currencies"]);
  });
});

describe("people are asked", () => {
  test.each<[string, Renaming]>([
    ["where the log names something else", { said: "dial tcp: lookup payments on 10.96.0.10:53: no such host" }],
    ["where the Service is still called so", { to: "rates" }],
    ["where nothing that git sets holds the old name", { env: "- {name: TITLE, value: rates}" }],
    ["where the address has another port than the Service", { env: "- {name: FX_ADDR, value: 'rates:8081'}" }],
  ])("%s", async (_, renaming) => expect(await changesFor(renaming)).toBe("escalate"));
});

test("a program that is not ready without the Service is led to it as well, though nothing of its own changed", async () => {
  const recording = loadRecording("shop-69");
  const path = "deploy/deployment.yaml";
  const env = "          env: [{name: FX_URL, value: http://rates/v1}]\n          ports:";
  const deployment = (recording.after[path] ?? "").replace(", scheme: HTTPS", "").replace("          ports:", env);
  const service = (name: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: rates}, ports: [{port: 80, targetPort: 8080}]}\n`;
  const files = (name: string) => ({ [path]: deployment, "deploy/rates.yaml": service(name) });
  const said = (value: unknown) =>
    typeof value === "string" ? value.replace(/^Readiness probe failed: Get .*/, "Readiness probe failed: HTTP probe failed with statuscode: 503") : value;
  const objects = JSON.parse(JSON.stringify(recording.objects), (_, value) => said(value));
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-23T00:19:26.172191252Z level=ERROR ${NO_HOST}\n`]));
  const input = await caseOf({ ...recording, objects, logs, before: files("rates"), after: files("currencies") });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  expect(action?.kind === "fix" ? action.changes.map(({ after }) => after) : action).toEqual(["http://currencies/v1"]);
});
