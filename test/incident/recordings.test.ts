import { expect, test } from "vitest";
import { describeRef } from "../../src/cluster/objects.ts";
import { identify } from "../../src/incident/identify.ts";
import { decideWindow } from "../../src/incident/window.ts";
import { observeEnd, replay } from "../world/observe-recording.ts";
import { loadRecording, recordingIds, truthOf } from "../world/recording.ts";

/** What was identified after every change of a recording, and whether it counted by then. */
function watch(id: string): { seconds: number; name: string; fingerprint: string; over: boolean }[] {
  const known = watched.get(id);
  if (known) return known;
  const seen = [...replay(loadRecording(id))].flatMap(({ seconds, observation }) =>
    identify(observation).map((incident) => ({
      seconds,
      name: describeRef(incident.target),
      fingerprint: incident.fingerprint,
      over: decideWindow(incident, observation, observation.at, { scale: 1 }).kind === "over",
    })),
  );
  watched.set(id, seen);
  return seen;
}

const watched = new Map<string, ReturnType<typeof watch>>();

test("every recorded failure is named by the object that fails, and by what it shows", () => {
  const table = recordingIds().map((id) => {
    const incidents = identify(observeEnd(loadRecording(id)));
    const words = incidents.map(({ target, symptoms }) => `${describeRef(target)}: ${[...new Set(symptoms.map((s) => s.reason))].join(", ")}`);
    return `${id}  ${words.join(" | ") || "nothing"}`;
  });
  expect(table.join("\n")).toMatchInlineSnapshot(`
    "shop-01  Deployment shop-01/checkout: image, rollout-stuck
    shop-02  Deployment shop-02/catalog: image, rollout-stuck
    shop-03  Deployment shop-03/listing: image, rollout-stuck
    shop-04  Deployment shop-04/search: crash, rollout-stuck
    shop-05  Deployment shop-05/cart: container-config, rollout-stuck
    shop-06  Deployment shop-06/pricing: container-config, rollout-stuck
    shop-07  Deployment shop-07/ledger: container-config, rollout-stuck
    shop-08  Deployment shop-08/shop-08: crash
    shop-09  Deployment shop-09/profile: rollout-stuck, not-ready
    shop-10  Deployment shop-10/reports: crash, rollout-stuck
    shop-11  Deployment shop-11/basket: container-start, rollout-stuck
    shop-12  Deployment shop-12/gateway: crash, rollout-stuck
    shop-13  Deployment shop-13/render: unschedulable, rollout-stuck
    shop-14  Deployment shop-14/batcher: unschedulable, rollout-stuck
    shop-15  Deployment shop-15/uploads: volume, rollout-stuck
    shop-16  Service shop-16/reviews: no-endpoints
    shop-17  Service shop-17/wishlist: no-endpoints
    shop-18  Deployment shop-18/orders: crash, rollout-stuck
    shop-19  Deployment shop-19/invoice: container-config, rollout-stuck
    shop-20  Deployment shop-20/sessions: crash, rollout-stuck
    shop-21  Deployment shop-21/billing: crash, rollout-stuck
    shop-22  Deployment shop-22/promo: create-refused
    shop-23  Application argocd/shop-23: apply
    shop-24  Kustomization flux-system/shop-24: apply
    shop-25  nothing
    shop-26  Application argocd/shop-26: apply
    shop-27  Application argocd/shop-27: render
    shop-28  Kustomization flux-system/shop-28: render
    shop-29  Kustomization flux-system/shop-29: render
    shop-30  Application argocd/shop-30: render
    shop-31  Deployment shop-31/rating: crash
    shop-32  StatefulSet shop-32/queue: image
    shop-33  Job shop-33/import-2: job-failed, crash
    shop-34  Deployment shop-34/stock: image, rollout-stuck
    shop-35  Deployment shop-35/thumbs: create-refused, rollout-stuck
    shop-36  Deployment shop-36/scanner: create-refused, rollout-stuck
    shop-37  Kustomization flux-system/shop-37: apply
    shop-38  Deployment shop-38/vault: rollout-stuck
    shop-39  Deployment shop-39/depot: rollout-stuck
    shop-40  HelmRelease shop-40/kiosk: render
    shop-41  HelmRelease shop-41/tower: render
    shop-42  Deployment shop-42/ferry: rollout-stuck
    shop-43  nothing
    shop-44  nothing
    shop-45  nothing
    shop-46  DaemonSet shop-46/agent: image
    shop-47  CronJob shop-47/nightly: job-failed, crash
    shop-48  Deployment shop-48/gifts: image, rollout-stuck
    shop-49  Deployment shop-49/prices: crash, rollout-stuck
    shop-50  Deployment shop-50/labels: image, rollout-stuck
    shop-51  Deployment shop-51/motd: volume, rollout-stuck
    shop-52  Deployment shop-52/tickets: volume, rollout-stuck
    shop-53  Deployment shop-53/media: crash, rollout-stuck
    shop-54  Deployment shop-54/alerts: crash
    shop-55  Deployment shop-55/seats: rollout-stuck, not-ready
    shop-56  Deployment shop-56/maps: container-start, rollout-stuck
    shop-57  Deployment shop-57/feeds: crash, rollout-stuck
    shop-59  Deployment shop-59/returns: create-refused, rollout-stuck
    shop-60  Deployment shop-60/images: unschedulable, rollout-stuck
    shop-61  Deployment shop-61/guide: unschedulable, rollout-stuck
    shop-62  Deployment shop-62/sitemap: unschedulable, rollout-stuck
    shop-63  Deployment shop-63/lists: crash
    shop-64  Deployment shop-64/shelf: container-config, rollout-stuck
    shop-65  nothing
    shop-66  nothing
    shop-67  Deployment shop-67/badges: crash, rollout-stuck
    shop-68  Deployment shop-68/ratings: image, rollout-stuck
    shop-69  Deployment shop-69/themes: rollout-stuck, not-ready"
  `);
});

test.each(recordingIds().filter((id) => truthOf(id).answer === "nothing to do"))("%s heals by itself or is well: never over", (id) => {
  expect(watch(id).filter(({ over }) => over)).toEqual([]);
});

test.each(recordingIds())("while %s goes on, one failing object keeps one fingerprint, whatever the symptoms turn into", (id) => {
  const fingerprints = new Map<string, Set<string>>();
  for (const { name, fingerprint } of watch(id)) fingerprints.set(name, (fingerprints.get(name) ?? new Set()).add(fingerprint));
  expect([...fingerprints].filter(([, seen]) => seen.size > 1)).toEqual([]);
});

test("when each failure would have counted, in seconds since it was first seen", () => {
  const table = recordingIds().flatMap((id) =>
    [...Map.groupBy(watch(id), ({ name }) => name)].map(([name, seen]) => {
      const over = seen.find((one) => one.over);
      return `${id}  ${name}: ${over ? `${Math.round(over.seconds - (seen[0]?.seconds ?? 0))} s` : "never"}`;
    }),
  );
  expect(table.join("\n")).toMatchInlineSnapshot(`
    "shop-01  Deployment shop-01/checkout: 63 s
    shop-02  Deployment shop-02/catalog: 69 s
    shop-03  Deployment shop-03/listing: 0 s
    shop-04  Deployment shop-04/search: 14 s
    shop-05  Deployment shop-05/cart: 0 s
    shop-06  Deployment shop-06/pricing: 0 s
    shop-07  Deployment shop-07/ledger: 66 s
    shop-08  Deployment shop-08/shop-08: 28 s
    shop-09  Deployment shop-09/profile: 88 s
    shop-10  Deployment shop-10/reports: 30 s
    shop-11  Deployment shop-11/basket: 13 s
    shop-12  Deployment shop-12/gateway: 12 s
    shop-13  Deployment shop-13/render: 90 s
    shop-14  Deployment shop-14/batcher: 91 s
    shop-15  Deployment shop-15/uploads: 91 s
    shop-16  Service shop-16/reviews: 83 s
    shop-17  Service shop-17/wishlist: 0 s
    shop-18  Deployment shop-18/orders: 13 s
    shop-19  Deployment shop-19/invoice: 0 s
    shop-20  Deployment shop-20/sessions: 14 s
    shop-21  Deployment shop-21/billing: 15 s
    shop-22  Deployment shop-22/promo: 145 s
    shop-23  Application argocd/shop-23: 31 s
    shop-24  Kustomization flux-system/shop-24: 0 s
    shop-26  Application argocd/shop-26: 0 s
    shop-27  Application argocd/shop-27: 0 s
    shop-28  Kustomization flux-system/shop-28: 0 s
    shop-29  Kustomization flux-system/shop-29: 0 s
    shop-30  Application argocd/shop-30: 0 s
    shop-31  Deployment shop-31/rating: 31 s
    shop-32  StatefulSet shop-32/queue: 61 s
    shop-33  Job shop-33/import-2: 13 s
    shop-34  Deployment shop-34/stock: 65 s
    shop-35  Deployment shop-35/thumbs: 0 s
    shop-36  Deployment shop-36/scanner: 0 s
    shop-37  Kustomization flux-system/shop-37: 0 s
    shop-38  Deployment shop-38/vault: 59 s
    shop-38  HelmRelease shop-38/vault: never
    shop-39  Deployment shop-39/depot: 13 s
    shop-39  HelmRelease shop-39/depot: never
    shop-40  HelmRelease shop-40/kiosk: 0 s
    shop-41  HelmRelease shop-41/tower: 0 s
    shop-42  Deployment shop-42/ferry: 12 s
    shop-42  HelmRelease shop-42/ferry: never
    shop-43  Deployment shop-43/notify: never
    shop-45  Deployment shop-45/hello: never
    shop-46  DaemonSet shop-46/agent: 61 s
    shop-47  CronJob shop-47/nightly: 12 s
    shop-48  Deployment shop-48/gifts: 70 s
    shop-49  Deployment shop-49/prices: 12 s
    shop-50  Deployment shop-50/labels: 68 s
    shop-51  Deployment shop-51/motd: 90 s
    shop-52  Deployment shop-52/tickets: 90 s
    shop-53  Deployment shop-53/media: 12 s
    shop-54  Deployment shop-54/alerts: 30 s
    shop-55  Deployment shop-55/seats: 89 s
    shop-56  Deployment shop-56/maps: 11 s
    shop-57  Deployment shop-57/feeds: 11 s
    shop-59  Deployment shop-59/returns: 74 s
    shop-60  Deployment shop-60/images: 91 s
    shop-61  Deployment shop-61/guide: 90 s
    shop-62  Deployment shop-62/sitemap: 91 s
    shop-63  Deployment shop-63/lists: 13 s
    shop-64  Deployment shop-64/shelf: 0 s
    shop-67  Deployment shop-67/badges: 10 s
    shop-68  Deployment shop-68/ratings: 69 s
    shop-69  Deployment shop-69/themes: 89 s"
  `);
});

test("no two recordings share a fingerprint", () => {
  const all = recordingIds().flatMap((id) => identify(observeEnd(loadRecording(id))).map(({ fingerprint }) => fingerprint));
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((fingerprint) => /^[0-9a-f]{64}$/.test(fingerprint))).toBe(true);
});
