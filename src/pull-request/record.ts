import type { Octokit } from "@octokit/rest";
import { markedOf, replaceAffected, replaceAttempts } from "./body.ts";
import { commentOnce } from "./comment.ts";
import { prose } from "./escape.ts";
import { MAX_ALSO, type Marker, parseMarker, replaceMarker } from "./marker.ts";
import { affectedIn } from "./ours.ts";
import type { Affected, Attempt, OurPull, Verdict } from "./pull.ts";
import { coordinates } from "./requests.ts";

/**
 * Says what became of the deployment after the merge, once, and remembers it in the marker. The comment comes first: where the second write is
 * lost, the next call finds the comment and only writes the marker.
 * @param words plain text; what the cluster said may be in it
 */
export async function recordVerdict(octokit: Octokit, pull: OurPull, botLogin: string, verdict: "healed" | "not-healed", words: string): Promise<void> {
  if (pull.verdict === verdict) return;
  const isFirst = pull.affected[0]?.fingerprint === pull.fingerprint;
  const key = isFirst ? "verdict" : `verdict ${pull.fingerprint.slice(0, 8)}`;
  await commentOnce(octokit, placeOf(pull, botLogin), key, `${verdict === "healed" ? "✅" : "❌"} ${prose(words, 1000)}`);
  await writeBody(octokit, pull, withVerdict(pull, verdict));
}

/** Keeps an attempt that led to no new change (refused, no safe fix) in the pull request: in the table and in the marker. */
export async function recordAttempt(octokit: Octokit, pull: OurPull, attempt: Attempt): Promise<void> {
  const marker = parseMarker(pull.body);
  if (!marker) return;
  const attempts = [...marker.attempts.filter((one) => one.number !== attempt.number), attempt].sort((a, b) => a.number - b.number);
  await writeBody(octokit, pull, replaceMarker(replaceAttempts(pull.body, attempts), { ...marker, attempts }));
}

/** Whether one more incident may join this pull request. */
export function hasRoom(pull: OurPull): boolean {
  return pull.affected.length <= MAX_ALSO;
}

/** Names another incident with the same cause in a pull request that repairs it already. One write. */
export async function joinPull(octokit: Octokit, pull: OurPull, joining: Affected): Promise<void> {
  const marker = parseMarker(pull.body);
  if (!marker) return;
  const others = (marker.also ?? []).filter(({ fingerprint }) => fingerprint !== joining.fingerprint);
  const { verdict: _, ...anew } = marker;
  const joined = marker.fingerprint === joining.fingerprint ? anew : { ...marker, also: [...others, markedOf(joining)] };
  await writeBody(octokit, pull, withMarker(pull.body, joined));
}

/** Closes one of our own pull requests because a person asked for it. That is a no, for all that it is for. */
export async function closePull(octokit: Octokit, pull: OurPull): Promise<void> {
  if (pull.state !== "open") return;
  await octokit.rest.pulls.update({ ...coordinates(pull.repository), pull_number: pull.number, state: "closed" });
}

/**
 * Takes a pull request back as far as one incident is concerned. Closed, with the reason in a comment, when no other incident needs it. Remembered as
 * withdrawn: no person said no, so it may be reopened when the failure comes back. One write changes body and state, so that neither is without the other.
 */
export async function withdrawPull(octokit: Octokit, pull: OurPull, botLogin: string, words: string): Promise<void> {
  if (pull.state !== "open" || pull.verdict) return;
  const body = withVerdict(pull, "withdrawn");
  const needed = pull.affected.some(({ fingerprint, verdict }) => fingerprint !== pull.fingerprint && verdict === undefined);
  if (needed) return writeBody(octokit, pull, body);
  await commentOnce(octokit, placeOf(pull, botLogin), `withdrawn ${pull.attempts.length}`, prose(words, 1000));
  await octokit.rest.pulls.update({ ...coordinates(pull.repository), pull_number: pull.number, body, state: "closed" });
}

function placeOf({ repository, number }: OurPull, botLogin: string) {
  return { repository, number, botLogin };
}

function withVerdict({ body, fingerprint }: OurPull, verdict: Verdict): string {
  const marker = parseMarker(body);
  if (!marker) return body;
  const also = marker.also?.map((one) => (one.fingerprint === fingerprint ? { ...one, verdict } : one));
  return withMarker(body, { ...marker, ...(marker.fingerprint === fingerprint ? { verdict } : {}), ...(also ? { also } : {}) });
}

/** The marker, and the list of incidents that people read, say the same. */
function withMarker(body: string, marker: Marker): string {
  return replaceMarker(replaceAffected(body, affectedIn(marker)), marker);
}

async function writeBody(octokit: Octokit, pull: OurPull, body: string): Promise<void> {
  if (body !== pull.body) await octokit.rest.pulls.update({ ...coordinates(pull.repository), pull_number: pull.number, body });
}
