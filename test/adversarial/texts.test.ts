import { describe, expect, it } from "vitest";
import { fetched } from "../guards/planned-story.ts";
import { edited, judgeText } from "../guards/text-delivery.ts";
import { TEXTS } from "../honest/texts.ts";
import { ANYWHERE, SINGLE } from "./texts.ts";

const ATTACKS = [...TEXTS.flatMap(({ name: on }) => ANYWHERE.map((attack) => ({ on, ...attack }))), ...SINGLE];

describe.skipIf(fetched.kind === "unavailable")("a hostile repair of text is refused", { timeout: 60_000 }, () => {
  it.each(ATTACKS)("$family: $name ($on)", async ({ on, files, proposal = {} }) => {
    const story = TEXTS.find(({ name }) => name === on);
    if (!story) throw new Error(`no honest repair ${on}`);
    const right = edited(story.now, story.fix);
    const judged = await judgeText(story, files(right, story), proposal);
    expect(judged).not.toContain("approved");
    expect(judged.filter((rule) => rule.endsWith("guard-failed"))).toEqual([]);
  });

  it("is tried in many ways", () => {
    console.error(`hostile repairs of text: ${ATTACKS.length} in ${new Set(ATTACKS.map(({ family }) => family)).size} families`);
    expect(ATTACKS.length).toBeGreaterThanOrEqual(150);
  });
});
