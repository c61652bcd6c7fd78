import { afterAll, beforeAll, expect, test } from "vitest";
import { refOf } from "../src/cluster/objects.ts";
import { type GitHubStandIn, startGitHub } from "./standins/github.ts";
import { loadRecording, type Recording } from "./world/recording.ts";
import { watchRecording } from "./world/sequence.ts";
import { repositoryOfRecording } from "./world/world.ts";

/**
 * The App was there before the breaking push, and lives through everything that was recorded. In the end states of shop-39 and shop-42 Helm has taken the
 * failing pods away: only who watched can tell why they failed.
 */
const FIXED: Record<string, string[]> = {
  "shop-38": ["-      tag: 1.6.0   # released", "+      tag: 1.4.1   # released"],
  "shop-39": ["-        memory: 64Mi", "+        memory: 256Mi"],
  "shop-42": ["+      HARBOUR: north"],
  "shop-01": [
    "-          image: acme/checkout:1.4.7   # keep in step with the changelog",
    "+          image: acme/checkout:1.4.1   # keep in step with the changelog",
  ],
  "shop-33": ["-          args: [migrat]", "+          args: [migrate]"],
  "shop-47": ["+                - name: DATABASE_URL", "+                  value: postgres://nightly@db.internal/nightly"],
  "shop-63": ["-              memory: 48Mi", "+              memory: 160Mi"],
};
/** Container and last line of pods that were gone when the recorder collected logs. */
const GONE_LOGS: Record<string, [container: string, line: string]> = {
  "shop-42": ["shop", 'time=2026-11-22T22:00:00.000Z level=ERROR msg="required environment variable is not set" name=HARBOUR'],
  "shop-47": ["nightly", 'time=2026-11-22T22:00:00.000Z level=ERROR msg="migration aborted: DATABASE_URL is not set"'],
};
const SILENT = ["shop-43", "shop-45"];

let github: GitHubStandIn;

beforeAll(async () => {
  github = await startGitHub({ repositories: [...Object.keys(FIXED), ...SILENT].map((id) => repositoryOfRecording(loadRecording(id))) });
});

afterAll(() => github.stop());

/** The recorder collected logs at the end only; what the program prints when a variable is missing is known from other recordings. */
function logsOfGonePods({ sequence }: Recording, container: string, line: string): Recording["logs"] {
  const pods = new Set(sequence.flatMap(({ seconds, object }) => (seconds > 0 && object.kind === "Pod" ? [refOf(object).name] : [])));
  const names = [...pods].flatMap((pod) => [`${pod}.${container}`, `${pod}.${container}.previous`]);
  return Object.fromEntries(names.map((name) => [name, `2026-11-22T22:00:00Z ${line}\n`]));
}

function changedLines(body: string): string[] {
  const diff = /```diff\n([\s\S]*?)\n```/.exec(body)?.[1] ?? "";
  return diff.split("\n").filter((line) => /^[-+](?![-+]{2} )/.test(line));
}

test.concurrent.each(Object.entries(FIXED))(
  "%s: one pull request with the fix, from what was seen while it failed",
  { timeout: 120_000 },
  async (id, lines) => {
    const recording = loadRecording(id);
    const gone = GONE_LOGS[id];
    const { world, played } = await watchRecording(recording, github, gone ? logsOfGonePods(recording, ...gone) : {});
    try {
      await played;
      await world.ending(({ ending }) => ending.kind === "proposed" || ending.kind === "handed-over");
      const pulls = await world.repository.pulls();
      expect(pulls.map(({ body }) => changedLines(body ?? ""))).toEqual([lines]);
      expect(await world.repository.issues()).toEqual([]);
    } finally {
      await world.close();
    }
  },
);

test.concurrent.each(SILENT)("%s: nothing is said about a rollout that ends well", { timeout: 120_000 }, async (id) => {
  const { world, played } = await watchRecording(loadRecording(id), github);
  try {
    await played;
    expect([...(await world.repository.pulls()), ...(await world.repository.issues())]).toEqual([]);
  } finally {
    await world.close();
  }
});
