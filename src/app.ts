import type { Probot } from "probot";
import type { DeliveryKey } from "./cluster/delivery.ts";
import { type Press, pressOf } from "./pull-request/buttons.ts";
import { checkedPull, isOwnValidation } from "./pull-request/check-run.ts";
import { parseMarker } from "./pull-request/marker.ts";
import { SETTINGS_PATHS } from "./settings.ts";

/** What webhooks may cause: a look at a delivery. Nothing else happens here. */
export interface WebhookSink {
  enqueue(key: DeliveryKey): void;
  /** What GitHub holds for this repository changed: do not trust what was read before. */
  forget(repository: string): void;
  /** A branch moved: perhaps one of ours, perhaps one that our pull requests are based on. */
  pushed(repository: string, branch: string): Promise<void>;
  /** Somebody asked for a fresh validation of this commit. */
  recheck(repository: string, headSha: string): void;
  /** Somebody pressed a button on the check run of this branch of ours. Done when that is noted on GitHub, since only the webhook tells of it. */
  pressed(repository: string, branch: string, press: Press): Promise<void>;
  /** The default branch may hold other settings now. */
  settingsMoved(repository: string): void;
  /** Somebody's pull request may bring other settings, or change what is delivered; `asked` where they want its checks again. */
  proposed(repository: string, pull: number, about: { author?: string; asked: boolean }): Promise<void>;
  /** Somebody wants all checks of a commit again. `pulls` are those that GitHub names, which leaves out those from forks. */
  proposedAt(repository: string, headSha: string, pulls: readonly number[]): Promise<void>;
  /** One of the bot's pull requests is closed: others may have waited for that. */
  roomMade(repository: string): Promise<void>;
  /** The deliveries whose pull request has this head branch, as far as is known. */
  deliveriesOfBranch(repository: string, branch: string): Promise<DeliveryKey[]>;
  /** The App was installed somewhere, or taken away. */
  forgetInstallations(): void;
}

/** How long a webhook's delivery id is remembered: GitHub redelivers with the same id. */
const REMEMBERED_DELIVERIES = 2_000;

/** Events that {@link autofixApp} does something about; others need not be sent again where they got lost. */
export const HANDLED: Record<string, readonly string[]> = {
  issue_comment: ["created"],
  pull_request: ["opened", "synchronize", "closed", "reopened", "edited"],
  check_run: ["rerequested", "requested_action"],
  check_suite: ["rerequested"],
};

/** The Probot app: events to keys. A key says only where to look, so a missed, doubled or forged event costs one look and nothing more. */
export function autofixApp(sink: WebhookSink): (robot: Probot) => void {
  const once = onlyOnce(REMEMBERED_DELIVERIES);
  return (robot) => {
    robot.on(["issue_comment.created"], ({ id, payload }) =>
      once(id, async () => {
        if (payload.comment.user?.type !== "Bot") lookAt(payload.repository.full_name, payload.issue.body);
      }),
    );
    robot.on(["pull_request.synchronize", "pull_request.closed", "pull_request.reopened", "pull_request.edited"], ({ id, payload }) =>
      once(id, async () => {
        const { body } = payload.pull_request;
        lookAt(payload.repository.full_name, body);
        if (payload.action === "closed" && parseMarker(body ?? "")) await sink.roomMade(payload.repository.full_name);
      }),
    );
    robot.on(["pull_request.opened", "pull_request.synchronize", "pull_request.reopened", "pull_request.edited"], ({ id, payload }) =>
      once(`${id} proposed`, async () => {
        // Of all that can be edited, only another base makes another change of it.
        if (payload.action === "edited" && payload.changes.base === undefined) return;
        const { user, number } = payload.pull_request;
        await sink.proposed(payload.repository.full_name, number, { author: user?.login ?? "", asked: false });
      }),
    );
    robot.on(["check_run.rerequested"], ({ id, payload }) =>
      once(id, () => {
        const { external_id, head_sha, check_suite } = payload.check_run;
        const pull = checkedPull(external_id);
        if (pull !== undefined) return sink.proposed(payload.repository.full_name, pull, { asked: true });
        return recheck(payload.repository.full_name, head_sha, check_suite.head_branch);
      }),
    );
    robot.on(["check_run.requested_action"], ({ id, payload }) =>
      once(id, async () => {
        const { name, external_id, check_suite } = payload.check_run;
        const press = payload.sender.type === "Bot" ? undefined : pressOf(payload.requested_action?.identifier, payload.sender.login, id);
        if (press && check_suite.head_branch && isOwnValidation(name, external_id))
          await sink.pressed(payload.repository.full_name, check_suite.head_branch, press);
      }),
    );
    robot.on(["check_suite.rerequested"], ({ id, payload }) =>
      once(id, async () => {
        const { head_sha, head_branch, pull_requests } = payload.check_suite;
        await sink.proposedAt(
          payload.repository.full_name,
          head_sha,
          (pull_requests ?? []).map(({ number }) => number),
        );
        await recheck(payload.repository.full_name, head_sha, head_branch);
      }),
    );
    robot.on(["push"], ({ id, payload }) =>
      once(id, async () => {
        if (maySetSettings(payload)) sink.settingsMoved(payload.repository.full_name);
        await sink.pushed(payload.repository.full_name, payload.ref.replace("refs/heads/", ""));
      }),
    );
    robot.on(["installation", "installation_repositories"], async () => sink.forgetInstallations());
  };

  /** The body is only a hint where to look: whoever edited it can make us look at other deliveries, no more. */
  function lookAt(repository: string, body: string | null | undefined): void {
    const marker = parseMarker(body ?? "");
    if (!marker) return;
    sink.forget(repository);
    for (const { delivery } of [marker, ...(marker.also ?? [])]) sink.enqueue(delivery);
  }

  async function recheck(repository: string, headSha: string, branch: string | null | undefined): Promise<void> {
    const keys = branch ? await sink.deliveriesOfBranch(repository, branch) : [];
    if (keys.length === 0) return;
    sink.recheck(repository, headSha);
    for (const key of keys) sink.enqueue(key);
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

/**
 * Handles what has an id once, among the last `size` ones. What failed was not handled: GitHub shows it as failed, and it may be sent again.
 * @returns what was given, run or left out
 */
function onlyOnce(size: number): (id: string, handle: () => Promise<void>) => Promise<void> {
  const ids = new Set<string>();
  return async (id, handle) => {
    if (ids.has(id)) return;
    ids.add(id);
    try {
      await handle();
    } catch (thrown) {
      ids.delete(id);
      throw thrown;
    }
    const oldest = ids.values().next().value;
    if (ids.size > size && oldest !== undefined) ids.delete(oldest);
  };
}
