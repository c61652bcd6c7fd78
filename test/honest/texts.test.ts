import { describe, expect, it } from "vitest";
import { fetched } from "../guards/planned-story.ts";
import { edited, judgeText } from "../guards/text-delivery.ts";
import { TEXTS } from "./texts.ts";

describe.skipIf(fetched.kind === "unavailable")("an honest repair of text is approved", () => {
  it.each(TEXTS)("$name", async (story) => {
    expect(await judgeText(story, edited(story.now, story.fix))).toEqual(["approved"]);
  });
});
