import { beforeAll, expect, test } from "vitest";
import { ownCases } from "../bench/diagnosis/cases.ts";
import { judge } from "../bench/diagnosis/judge.ts";
import { type Player, play } from "../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../src/config/operator.ts";
import { createRepairParts } from "../src/parts.ts";
import { fetchRenderers } from "./standins/renderers.ts";
import { disguised } from "./world/disguise.ts";
import { recordingIds } from "./world/recording.ts";
import { isSampled } from "./world/sample.ts";

/** What the playbook leaves to people although a manifest edit is the answer: test/all-recordings.test.ts tells why. */
const LEFT_TO_PEOPLE = new Set(["shop-19"]);

let player: Player;

beforeAll(async () => {
  const fetched = await fetchRenderers();
  if (fetched.kind !== "ready") throw new Error(fetched.reason);
  const parts = createRepairParts({ ...parseOperatorConfig({}), engine: "playbook" }, { cluster: { logs: async () => "" }, now: () => new Date() });
  player = { parts, renderers: fetched.renderers, history: true };
}, 120_000);

const CASES = ownCases(recordingIds().filter((id) => isSampled(id, 3))).flatMap((one) => (one.kind === "loaded" ? [one.case] : []));

test.each(CASES.map((one) => [one.recording.id, one] as const))("%s is judged alike under other names and amid noise", { timeout: 60_000 }, async (id, one) => {
  const told = disguised(one);
  const judged = judge(told, await play(told.recording, player));
  expect(`${judged.verdict}: ${judged.detail}`).toMatch(LEFT_TO_PEOPLE.has(id) ? /^missed/ : /^right/);
  if (judged.classRight !== undefined) expect(judged.classRight).toBe(true);
});
