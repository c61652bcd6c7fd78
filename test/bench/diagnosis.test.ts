import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type BenchCase, loadCases } from "../../bench/diagnosis/cases.ts";
import { judge } from "../../bench/diagnosis/judge.ts";
import type { Played } from "../../bench/diagnosis/play.ts";
import { summarise } from "../../bench/diagnosis/report.ts";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { loadRecording } from "../world/recording.ts";

const MEMORY = "Deployment/web spec.template.spec.containers[name=web].resources.limits.memory";

function web(image: string, memory: string): KubeObject {
  const container = { name: "web", image, resources: { limits: { memory } } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec: { template: { spec: { containers: [container] } } } };
}

function fixedTo(image: string, memory: string): Played {
  const rendered = (object: KubeObject) => ({ kind: "rendered" as const, objects: [object], inputs: [] });
  const target = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  const [before, broken, fixed] = [web("web:1", "256Mi"), web("web:2", "64Mi"), web(image, memory)].map(rendered);
  if (!before || !broken || !fixed) throw new Error("unreachable");
  return { kind: "fix", failureClass: "out-of-memory", files: [], target, before, broken, fixed };
}

/** One commit released web:2 and lowered the limit; only the limit is to blame. */
const CASE: BenchCase = {
  recording: loadRecording("shop-57"),
  answer: "manifest fix",
  expected: { class: ["out-of-memory"], fixes: [[{ field: MEMORY, to: "before" }], [{ field: MEMORY, to: { atLeast: "128Mi" } }]] },
};

test.each([
  ["the limit as it was", fixedTo("web:2", "256Mi"), "right", true],
  ["another limit that is enough", fixedTo("web:2", "160Mi"), "right", true],
  ["a limit that is still too low", fixedTo("web:2", "96Mi"), "wrong", true],
  ["the whole commit back", fixedTo("web:1", "256Mi"), "wrong", false],
  ["only the release back", fixedTo("web:1", "64Mi"), "wrong", false],
  ["nothing", { kind: "escalate", failureClass: "out-of-memory", why: "" } as const, "missed", undefined],
])("%s is %s", (_, played, verdict, minimal) => {
  const judged = judge(CASE, played);
  expect([judged.verdict, judged.minimal]).toEqual([verdict, minimal]);
});

test("a fix where people are needed is wrong, silence there is noise", () => {
  const human: BenchCase = { ...CASE, answer: "escalate" };
  expect(judge(human, fixedTo("web:2", "256Mi")).verdict).toBe("wrong");
  expect(judge(human, { kind: "silence", why: "" }).verdict).toBe("noise");
  expect(judge(human, { kind: "escalate", failureClass: "unknown", why: "" })).toMatchObject({ verdict: "right", classRight: false });
});

test("without an expectation only the whole commit back is right; a part of it is for a person to judge", () => {
  const foreign: BenchCase = { recording: CASE.recording, answer: "manifest fix" };
  expect(judge(foreign, fixedTo("web:1", "256Mi")).verdict).toBe("right");
  expect(judge(foreign, fixedTo("web:2", "256Mi"))).toMatchObject({ verdict: "other", detail: expect.stringContaining("puts a part of the commit back") });
});

test("a wrong fix costs one, and each class weighs the same", () => {
  const result = { way: "w", case: "c", answer: "manifest fix", detail: "" };
  const { macro } = summarise([
    { ...result, group: "a", verdict: "right" },
    { ...result, group: "a", verdict: "right" },
    { ...result, group: "a", verdict: "right" },
    { ...result, group: "b", verdict: "wrong" },
  ]);
  expect(macro.map(({ score, fixRight, wrong }) => ({ score, fixRight, wrong }))).toEqual([{ score: 0, fixRight: 0.5, wrong: 1 }]);
});

test("a foreign folder that is not complete is named, and the others are read", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-cases-"));
  try {
    mkdirSync(join(folder, "a-empty"));
    mkdirSync(join(folder, "b-partial"));
    writeFileSync(join(folder, "b-partial", "scenario.json"), "{}");
    const loaded = loadCases(folder);
    expect(loaded.map((one) => (one.kind === "broken" ? `${one.name}: ${one.error.slice(folder.length + 1)}` : one.kind))).toEqual([
      "a-empty: a-empty/scenario.json is missing",
      "b-partial: b-partial/objects.json is missing",
    ]);
    expect(() => loadCases(join(folder, "nowhere"))).toThrow(/there is no folder/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
