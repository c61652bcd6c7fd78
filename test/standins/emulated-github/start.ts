import { createEmulator } from "emulate";
import { isObject, type Json, type JsonObject, textAt } from "../../../src/cluster/objects.ts";
import { type Answer, type Exchange, emulatorAt, type Gap, type Next } from "../github/exchange.ts";
import { createFaults } from "../github/faults.ts";
import { HOOK_PATH, openFront } from "../github/front.ts";
import { createHooks } from "../github/hooks.ts";
import { ADMIN, BOT, type Permission, tokenOf } from "../github/people.ts";
import { repositoryVerbs } from "../github/repository-verbs.ts";
import type { GitHubOptions, GitHubStandIn } from "../github.ts";
import { dress, dressed } from "./dress.ts";
import { annotationLists, checkRuns } from "./gaps-checks.ts";
import { commentTimes } from "./gaps-comments.ts";
import { pullsAsIssues } from "./gaps-issues.ts";
import { headFilter, merging, pullClosing, pullContents, pullCreation } from "./gaps-pulls.ts";
import { branchMoves, isRealPush } from "./gaps-refs.ts";
import { credentials, permissions, reactions, signatures } from "./gaps-small.ts";
import { createShaAliases } from "./shas.ts";
import { must, type World } from "./world.ts";

const APP_ID = 4711;
const EVENTS = ["issue_comment", "pull_request", "push", "check_run", "check_suite"];
const PERMISSIONS = { contents: "write", pull_requests: "write", checks: "write", issues: "write", metadata: "read" };

/** The independent emulator `emulate` behind a front that bridges its gaps, records requests and can fail: to compare the fake with, and for the demo. */
export async function startEmulatedGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const { repositories = ["acme/shop"], foreign = [], people = { ada: "write", mallory: "read" }, webhookSecret = "stand-in-secret" } = options;
  const faults = createFaults();
  const shas = createShaAliases();
  const hooks = createHooks(webhookSecret);
  const replaced = new Set<string>();
  let handle: Next = async () => ({ status: 503, headers: {}, body: { message: "starting" } });
  const front = await openFront(
    (exchange) => handle(exchange),
    faults,
    (event, payload) => onHook(event, payload),
  );
  const installations = new Map(ownersOf(repositories).map((owner, i) => [owner, 100 + i]));
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: seedOf({ repositories, foreign, people, webhookSecret, hook: front.url + HOOK_PATH, installations }),
  });
  const emulatorUrl = emulator.url.replace("localhost", "127.0.0.1");
  const outward = (text: string) => text.replaceAll(emulator.url, front.url).replaceAll(emulatorUrl, front.url);
  const world: World = {
    emulator: emulatorAt(emulatorUrl, outward),
    hooks,
    people: new Map(Object.entries(people)),
    installations,
    frozenHeads: new Map(),
    mergeCommits: new Map(),
    signed: new Set(),
    appId: APP_ID,
  };

  /** While a merge puts the base on the right commit nobody shall see the wrong one. */
  let merge: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = work();
    merge = result.catch(() => undefined);
    return result;
  };
  const gaps: Gap[] = [
    credentials(world),
    dressed(world),
    signatures(world),
    permissions(world),
    reactions(world),
    pullsAsIssues(world),
    commentTimes(),
    checkRuns(world),
    annotationLists(),
    headFilter(),
    pullCreation(world),
    pullContents(world),
    pullClosing(world),
    merging(world, replaced, alone),
    branchMoves(world),
  ];
  const bridged = gaps.reduceRight<Next>((next, gap) => (exchange) => gap(exchange, next), world.emulator);
  handle = async (exchange: Exchange): Promise<Answer> => {
    await merge;
    return shas.toClient(await bridged(shas.toEmulator(exchange)));
  };

  /** The emulator's webhooks, put right and passed on. GitHub sends the App only those check events that ask it for something. */
  function onHook(event: string, payload: Json): void {
    if (!isObject(payload)) return;
    if (event === "push" && !isRealPush(payload, replaced)) return;
    if (event.startsWith("check_") && !["rerequested", "requested_action"].includes(textAt(payload, "action"))) return;
    hooks.deliver(event, forApp(event, payload));
  }
  async function forApp(event: string, payload: JsonObject): Promise<JsonObject> {
    await merge;
    const right = shas.bodyToClient(await dress(world, JSON.parse(outward(JSON.stringify(payload)))));
    const whole = isObject(right) ? right : payload;
    return event === "push" ? { created: false, deleted: false, forced: false, ...whole } : whole;
  }

  const firstWriter = Object.keys(people).find((login) => people[login] === "write" || people[login] === "admin") ?? ADMIN;
  const verbs = (fullName: string) => repositoryVerbs(front.url, fullName, shas, firstWriter);
  return {
    ...verbs(repositories[0] ?? "acme/shop"),
    url: front.url,
    appCredentials: { appId: APP_ID, privateKey: emulator.generatedSecrets[0]?.value ?? "", webhookSecret, botLogin: BOT },
    requests: front.requests,
    deliveries: hooks.deliveries,
    takeViolations: () => [],
    repository: verbs,
    async createRepository(fullName) {
      const [owner, name = ""] = fullName.split("/");
      await must(world, "POST", `/orgs/${owner}/repos`, { name, auto_init: false });
      return verbs(fullName);
    },
    deliverTo: hooks.deliverTo,
    redeliver: hooks.redeliver,
    press() {
      throw new Error("emulate has no buttons");
    },
    buttons: () => [],
    fork() {
      throw new Error("emulate has no forks");
    },
    settled: hooks.settled,
    alias: shas.alias,
    failNext: faults.failNext,
    exhaust: faults.exhaust,
    async stop() {
      await front.close();
      await emulator.close();
    },
  };
}

function ownersOf(repositories: readonly string[]): string[] {
  return [...new Set(repositories.map((fullName) => fullName.split("/")[0] ?? ""))];
}

function seedOf(given: {
  repositories: readonly string[];
  foreign: readonly string[];
  people: Record<string, Permission>;
  webhookSecret: string;
  hook: string;
  installations: ReadonlyMap<string, number>;
}) {
  const writers = Object.entries(given.people).flatMap(([login, permission]) => (permission === "write" || permission === "admin" ? [login] : []));
  const logins = [ADMIN, ...Object.keys(given.people)];
  const all = [...given.repositories, ...given.foreign];
  return {
    tokens: Object.fromEntries(logins.map((login) => [tokenOf(login), { login }])),
    github: {
      users: logins.map((login) => ({ login, name: login, email: `${login}@example.com` })),
      // The emulator lets only an organisation's administrators write; what people may do is answered by the front.
      orgs: ownersOf(all).map((login) => ({ login, members: [ADMIN, ...writers].map((writer) => ({ login: writer, role: "admin" })) })),
      repos: all.map((fullName) => ({ owner: fullName.split("/")[0], name: fullName.split("/")[1], auto_init: false })),
      apps: [
        {
          app_id: APP_ID,
          slug: BOT.replace("[bot]", ""),
          name: "Kube AutoFix",
          permissions: PERMISSIONS,
          events: EVENTS,
          webhook_url: given.hook,
          webhook_secret: given.webhookSecret,
          installations: [...given.installations].map(([account, id]) => ({ installation_id: id, account, repository_selection: "all" })),
        },
      ],
    },
  };
}
