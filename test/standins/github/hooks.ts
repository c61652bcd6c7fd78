import { createHmac, randomUUID } from "node:crypto";
import type { JsonObject } from "../../../src/cluster/objects.ts";

/** A webhook as it was sent to the app. `status` is what the app answered last, 0 where nobody listened. */
export interface HookDelivery {
  id: string;
  event: string;
  action: string;
  payload: JsonObject;
  status: number;
}

/** One time that a webhook was sent. Each has an id of its own; the GUID stays. */
export interface HookAttempt {
  id: number;
  delivery: HookDelivery;
  at: Date;
  seconds: number;
  redelivery: boolean;
  status: number;
}

/** Delivers webhooks to the app as GitHub does: a GUID, a signature over the bytes, and never again by itself. */
export interface Hooks {
  readonly deliveries: readonly HookDelivery[];
  /** Oldest first. */
  readonly attempts: readonly HookAttempt[];
  /** Where the app listens; before this is called webhooks are recorded only. */
  deliverTo(url: string): void;
  /** Returns at once, as GitHub does: whoever caused the event gets an answer before the app has the webhook. */
  deliver(event: string, payload: JsonObject | Promise<JsonObject>): void;
  /** The same delivery once more, with the same GUID: what the "Redeliver" button does. */
  redeliver(id: string): Promise<void>;
  /** Waits for deliveries that are on their way. */
  settled(): Promise<void>;
}

export function createHooks(secret: string): Hooks {
  const deliveries: HookDelivery[] = [];
  const attempts: HookAttempt[] = [];
  const underWay = new Set<Promise<unknown>>();
  let target: string | undefined;

  async function send(delivery: HookDelivery, redelivery: boolean): Promise<void> {
    if (target === undefined) return;
    const body = JSON.stringify(delivery.payload);
    const headers = {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/stand-in",
      "x-github-event": delivery.event,
      "x-github-delivery": delivery.id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    };
    const at = new Date();
    const answer = await fetch(target, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    delivery.status = answer?.status ?? 0;
    attempts.push({ id: attempts.length + 1, delivery, at, seconds: (Date.now() - at.getTime()) / 1000, redelivery, status: delivery.status });
  }

  function track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function record(event: string, coming: JsonObject | Promise<JsonObject>): Promise<void> {
    const payload = await coming;
    const action = typeof payload.action === "string" ? payload.action : "";
    const delivery = { id: randomUUID(), event, action, payload, status: 0 };
    deliveries.push(delivery);
    await send(delivery, false);
  }

  return {
    deliveries,
    attempts,
    deliverTo(url) {
      target = url;
    },
    deliver(event, payload) {
      void track(record(event, payload));
    },
    async redeliver(id) {
      const delivery = deliveries.find((known) => known.id === id);
      if (!delivery) throw new Error(`There was no delivery ${id}.`);
      await track(send(delivery, true));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
