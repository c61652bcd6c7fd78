import type { Octokit } from "@octokit/rest";
import { bestEffort, NO_RETRIES } from "./requests.ts";

/** How many lost webhooks are sent again at a time: an hour's outage must not become a storm. */
const AT_ONCE = 30;
/** Whatever was lost longer ago is found by looking. GitHub itself forgets after three days. */
const OLDEST = 24 * 3_600_000;

export interface MissedOptions {
  now: Date;
  /** Actions by event; others are of no use. */
  handled: Record<string, readonly string[]>;
  /** GUIDs that were asked for already; the new ones are added. */
  asked: Set<string>;
}

/**
 * Asks GitHub to send webhooks again that did not arrive, each once: it never does that by itself (docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries).
 * One request where nothing was lost. What is sent again has the same id, so that one that did arrive is not handled twice.
 * @param app acts as the App itself
 * @returns how many were asked for
 */
export async function recoverDeliveries(app: Octokit, { now, handled, asked }: MissedOptions): Promise<number> {
  const { data: failed } = await app.rest.apps.listWebhookDeliveries({ status: "failure", per_page: 100 });
  // What is not among the newest any more does not come back.
  for (const guid of asked) if (!failed.some((one) => one.guid === guid)) asked.delete(guid);
  const wanted = failed.filter((one) => isLost(one, handled, now) && !asked.has(one.guid));
  if (wanted.length === 0) return 0;
  // Before this process began, another one may have asked already.
  const { data: latest } = await app.rest.apps.listWebhookDeliveries({ per_page: 100 });
  for (const { guid, redelivery, status_code: status } of [...failed, ...latest]) if (redelivery || isSuccess(status)) asked.add(guid);
  let count = 0;
  for (const { id, guid } of wanted.reverse()) {
    if (asked.has(guid) || count >= AT_ONCE) continue;
    asked.add(guid);
    if (await bestEffort(() => app.rest.apps.redeliverWebhookDelivery({ delivery_id: id, request: NO_RETRIES }))) count++;
  }
  return count;
}

type Delivery = Awaited<ReturnType<Octokit["rest"]["apps"]["listWebhookDeliveries"]>>["data"][number];

/** GitHub Enterprise Server before 3.17 does not know the filter by status, and lists all. */
function isLost({ status_code: status, event, action, delivered_at: at }: Delivery, handled: MissedOptions["handled"], now: Date): boolean {
  return !isSuccess(status) && (handled[event]?.includes(action ?? "") ?? false) && now.getTime() - Date.parse(at) < OLDEST;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 400;
}
