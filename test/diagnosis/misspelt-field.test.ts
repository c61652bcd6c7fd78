import { expect, test } from "vitest";
import { play } from "../../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../../src/config/operator.ts";
import { createRepairParts } from "../../src/parts.ts";
import { findRenderers } from "../../src/source/render/renderers.ts";
import { loadRecording } from "../world/recording.ts";

const KUBECTL = "does not contain declared merge key: containerPort";
const renderers = findRenderers({ path: process.env.PATH ?? "" });

/** The lines that differ in the fix for shop-26 with these changes of its Deployment, in a first release: no revision that worked is known. */
async function fixOf(misspelt: [right: string, wrong: string][], said: string): Promise<string[] | string> {
  const recording = loadRecording("shop-26");
  const objects = JSON.parse(JSON.stringify(recording.objects).replaceAll(/map: map\[name:http\] [^"\\]*/g, JSON.stringify(said).slice(1, -1)));
  const [path = ""] = Object.keys(recording.before).filter((name) => recording.before[name] !== recording.after[name]);
  const text = misspelt.reduce((now, [right, wrong]) => now.replace(right, wrong), recording.before[path] ?? "");
  const after = { ...recording.after, [path]: text };
  const parts = createRepairParts(parseOperatorConfig({ AUTOFIX_ENGINE: "playbook" }), { cluster: { logs: async () => "" }, now: () => new Date() });
  const [played] = await play({ ...recording, objects, after }, { parts, renderers, history: false });
  if (played?.kind !== "fix") return played?.why ?? "nothing";
  const now = text.split("\n");
  return played.files.flatMap(({ after: fixed }) => fixed.split("\n").filter((line, i) => line !== now[i])).map((line) => line.trim());
}

test("a field that the schema does not know is spelt as the only one that is almost alike", async () => {
  const ports: [string, string] = ["containerPort:", "conatinerPort:"];
  const probe: [string, string] = ["readinessProbe:", "readynessProbe:"];
  expect(await fixOf([ports], KUBECTL)).toEqual(["containerPort: 8080"]);
  expect(await fixOf([ports], 'strict decoding error: unknown field "spec.template.spec.containers[0].ports[0].conatinerPort"')).toEqual([
    "containerPort: 8080",
  ]);
  expect(await fixOf([probe], '.spec.template.spec.containers[name="tax"].readynessProbe: field not declared in schema')).toEqual(["readinessProbe:"]);
});

test("every field that the API server does not know is mended at once", async () => {
  const wrong: [string, string][] = [
    ["containerPort:", "conatinerPort:"],
    ["readinessProbe:", "readynessProbe:"],
  ];
  const fields = ["spec.template.spec.containers[0].readynessProbe", "spec.template.spec.containers[0].ports[0].conatinerPort"];
  expect(await fixOf(wrong, `strict decoding error: ${fields.map((field) => `unknown field "${field}"`).join(", ")}`)).toEqual([
    "containerPort: 8080",
    "readinessProbe:",
  ]);
});

test("a field that is like none is left to people", async () => {
  const strange: [string, string][] = [["readinessProbe:", "whenReady:"]];
  expect(await fixOf(strange, 'strict decoding error: unknown field "spec.template.spec.containers[0].whenReady"')).toBe(
    "no value is known with which this worked",
  );
});
