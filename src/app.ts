import type { Probot } from "probot";
import type { DeliveryKey } from "./cluster/delivery.ts";
import { checkedPull } from "./pull-request/check-run.ts";
import { parseMarker } from "./pull-request/marker.ts";
import { SETTINGS_PATHS } from "./settings.ts";

/** What webhooks may cause: a look at a delivery. Nothing else happens here. */
export interface WebhookSink {
  enqueue(key: DeliveryKey): void;
  /** What GitHub holds for this repository changed: do not trust what was read before. */
  forget(repository: string): void;
  /** Somebody asked for a fresh validation of this commit. */
  recheck(repository: string, headSha: string): void;
  /** The default branch may hold other settings now. */
  settingsMoved(repository: string): void;
  /** Somebody's pull request may bring other settings; `asked` where they want the check again. */
  settingsProposed(repository: string, pull: number, about: { author?: string; asked: boolean }): Promise<void>;
  /** One of the bot's pull requests is closed: others may have waited for that. */
  roomMade(repository: string): Promise<void>;
  /** The delivery whose pull request has this head branch, as far as is known. */
  deliveryOfBranch(repository: string, branch: string): Promise<DeliveryKey | undefined>;
}

/** How long a webhook's delivery id is remembered: GitHub redelivers with the same id. */
const REMEMBERED_DELIVERIES = 2_000;

/** The Probot app: events to keys. A key says only where to look, so a missed, doubled or forged event costs one look and nothing more. */
export function autofixApp(sink: WebhookSink): (robot: Probot) => void {
  const seen = rememberLast(REMEMBERED_DELIVERIES);
  return (robot) => {
    robot.on(["issue_comment.created"], async ({ id, payload }) => {
      if (seen(id) || payload.comment.user?.type === "Bot") return;
      lookAt(payload.repository.full_name, payload.issue.body);
    });
    robot.on(["pull_request.synchronize", "pull_request.closed", "pull_request.reopened", "pull_request.edited"], async ({ id, payload }) => {
      if (seen(id)) return;
      lookAt(payload.repository.full_name, payload.pull_request.body);
      if (payload.action === "closed" && parseMarker(payload.pull_request.body ?? "")) await sink.roomMade(payload.repository.full_name);
    });
    robot.on(["pull_request.opened", "pull_request.synchronize", "pull_request.reopened"], async ({ id, payload }) => {
      const { user, number } = payload.pull_request;
      if (!seen(`${id} settings`)) await sink.settingsProposed(payload.repository.full_name, number, { author: user?.login ?? "", asked: false });
    });
    robot.on(["check_run.rerequested"], async ({ id, payload }) => {
      if (seen(id)) return;
      const pull = checkedPull(payload.check_run.external_id);
      if (pull !== undefined) return sink.settingsProposed(payload.repository.full_name, pull, { asked: true });
      await recheck(payload.repository.full_name, payload.check_run.head_sha, payload.check_run.check_suite.head_branch);
    });
    robot.on(["check_suite.rerequested"], async ({ id, payload }) => {
      if (seen(id)) return;
      for (const { number } of payload.check_suite.pull_requests ?? []) await sink.settingsProposed(payload.repository.full_name, number, { asked: true });
      await recheck(payload.repository.full_name, payload.check_suite.head_sha, payload.check_suite.head_branch);
    });
    robot.on(["push"], async ({ payload }) => {
      sink.forget(payload.repository.full_name);
      if (maySetSettings(payload)) sink.settingsMoved(payload.repository.full_name);
    });
  };

  /** The body is only a hint where to look: whoever edited it can make us look at another delivery, no more. */
  function lookAt(repository: string, body: string | null | undefined): void {
    const key = parseMarker(body ?? "")?.delivery;
    if (!key) return;
    sink.forget(repository);
    sink.enqueue(key);
  }

  async function recheck(repository: string, headSha: string, branch: string | null | undefined): Promise<void> {
    const key = branch ? await sink.deliveryOfBranch(repository, branch) : undefined;
    if (!key) return;
    sink.recheck(repository, headSha);
    sink.enqueue(key);
  }
}

interface Push {
  ref: string;
  repository: { default_branch?: string };
  commits?: { added?: string[]; modified?: string[]; removed?: string[] }[];
}

/** Whether a push can have changed the settings that count. A push without commits (a branch put elsewhere) may have. */
function maySetSettings({ ref, repository, commits = [] }: Push): boolean {
  if (ref !== `refs/heads/${repository.default_branch}`) return false;
  const touched = commits.flatMap(({ added = [], modified = [], removed = [] }) => [...added, ...modified, ...removed]);
  return touched.length === 0 || touched.some((path) => SETTINGS_PATHS.includes(path));
}

/** Answers whether a value was given before, among the last `size` ones. */
function rememberLast(size: number): (id: string) => boolean {
  const ids = new Set<string>();
  return (id) => {
    if (ids.has(id)) return true;
    ids.add(id);
    const oldest = ids.values().next().value;
    if (ids.size > size && oldest !== undefined) ids.delete(oldest);
    return false;
  };
}
