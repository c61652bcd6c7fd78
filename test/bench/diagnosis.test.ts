import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type BenchCase, callersPath, loadCases } from "../../bench/diagnosis/cases.ts";
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
  const judged = judge(CASE, [played]);
  expect([judged.verdict, judged.minimal]).toEqual([verdict, minimal]);
});

test("a fix where people are needed is wrong, silence there is noise", () => {
  const human: BenchCase = { ...CASE, answer: "escalate" };
  expect(judge(human, [fixedTo("web:2", "256Mi")]).verdict).toBe("wrong");
  expect(judge(human, [{ kind: "silence", why: "" }]).verdict).toBe("noise");
  expect(judge(human, [{ kind: "escalate", failureClass: "unknown", why: "" }])).toMatchObject({ verdict: "right", classRight: false });
});

test("without an expectation only the whole commit back is right; a part of it is for a person to judge", () => {
  const foreign: BenchCase = { recording: CASE.recording, answer: "manifest fix" };
  expect(judge(foreign, [fixedTo("web:1", "256Mi")]).verdict).toBe("right");
  expect(judge(foreign, [fixedTo("web:2", "256Mi")])).toMatchObject({ verdict: "other", detail: expect.stringContaining("puts a part of the commit back") });
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

test("of several incidents of one case a wrong fix counts, else the right one", () => {
  const waiting: Played = { kind: "silence", why: "it may still start" };
  expect(judge(CASE, [waiting, fixedTo("web:2", "256Mi")]).verdict).toBe("right");
  expect(judge(CASE, [fixedTo("web:2", "256Mi"), fixedTo("web:1", "256Mi")]).verdict).toBe("wrong");
  expect(judge({ ...CASE, answer: "nothing to do" }, [waiting, { kind: "escalate", failureClass: "node", why: "" }]).verdict).toBe("noise");
});

test("what the broken state cannot show stays as the commit has it", () => {
  const played = (image: string): Played => ({ ...fixedTo(image, "256Mi"), broken: { kind: "failed", message: "", inputs: [] } }) as Played;
  const wanted: BenchCase = {
    ...CASE,
    expected: { class: ["helm-failed"], fixes: [], keep: [{ field: "Deployment/web spec.template.spec.containers[name=web].image", to: { value: "web:2" } }] },
  };
  expect(judge(wanted, [played("web:2")]).verdict).toBe("right");
  expect(judge(wanted, [played("web:1")]).verdict).toBe("wrong");
});

describe("a folder of cases", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-cases-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const sha = "0123456789abcdef0123456789abcdef01234567";
  const delivery: KubeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "x", namespace: "argocd" } };
  const scenario = { name: "x", tool: "argocd", path: "deploy", good: sha, bad: sha, subject: "s", delivery, truth: { cause: "c", answer: "escalate" } };
  const whole: Record<string, string> = {
    "scenario.json": JSON.stringify(scenario),
    "objects.json": JSON.stringify({ items: [delivery] }),
    "repository/before/deploy/a.yaml": "a: 1",
    "repository/after/deploy/a.yaml": "a: 2",
  };

  function loadedWith(name: string, files: Record<string, string | undefined>): string {
    const cases = join(folder, name);
    for (const [path, text] of Object.entries({ ...whole, ...files })) {
      if (text === undefined) continue;
      mkdirSync(join(cases, "one", path, ".."), { recursive: true });
      writeFileSync(join(cases, "one", path), text);
    }
    return loadCases(cases)
      .map((one) => (one.kind === "broken" ? `${one.name}: ${one.error}` : one.kind))
      .join("\n");
  }

  test.each<[string, Record<string, string | undefined>, string]>([
    ["is read without logs, sequence and expectation", {}, "loaded"],
    ["lacks its scenario", { "scenario.json": undefined }, "one: scenario.json is missing"],
    ["has half a scenario", { "scenario.json": JSON.stringify({ ...scenario, truth: {} }) }, "one: scenario.json: truth.answer Invalid option"],
    ["has objects of nobody", { "objects.json": '{"items": [{"name": "x"}]}' }, "one: objects.json: items.0 is no Kubernetes object"],
    ["has cut objects", { "objects.json": '{"items": [' }, "one: objects.json is no JSON"],
    ["lacks the broken tree", { "repository/after/deploy/a.yaml": undefined }, "one: repository/after is missing or empty"],
    ["has a sequence that is no gzip", { "sequence.jsonl.gz": "plain" }, "one: sequence.jsonl.gz cannot be unpacked"],
    ["expects something else", { "expected.json": '{"class": []}' }, "one: expected.json: class"],
  ])("%s", (name, files, said) => {
    expect(loadedWith(name, files)).toContain(said);
  });

  test("relative paths are the caller's, wherever npm runs the benchmark", () => {
    expect(callersPath("one", { INIT_CWD: join(folder, "lacks its scenario") })).toBe(join(folder, "lacks its scenario", "one"));
    expect(callersPath("bench", { INIT_CWD: folder })).toBe(join(process.cwd(), "bench"));
    expect(() => loadCases(join(folder, "nowhere"))).toThrow(/there is no folder/);
  });
});
