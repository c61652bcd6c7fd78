import type { Probot } from "probot";
import type { DeliveryKey } from "./cluster/delivery.ts";
import { parseMarker } from "./pull-request/marker.ts";

/** What webhooks may cause: a look at a delivery. Nothing else happens here. */
export interface WebhookSink {
  enqueue(key: DeliveryKey): void;
  /** What GitHub holds for this repository changed: do not trust what was read before. */
  forget(repository: string): void;
  /** Somebody asked for a fresh validation of this commit. */
  recheck(repository: string, headSha: string): void;
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
    });
    robot.on(["check_run.rerequested"], async ({ id, payload }) => {
      if (seen(id)) return;
      await recheck(payload.repository.full_name, payload.check_run.head_sha, payload.check_run.check_suite.head_branch);
    });
    robot.on(["check_suite.rerequested"], async ({ id, payload }) => {
      if (seen(id)) return;
      await recheck(payload.repository.full_name, payload.check_suite.head_sha, payload.check_suite.head_branch);
    });
    robot.on(["push"], async ({ payload }) => sink.forget(payload.repository.full_name));
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
