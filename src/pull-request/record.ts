import type { Octokit } from "@octokit/rest";
import { replaceAttempts } from "./body.ts";
import { commentOnce } from "./comment.ts";
import { prose } from "./escape.ts";
import { parseMarker, replaceMarker } from "./marker.ts";
import type { Attempt, OurPull } from "./pull.ts";
import { coordinates } from "./requests.ts";

/**
 * Says what became of the deployment after the merge, once, and remembers it in the marker. The comment comes first: where the second write is
 * lost, the next call finds the comment and only writes the marker.
 * @param words plain text; what the cluster said may be in it
 */
export async function recordVerdict(octokit: Octokit, pull: OurPull, botLogin: string, verdict: "healed" | "not-healed", words: string): Promise<void> {
  if (pull.verdict === verdict) return;
  const place = { repository: pull.repository, number: pull.number, botLogin };
  await commentOnce(octokit, place, "verdict", `${verdict === "healed" ? "✅" : "❌"} ${prose(words, 1000)}`);
  const marker = parseMarker(pull.body);
  if (marker) await writeBody(octokit, pull, replaceMarker(pull.body, { ...marker, verdict }));
}

/** Keeps an attempt that led to no new change (refused, no safe fix) in the pull request: in the table and in the marker. */
export async function recordAttempt(octokit: Octokit, pull: OurPull, attempt: Attempt): Promise<void> {
  const marker = parseMarker(pull.body);
  if (!marker) return;
  const attempts = [...marker.attempts.filter((one) => one.number !== attempt.number), attempt].sort((a, b) => a.number - b.number);
  await writeBody(octokit, pull, replaceMarker(replaceAttempts(pull.body, attempts), { ...marker, attempts }));
}

/** Closes one of our own pull requests, with the reason (plain text) in a comment: `/autofix close`, a recovery, or a failure that became another. */
export async function closePull(octokit: Octokit, pull: OurPull, botLogin: string, words: string): Promise<void> {
  if (pull.state !== "open") return;
  await commentOnce(octokit, { repository: pull.repository, number: pull.number, botLogin }, "closed", prose(words, 1000));
  await octokit.rest.pulls.update({ ...coordinates(pull.repository), pull_number: pull.number, state: "closed" });
}

/** Closes one that is no longer needed. Remembered as healed: no person said no, so it may be reopened when the failure comes back. */
export async function withdrawPull(octokit: Octokit, pull: OurPull, botLogin: string, words: string): Promise<void> {
  const marker = parseMarker(pull.body);
  if (pull.state !== "open" || !marker) return;
  await writeBody(octokit, pull, replaceMarker(pull.body, { ...marker, verdict: "healed" }));
  await closePull(octokit, pull, botLogin, words);
}

async function writeBody(octokit: Octokit, pull: OurPull, body: string): Promise<void> {
  if (body !== pull.body) await octokit.rest.pulls.update({ ...coordinates(pull.repository), pull_number: pull.number, body });
}
