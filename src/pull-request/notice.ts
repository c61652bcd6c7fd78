import type { Octokit } from "@octokit/rest";
import { statusOf } from "../source/git/github-client.ts";
import { hiddenMark } from "./comment.ts";
import { coordinates, createOnce, NO_RETRIES } from "./requests.ts";

/** By this label the bot's notices are found again. */
const LABEL = "autofix:notice";

/** What the bot says of a repository as a whole, in one issue each: that its settings are not valid, and which fixes wait for their turn. */
const ROLES = ["settings", "waiting"] as const;
export type NoticeRole = (typeof ROLES)[number];

export interface Notice {
  role: NoticeRole;
  number: number;
  url: string;
  state: "open" | "closed";
  /** Whether there was something to say when it was written last. Closed all the same means that a person closed it. */
  isOn: boolean;
  title: string;
  body: string;
}

/** What a notice says now; `isOn` false where it is over. The body is our own Markdown. */
export interface NoticeText {
  isOn: boolean;
  title: string;
  body: string;
}

/** The bot's notices, in any state, newest first. One request. */
export async function findNotices(octokit: Octokit, repository: string, botLogin: string): Promise<Notice[]> {
  const { data } = await octokit.rest.issues.listForRepo({ ...coordinates(repository), labels: LABEL, state: "all", per_page: 100 });
  return data.flatMap((issue): Notice[] => {
    const body = issue.body ?? "";
    const isMarked = (one: NoticeRole, isOn: boolean) => body.includes(mark(one, isOn));
    const role = ROLES.find((one) => isMarked(one, true) || isMarked(one, false));
    if (issue.user?.login !== botLogin || issue.pull_request || !role) return [];
    const state = issue.state === "open" ? "open" : "closed";
    return [{ role, number: issue.number, url: issue.html_url, state, isOn: isMarked(role, true), title: issue.title, body }];
  });
}

/**
 * Keeps the one issue of a role: opened when there is something to say, its text replaced in place, closed when it is over, reopened when it begins
 * again. One that a person closed while it was on stays closed. Nothing is written where nothing changed, or where there is nothing to say yet.
 * @returns the issue's address; undefined where there is none, or where the repository has no issues
 */
export async function keepNotice(
  octokit: Octokit,
  place: { repository: string; botLogin: string },
  role: NoticeRole,
  text: NoticeText,
): Promise<string | undefined> {
  const find = async () => (await findNotices(octokit, place.repository, place.botLogin)).find((notice) => notice.role === role);
  const known = await find();
  const content = { title: text.title, body: bodyOf(role, text) };
  if (known) {
    await update(octokit, place.repository, known, { ...content, isOn: text.isOn });
    return known.url;
  }
  if (!text.isOn) return undefined;
  const create = async () => {
    const { data } = await octokit.rest.issues.create({ ...coordinates(place.repository), ...content, labels: [LABEL], request: NO_RETRIES });
    return data.html_url;
  };
  try {
    return await createOnce("the notice", create, async () => (await find())?.url);
  } catch (thrown) {
    // Issues are switched off in this repository (REST, "Create an issue": 410).
    if (statusOf(thrown) === 410) return undefined;
    throw thrown;
  }
}

/** Whether a notice says this already, so that nothing has to be written. */
export function says(notice: Notice, text: NoticeText): boolean {
  return notice.title === text.title && notice.body === bodyOf(notice.role, text);
}

async function update(octokit: Octokit, repository: string, known: Notice, content: NoticeText): Promise<void> {
  const closedByPerson = known.state === "closed" && known.isOn;
  const state = content.isOn && !closedByPerson ? "open" : "closed";
  if (known.title === content.title && known.body === content.body && known.state === state) return;
  const moved = known.state === state ? {} : { state, ...(state === "closed" ? { state_reason: "completed" as const } : {}) };
  await octokit.rest.issues.update({ ...coordinates(repository), issue_number: known.number, title: content.title, body: content.body, ...moved });
}

function bodyOf(role: NoticeRole, { body, isOn }: NoticeText): string {
  return `${body}\n\n${mark(role, isOn)}`;
}

function mark(role: NoticeRole, isOn: boolean): string {
  return hiddenMark(`notice ${role} ${isOn ? "on" : "off"}`);
}
