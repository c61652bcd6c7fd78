import { beforeAll, describe, expect, test } from "vitest";
import { type BenchCase, loadCases } from "../../bench/diagnosis/cases.ts";
import { judge } from "../../bench/diagnosis/judge.ts";
import { type Played, type Player, play } from "../../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../../src/config/operator.ts";
import { createRepairParts } from "../../src/parts.ts";
import { fetchRenderers } from "../standins/renderers.ts";

/**
 * A model that nobody scripted, asked about every kind of recorded failure: whatever it answers, nothing wrong may get through the guards. It says nothing about
 * how good a capable model is. `MODEL_TEST_CASES` is how many recordings are played (a number, or "all"), spread over all of them.
 */
const endpoint = process.env.OPENAI_BASE_URL && process.env.OPENAI_MODEL;
if (!endpoint) console.error("skipped: no model here (OPENAI_BASE_URL and OPENAI_MODEL name none), so none is asked about the recorded failures");

const CASES = spread(
  loadCases(undefined).flatMap((one) => (one.kind === "loaded" && one.case.answer !== "nothing to do" ? [one.case] : [])),
  process.env.MODEL_TEST_CASES ?? "4",
);

/** Sizes for a model with a context of 8,192 tokens that must not take all day; the environment may say otherwise. */
const SIZES = { AUTOFIX_MODEL_PROMPT_TOKENS: "2000", AUTOFIX_MODEL_ANSWER_TOKENS: "200", AUTOFIX_MODEL_SECONDS: "180" };

let player: Player;

beforeAll(async () => {
  const fetched = await fetchRenderers();
  if (fetched.kind !== "ready") throw new Error(fetched.reason);
  const config = parseOperatorConfig({ ...SIZES, ...process.env, AUTOFIX_ENGINE: "model" });
  const parts = createRepairParts(config, { cluster: { logs: async () => "" }, now: () => new Date() });
  player = { parts, renderers: fetched.renderers, history: true };
}, 120_000);

describe.skipIf(!endpoint)("a real model's answers", () => {
  test.each(CASES.map((one) => [one.recording.id, one] as const))("about %s: nothing wrong gets through", async (id, one) => {
    const played = await play(one.recording, player);
    const judged = judge(one, played);
    console.log(`${id}: ${judged.verdict}: ${judged.detail}`);
    expect(judged.verdict).not.toBe("wrong");
    expect(wasAsked(played)).toBe(true);
  });
});

/** An endpoint that is down proves nothing. */
function wasAsked(played: readonly Played[]): boolean {
  return played.some((one) => one.kind !== "escalate" || !one.why.startsWith("the endpoint answered"));
}

function spread(cases: readonly BenchCase[], wanted: string): readonly BenchCase[] {
  if (wanted === "all") return cases;
  const step = Math.max(1, Math.floor(cases.length / Math.max(1, Number(wanted))));
  return cases.filter((_, i) => i % step === 0).slice(0, Number(wanted));
}
