import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitHubStandIn, startGitHub } from "./standins/github.ts";
import { loadRecording, recordingIds, truthOf } from "./world/recording.ts";
import { repositoryOfRecording, startWorld } from "./world/world.ts";

/**
 * Recordings whose answer is a manifest fix and that the App does not repair yet. They are no successes: the App must say so in an issue, and not
 * propose anything.
 */
const NOT_YET: Record<string, string> = {
  "shop-19": "no user id is known with which the image works, and runAsNonRoot is never taken back",
  "shop-39": "Helm took the failing pods away, and nothing left names the cause; an App that watched finds it: watched-recordings.test.ts",
};

interface Row {
  id: string;
  answer: string;
  outcome: "pull request" | "issue" | "silence";
  title: string;
  lines: string[];
}

let github: GitHubStandIn;

beforeAll(async () => {
  github = await startGitHub({ repositories: recordingIds().map((id) => repositoryOfRecording(loadRecording(id))) });
});

afterAll(() => github.stop());

/** The end of a recording, seen by an App that starts now: what does it do? */
async function play(id: string): Promise<Row> {
  const world = await startWorld(loadRecording(id), { github });
  try {
    await world.allLookedAt();
    const [pulls, issues] = [await world.repository.pulls(), await world.repository.issues()];
    expect(pulls.length + issues.length, `${id}: one incident leads to one pull request or one issue`).toBeLessThanOrEqual(1);
    const pull = pulls[0];
    // Recorded times are shifted to now.
    const title = (pull?.title ?? issues[0]?.title ?? "").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)");
    const outcome = pull ? "pull request" : issues[0] ? "issue" : "silence";
    return { id, answer: truthOf(id).answer, outcome, title, lines: changedLines(pull?.body ?? "") };
  } finally {
    await world.close();
  }
}

function changedLines(body: string): string[] {
  const diff = /```diff\n([\s\S]*?)\n```/.exec(body)?.[1] ?? "";
  return diff.split("\n").filter((line) => /^[-+]/.test(line) && !line.startsWith("--- "));
}

const RIGHT = { "manifest fix": "pull request", escalate: "issue", "nothing to do": "silence" } as const;

function judge({ id, answer, outcome }: Row): string {
  if (NOT_YET[id]) return outcome === "issue" ? `not yet: ${NOT_YET[id]}` : `WRONG: ${outcome}, listed as not yet`;
  return RIGHT[answer as keyof typeof RIGHT] === outcome ? "right" : `WRONG: ${outcome}`;
}

function asText(row: Row): string {
  const lines = row.lines.map((line) => `    ${line}`);
  return [`${row.id}  answer: ${row.answer}  outcome: ${row.outcome}  ${judge(row)}`, ...(row.title ? [`    ${row.title}`] : []), ...lines].join("\n");
}

test("every recorded failure, played through the whole App", { timeout: 280_000 }, async () => {
  const rows: Row[] = [];
  const ids = recordingIds();
  for (let i = 0; i < ids.length; i += 3) rows.push(...(await Promise.all(ids.slice(i, i + 3).map(play))));
  const table = rows.map(asText).join("\n");
  console.log(table);
  expect(rows.filter((row) => judge(row).startsWith("WRONG")).map(asText)).toEqual([]);
  await expect(`${table}\n`).toMatchFileSnapshot("recordings/outcomes.txt");
});
