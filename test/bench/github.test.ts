import { expect, test } from "vitest";
import { overLimit, tellStory } from "../../bench/github/story.ts";

test("a first pull request costs at most six writes and twelve reads, and what does not change costs none", async () => {
  const steps = await tellStory("as it is");
  expect(steps.map(({ name }) => name)).toContain("first pull request");
  expect(overLimit(steps)).toEqual([]);
});
