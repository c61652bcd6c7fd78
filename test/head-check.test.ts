import { expect, test } from "vitest";
import { endIds, loadRecording, recordingIds } from "./world/recording.ts";
import { startWorld } from "./world/world.ts";

/**
 * Recordings whose fix is of a kind of its own: an image, an overlay's patch, values, what the API server refused, a broken file, another object; a generator's
 * file as text and as pairs, lines of a kustomization and of a chart's template, quotes in one, a document beside one that no fix edits, a patch for
 * whatever its kustomization names, a Service beside whose manifest one workload stands, a document with anchors,
 * what another delivery renamed, what an overlay says otherwise than its base, and what its patch ordered away. */
const KINDS = [
  "shop-01",
  "shop-04",
  "shop-08",
  "shop-20",
  "shop-23",
  "shop-26",
  "shop-28",
  "shop-37",
  "shop-38",
  "shop-201",
  "shop-208",
  "shop-224",
  "shop-228",
  "shop-420",
  "shop-792",
  "shop-1168",
  "shop-1294",
  "shop-1325",
  "shop-1420",
  "shop-1432",
  "shop-1437",
  "shop-1438",
];

/** With a fresh process and "Re-run" pressed, nothing is left of the verdict that the fix was proposed with. */
test.each([...recordingIds(), ...endIds()].filter((id) => KINDS.includes(id)))("%s: the bot's own commit passes the check of its branch's head", async (id) => {
  const world = await startWorld(loadRecording(id));
  try {
    await world.ending(({ ending }) => ending.kind === "proposed");
    await world.restart();
    const head = (await world.repository.pull(1)).head.sha;
    const [first] = await world.repository.checkRuns(head);
    const from = world.endings.length;
    await world.repository.rerun(first?.id ?? 0);
    await world.github.settled();
    await world.ending(({ ending }) => ending.kind === "standing", from);
    const runs = await world.repository.checkRuns(head);
    expect(runs.at(-1)).toMatchObject({ conclusion: "success", output: { summary: expect.not.stringContaining("Confidence") } });
  } finally {
    await world.close();
  }
});
