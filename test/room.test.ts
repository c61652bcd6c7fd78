import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Memory } from "../src/memory.ts";
import { Book } from "../src/pull-request/book.ts";
import { findNotices } from "../src/pull-request/notice.ts";
import { findOurs } from "../src/pull-request/ours.ts";
import { Turns } from "../src/queue/turns.ts";
import type { Ending } from "../src/reconcile.ts";
import { tellOfWaiting, waitingDeliveries } from "../src/room.ts";
import { INCIDENT } from "./pull-request/drafts.ts";
import { BOT, type GitHubWorld, REPOSITORY, startGitHub } from "./pull-request/github.ts";

let github: GitHubWorld;
let now = new Date("2026-11-22T10:00:00Z");

beforeEach(async () => {
  now = new Date("2026-11-22T10:00:00Z");
  github = await startGitHub({ "README.md": "# shop\n" });
});
afterEach(() => github.close());

const home = () => ({ octokit: github.octokit, repository: REPOSITORY, botLogin: BOT });
const parts = () => {
  const clock = { now: () => now.getTime() };
  return {
    ours: new Book((repository) => findOurs(github.octokit, repository, BOT), clock),
    notices: new Book((repository) => findNotices(github.octokit, repository, BOT), clock),
    turns: new Turns(),
    memory: new Memory(clock.now),
    now: () => now,
  };
};
const queued = (): Ending => {
  const { key, fingerprint, since } = INCIDENT;
  return {
    kind: "queued",
    why: "1 of at most 1 pull requests are open.",
    again: 1,
    waiting: { delivery: key, fingerprint, what: "Deployment", since, seen: now },
  };
};
const watched: Ending = { kind: "waiting", why: "a crash is no crash loop yet", again: 1 };
const standing: Ending = { kind: "standing", pull: 1, state: "open", again: 1 };

async function tell(ending: Ending): Promise<void> {
  await tellOfWaiting(parts(), home(), INCIDENT.key, [{ incident: INCIDENT, ending }]);
}
const listed = async () => waitingDeliveries(await findNotices(github.octokit, REPOSITORY, BOT));
const writes = () => github.requests.filter((request) => !request.startsWith("GET ")).length;

describe("the list of what waits", () => {
  it("keeps a failure that is only watched for a moment, as a crash loop is again and again, and writes nothing", async () => {
    await tell(queued());
    const written = writes();
    await tell(watched);
    await tell(queued());
    expect(await listed()).toEqual([INCIDENT.key]);
    expect(writes()).toBe(written);
  });

  it("does not take up what is only watched", async () => {
    await tell(watched);
    expect(writes()).toBe(0);
  });

  it("lets go of what has its pull request", async () => {
    await tell(queued());
    await tell(standing);
    expect(await listed()).toEqual([]);
  });

  it("forgets after two days what nobody has seen waiting: its delivery is gone", async () => {
    await tell(queued());
    now = new Date("2026-11-24T11:00:00Z");
    const other = { ...INCIDENT, key: { ...INCIDENT.key, name: "other" }, fingerprint: "f".repeat(64) };
    const row = queued();
    if (row.kind !== "queued") throw new Error();
    const ending = { ...row, waiting: { ...row.waiting, delivery: other.key, fingerprint: other.fingerprint } };
    await tellOfWaiting(parts(), home(), other.key, [{ incident: other, ending }]);
    expect(await listed()).toEqual([other.key]);
  });
});
