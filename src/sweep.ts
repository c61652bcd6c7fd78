import { HANDLED } from "./app.ts";
import { messageOf } from "./errors.ts";
import type { GitHubSide } from "./github-side.ts";
import { recoverDeliveries } from "./pull-request/missed.ts";
import type { Log } from "./telemetry/log.ts";

/** Everything is looked at this often without any event: for webhooks and watch events that never arrived. */
const EVERY = 5 * 60_000;
/** Before the first time that worked the App is not ready, and tries again this soon. */
const FIRST_AGAIN = 5_000;

export interface Sweep {
  /** Whether it worked once. */
  synced(): boolean;
  stop(): void;
}

export interface SweepParts {
  /** Looks at everything there is; `isFirst` until that worked once. Throws where the cluster does not answer. */
  lookAtAll(isFirst: boolean): Promise<void>;
  github: Pick<GitHubSide, "app">;
  now(): Date;
  log: Log;
}

/** Looks at everything, now and every few minutes, and asks GitHub for webhooks that did not arrive. Ends with the first look, whether it worked or not. */
export async function startSweep({ lookAtAll, github, now, log }: SweepParts): Promise<Sweep> {
  let [synced, stopped] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  const asked = new Set<string>();

  async function sweep(): Promise<void> {
    try {
      await lookAtAll(!synced);
      synced = true;
    } catch (thrown) {
      log.warn({ error: messageOf(thrown) }, "The cluster's deliveries cannot be listed; tried again later");
    }
    if (!stopped) timer = setTimeout(sweep, synced ? EVERY : FIRST_AGAIN);
    if (synced) void recoverLost();
  }

  async function recoverLost(): Promise<void> {
    try {
      const count = await recoverDeliveries(github.app, { now: now(), handled: HANDLED, asked });
      if (count > 0) log.info({ count }, "Webhooks that did not arrive are asked for again");
    } catch (thrown) {
      log.warn({ error: messageOf(thrown) }, "Whether webhooks got lost cannot be told; tried again later");
    }
  }

  await sweep();
  return {
    synced: () => synced,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
