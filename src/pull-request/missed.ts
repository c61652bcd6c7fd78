import type { Octokit } from "@octokit/rest";
import { CONDITIONAL } from "../source/conditional.ts";
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
 * One conditional request where nothing was lost. What is sent again has the same id, so that one that did arrive is not handled twice.
 * @param app acts as the App itself
 * @returns how many were asked for
 */
export async function recoverDeliveries(app: Octokit, { now, handled, asked }: MissedOptions): Promise<number> {
  const { data } = await app.rest.apps.listWebhookDeliveries({ status: "failure", per_page: 100, request: CONDITIONAL });
  // GitHub Enterprise Server before 3.17 does not know the filter, and lists all.
  const failed = data.filter(({ status_code: status, event, action, delivered_at: at }) => {
    const isOurs = handled[event]?.includes(action ?? "") ?? false;
    return isOurs && (status < 200 || status >= 400) && now.getTime() - Date.parse(at) < OLDEST;
  });
  // What is not among the newest any more does not come back.
  for (const guid of asked) if (!data.some((one) => one.guid === guid)) asked.delete(guid);
  const done = new Set([...asked, ...data.flatMap(({ guid, redelivery }) => (redelivery ? [guid] : []))]);
  let count = 0;
  for (const { id, guid } of failed.reverse()) {
    if (done.has(guid) || count >= AT_ONCE) continue;
    done.add(guid);
    asked.add(guid);
    const sent = await bestEffort(() => app.rest.apps.redeliverWebhookDelivery({ delivery_id: id, request: NO_RETRIES }));
    if (sent) count++;
  }
  return count;
}
