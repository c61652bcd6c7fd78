import { expect, test, vi } from "vitest";
import { ENTERPRISE } from "../standins/github/front.ts";
import { startGitHub } from "../standins/github.ts";
import { healedState } from "../world/healed.ts";
import { loadRecording } from "../world/recording.ts";
import { recordedUrl, repositoryOfRecording, startWorld } from "../world/world.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

test("on a GitHub Enterprise Server everything goes to its own address, and nothing that is written points elsewhere", async () => {
  const recorded = loadRecording("shop-01");
  const name = repositoryOfRecording(recorded);
  const github = await startGitHub({ repositories: [name] });
  // The cluster pulls from the server itself: the repository is known by its address, without an alias.
  const recording = JSON.parse(JSON.stringify(recorded).replaceAll(recordedUrl(recorded), `${github.url}/${name}.git`));
  const environment = { GITHUB_API_URL: `${github.url}${ENTERPRISE}`, AUTOFIX_REPOSITORY_ALIASES: "" };
  const settings = { ".github/autofix.yml": "pullRequests: {reviewers: [ada], maxOpen: 1}\n" };
  const world = await startWorld(recording, { github, environment, files: settings });
  await world.ending(({ ending }) => ending.kind === "proposed");
  await world.repository.comment(1, "/autofix help");
  await expect.poll(() => world.repository.comments(1), { timeout: 60_000 }).toHaveLength(2);
  world.cluster.set(healedState(recording, await world.repository.merge(1)));
  await world.ending(({ ending }) => ending.kind === "verdict");
  await world.repository.commit({ ".github/autofix.yml": "enabled: 1\n" });
  await expect.poll(() => world.repository.issues(), { timeout: 60_000 }).toHaveLength(1);

  expect(world.github.requests.filter(({ path }) => !path.startsWith(`${ENTERPRISE}/`))).toEqual([]);
  expect(world.github.requests.some(({ path }) => path.endsWith("/access_tokens"))).toBe(true);
  const texts = [(await world.repository.pull(1)).body, ...(await world.repository.comments(1)).map(({ body }) => body)];
  for (const text of texts) expect(text).not.toContain("github.com");
  const [run] = await world.repository.checkRuns((await world.repository.pull(1)).head.sha);
  expect(JSON.stringify(run?.output)).not.toContain("github.com");
  await world.close();
  await github.stop();
});
