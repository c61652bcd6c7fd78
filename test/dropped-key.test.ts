import { expect, test } from "vitest";
import { play } from "../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../src/config/operator.ts";
import { createRepairParts } from "../src/parts.ts";
import { findRenderers } from "../src/source/renderers.ts";
import { loadRecording } from "./world/recording.ts";

const BEFORE = { baseCurrency: '"EUR"', rounding: '"2"' };

/** shop-06, where the Deployment asks for `baseCurrency`, with other keys in its ConfigMap before and after the commit. */
async function playedWith(before: Record<string, string>, after: Record<string, string>) {
  const recording = loadRecording("shop-06");
  const deployment = recording.after["deploy/deployment.yaml"] ?? "";
  const map = (data: Record<string, string>) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rates\ndata:\n${Object.entries(data)
      .map(([key, value]) => `  ${key}: ${value}\n`)
      .join("")}`;
  const files = (data: Record<string, string>) => ({ ...recording.after, "deploy/deployment.yaml": deployment, "deploy/rates.yaml": map(data) });
  const parts = createRepairParts(parseOperatorConfig({ AUTOFIX_ENGINE: "playbook" }), { cluster: { logs: async () => "" }, now: () => new Date() });
  const played = await play({ ...recording, before: files(before), after: files(after) }, { parts, renderers: findRenderers({ path: "" }), history: true });
  return played.map((one) => (one.kind === "fix" ? one.files.map(({ path, after: text }) => [path, text]) : one));
}

test("a key that was taken out of its ConfigMap and is still asked for comes back, and the rest of the commit stays", async () => {
  expect(await playedWith(BEFORE, { rounding: '"4"' })).toEqual([
    [["deploy/rates.yaml", expect.stringMatching(/^ {2}rounding: "4"\n {2}baseCurrency: "?EUR"?\n$/m)]],
  ]);
});

test("a key that has another name now is asked for by that name", async () => {
  const [files] = await playedWith(BEFORE, { currencyOfBase: '"EUR"', rounding: '"2"' });
  expect(files).toEqual([["deploy/deployment.yaml", expect.stringContaining("key: currencyOfBase")]]);
});

test("a key that was never there is for people", async () => {
  expect(await playedWith({ rounding: '"2"' }, { rounding: '"4"' })).toEqual([
    expect.objectContaining({ kind: "escalate", failureClass: "config-key-missing" }),
  ]);
});
