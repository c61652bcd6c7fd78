import { describe, expect, test } from "vitest";
import { play } from "../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../src/config/operator.ts";
import { createRepairParts } from "../src/parts.ts";
import { findRenderers } from "../src/source/render/renderers.ts";
import { fetchRenderers } from "./standins/renderers.ts";
import { loadRecording } from "./world/recording.ts";

const fetched = await fetchRenderers();
const renderers = fetched.kind === "ready" ? fetched.renderers : findRenderers({ path: process.env.PATH ?? "" });

/** The recorded failure with other manifests before and after the commit: what the lines of a file become, or why people are asked. */
async function repairOf(id: string, before: Record<string, string>, after: Record<string, string>): Promise<string[]> {
  const recording = loadRecording(id);
  const varied = { ...recording, before: { ...recording.before, ...before }, after: { ...recording.after, ...after } };
  const parts = createRepairParts(parseOperatorConfig({ AUTOFIX_ENGINE: "playbook" }), { cluster: { logs: async () => "" }, now: () => new Date() });
  const played = await play(varied, { parts, renderers, history: true });
  return played.flatMap((one) => {
    if (one.kind !== "fix") return one.kind === "escalate" ? [`escalate ${one.failureClass}`] : [one.kind];
    return one.files.flatMap(({ path, after: text }) => changedLines(varied.after[path] ?? "", text));
  });
}

function changedLines(old: string, now: string): string[] {
  const [was, is] = [old.split("\n"), now.split("\n")];
  return [
    ...was.filter((line) => !is.includes(line)).map((line) => `- ${line.trim()}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

const FILE = "deploy/deployment.yaml";
const goodFile = (id: string) => loadRecording(id).before[FILE] ?? "";
const badFile = (id: string) => loadRecording(id).after[FILE] ?? "";

describe("keys of a ConfigMap", () => {
  const map = (data: Record<string, string>) => ({
    "deploy/rates.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rates\ndata:\n${Object.entries(data)
      .map(([key, value]) => `  ${key}: "${value}"\n`)
      .join("")}`,
    [FILE]: badFile("shop-06"),
  });
  const second =
    "\n            - name: ROUNDING\n              valueFrom:\n                configMapKeyRef:\n                  name: rates\n                  key: rounding";
  const withSecond = (files: Record<string, string>) => ({ ...files, [FILE]: `${(files[FILE] ?? "").trimEnd()}${second}\n` });

  test("one that was taken out and is still asked for comes back, and the rest of the commit stays", async () => {
    expect(await repairOf("shop-06", map({ baseCurrency: "EUR", rounding: "2" }), map({ rounding: "4" }))).toEqual(["+ baseCurrency: EUR"]);
  });

  test("one that has another name now is asked for by that name", async () => {
    expect(await repairOf("shop-06", map({ baseCurrency: "EUR", rounding: "2" }), map({ currencyOfBase: "EUR", rounding: "2" }))).toEqual([
      "- key: baseCurrency",
      "+ key: currencyOfBase",
    ]);
  });

  test("all that were renamed are followed, though the kubelet names the first only", async () => {
    const [before, after] = [map({ baseCurrency: "EUR", rounding: "2" }), map({ "base-currency": "EUR", digits: "2" })];
    expect(await repairOf("shop-06", withSecond(before), withSecond(after))).toEqual([
      "- key: baseCurrency",
      "- key: rounding",
      "+ key: base-currency",
      "+ key: digits",
    ]);
  });

  test("one that was never there is for people", async () => {
    expect(await repairOf("shop-06", map({ rounding: "2" }), map({ rounding: "4" }))).toEqual(["escalate config-key-missing"]);
  });
});

test("a port that was changed in both probes goes back in both, though only one of them has failed", async () => {
  const bothProbes = badFile("shop-09").replace("path: /healthz, port: http", "path: /healthz, port: 9090");
  expect(await repairOf("shop-09", {}, { [FILE]: bothProbes })).toEqual([
    "- httpGet: {path: /readyz, port: 9090}",
    "- httpGet: {path: /healthz, port: 9090}",
    "+ httpGet: {path: /readyz, port: http}",
    "+ httpGet: {path: /healthz, port: http}",
  ]);
});

test("an image that cannot be pulled goes back in every container of the pod", async () => {
  const migrating = (text: string, tag: string) =>
    text.replace("      containers:\n", `      initContainers:\n        - name: migrate\n          image: acme/checkout:${tag}\n      containers:\n`);
  expect(await repairOf("shop-01", { [FILE]: migrating(goodFile("shop-01"), "1.4.1") }, { [FILE]: migrating(badFile("shop-01"), "1.4.7") })).toEqual([
    "- image: acme/checkout:1.4.7",
    "- image: acme/checkout:1.4.7   # keep in step with the changelog",
    "+ image: acme/checkout:1.4.1",
    "+ image: acme/checkout:1.4.1   # keep in step with the changelog",
  ]);
});

describe("variables that were renamed", () => {
  const named = (prefix: string) =>
    goodFile("shop-18")
      .replace("name: DATABASE_URL", `name: ${prefix}_URL`)
      .replace("            - name: REQUIRED_ENV", `            - name: ${prefix}_POOL\n              value: "8"\n            - name: REQUIRED_ENV`);

  test("in the same way as the one that the program misses come back with it", async () => {
    expect(await repairOf("shop-18", { [FILE]: named("DATABASE") }, { [FILE]: named("DB") })).toEqual(["+ - name: DATABASE_URL", "+ - name: DATABASE_POOL"]);
  });

  test("in another way stay", async () => {
    const other = named("DB").replace("DB_POOL", "POOL_SIZE");
    expect(await repairOf("shop-18", { [FILE]: named("DATABASE") }, { [FILE]: other })).toEqual(["+ - name: DATABASE_URL"]);
  });
});

test.skipIf(renderers.helm === undefined)(
  "values that moved under a key which the chart does not read move back together, though the log misses one of them",
  async () => {
    const values = (key: string) => ({ "charts/feed/values-prod.yaml": `replicaCount: 2\n${key}:\n  CURRENCY: EUR\n  PAGE_SIZE: "20"\n` });
    expect(await repairOf("shop-995", values("env"), values("environment"))).toEqual(["- environment:", "+ env:"]);
  },
);
