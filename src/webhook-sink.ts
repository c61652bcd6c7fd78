import type { WebhookSink } from "./app.ts";
import type { DeliveryKey } from "./cluster/delivery.ts";
import type { GitHubSide } from "./github-side.ts";
import { BRANCH_PREFIX } from "./incident/incident.ts";
import { notePress } from "./press.ts";
import { QUIET } from "./pull-request/book.ts";
import { pullsChecked } from "./pull-request/check-run.ts";
import type { ReconcileParts } from "./reconcile.ts";
import { waitingDeliveries } from "./room.ts";
import type { Work } from "./work.ts";

/** What webhooks make the App forget, and what it looks at for them. */
export function webhookSink(github: GitHubSide, parts: Pick<ReconcileParts, "memory" | "turns" | "now">, enqueue: (work: Work) => void): WebhookSink {
  const { ours, notices, settings } = github;
  const { memory, turns, now } = parts;
  const look = (key: DeliveryKey) => enqueue({ kind: "delivery", key });
  return {
    enqueue: look,
    forget: (repository) => ours.forget(repository),
    async pushed(repository, branch) {
      memory.baseMoved(repository);
      const based = ((await ours.known(repository))?.pulls ?? []).filter((pull) => pull.state === "open" && pull.base === branch);
      if (branch.startsWith(BRANCH_PREFIX)) ours.forget(repository);
      for (const { delivery } of based) look(delivery);
    },
    settingsMoved(repository) {
      settings.forget(repository);
      enqueue({ kind: "settings", repository });
      enqueue({ kind: "pulls", repository });
    },
    async proposed(repository, pull, { author, asked }) {
      if (author !== (await github.botLogin())) enqueue({ kind: "pull", repository, pull, asked });
    },
    async proposedAt(repository, headSha, named) {
      const home = await github.homeOf(repository);
      const checked = home ? await pullsChecked(home.octokit, repository, headSha) : [];
      for (const pull of new Set([...named, ...checked])) enqueue({ kind: "pull", repository, pull, asked: true });
    },
    async roomMade(repository) {
      for (const key of waitingDeliveries(await notices.of(repository, QUIET))) look(key);
    },
    async pressed(repository, branch, press) {
      const home = await github.homeOf(repository);
      if (home) for (const key of await notePress({ ours, turns, now }, home, branch, press)) look(key);
    },
    recheck: (repository, headSha) => memory.askCheck(repository, headSha),
    deliveriesOfBranch: async (repository, branch) => (await ours.of(repository)).pulls.flatMap((pull) => (pull.branch === branch ? [pull.delivery] : [])),
    forgetInstallations: () => github.forgetInstallations(),
  };
}
