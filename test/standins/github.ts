import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, type Json, type JsonObject, listAt, textAt } from "../../src/cluster/objects.ts";
import { createHandle, OPERATIONS } from "./fake-github/handle.ts";
import { renameCommit } from "./fake-github/rename.ts";
import { organisationShape, repositoryShape, userShape } from "./fake-github/shapes.ts";
import { runInHookShape } from "./fake-github/shapes-checks.ts";
import { type FakeApp, type FakeRepository, type FakeWorld, forkRef, newRepository, stamp } from "./fake-github/state.ts";
import type { Next } from "./github/exchange.ts";
import { createFaults, type Fault } from "./github/faults.ts";
import { openFront, type RecordedRequest } from "./github/front.ts";
import { createHooks, type HookDelivery } from "./github/hooks.ts";
import { ADMIN, BOT, type Permission } from "./github/people.ts";
import { type RepositoryVerbs, repositoryVerbs } from "./github/repository-verbs.ts";
import { Conformance } from "./openapi/conformance.ts";
import { loadValidators } from "./openapi/validators.ts";

export interface GitHubOptions {
  /** `owner/name`, the App installed on each; the first one is what the verbs speak of unless told. */
  repositories?: readonly string[];
  /** Repositories of other owners, where the App is not installed. */
  foreign?: readonly string[];
  /** Users and what they may do, everywhere. The first with write permission commits and merges unless told. */
  people?: Record<string, Permission>;
  /** Slugs of teams with access. */
  teams?: readonly string[];
  webhookSecret?: string;
}

/** GitHub, as far as Kube AutoFix needs it: it records requests and can fail. */
export interface GitHubStandIn extends RepositoryVerbs {
  readonly url: string;
  readonly appCredentials: { appId: number; privateKey: string; webhookSecret: string; botLogin: string };
  /** The requests of clients, in order. */
  readonly requests: RecordedRequest[];
  readonly deliveries: readonly HookDelivery[];
  /** What did not fit GitHub's OpenAPI description so far; what nobody takes is thrown by `stop`. The emulator checks nothing. */
  takeViolations(): string[];
  repository(fullName: string): RepositoryVerbs;
  createRepository(fullName: string): Promise<RepositoryVerbs>;
  /** Where the app takes webhooks, such as `http://127.0.0.1:3000/api/github/webhooks`. */
  deliverTo(url: string): void;
  redeliver(deliveryId: string): Promise<void>;
  /** A button of a check run, which GitHub offers on its pages only: no request presses one. */
  press(checkRunId: number, identifier: string, as?: string): void;
  /** A branch of somebody's fork, at a commit that was made with `fork`: its pull request is proposed as `login:branch`. */
  fork(login: string, branch: string, sha: string): void;
  /** The buttons of a check run as people see them, such as `Retry (retry): Look again`. */
  buttons(checkRunId: number): string[];
  /** Waits for webhooks that are on their way to the app. */
  settled(): Promise<void>;
  /** Two names for one commit: the SHA that a recorded or real cluster reports, and the one that this GitHub gave it. */
  alias(real: string, given: string): void;
  /** The next request that begins so fails once. `headers` such as `retry-after` make a rate limit. */
  failNext(method: string, pathPrefix: string, fault: Fault, headers?: Record<string, string>, message?: string): void;
  /** The primary rate limit is used up for so many seconds. */
  exhaust(seconds: number): void;
  stop(): Promise<void>;
}

const APP_ID = 4711;
const MANIFEST = join(import.meta.dirname, "../../app.yml");

/** Events as GitHub's description names them; of checks, an App gets only what asks it for something. */
const WEBHOOKS: Record<string, readonly string[]> = {
  issue_comment: ["created", "edited", "deleted"],
  issues: ["opened", "edited", "closed", "reopened"],
  pull_request: ["opened", "edited", "synchronize", "closed", "reopened"],
  check_run: ["rerequested", "requested_action"],
  check_suite: ["rerequested"],
};
const ALWAYS = new Set(["check_run", "check_suite"]);
const DESCRIBED = [...Object.entries(WEBHOOKS).flatMap(([event, actions]) => actions.map((action) => describedAs(event, action))), "push"];

/** One key pair for a process: making one takes long. */
let keys: { publicKey: string; privateKey: string } | undefined;

/**
 * GitHub in this process, as far as Kube AutoFix needs it, stateful, with the limits and refusals that its documentation names. Every request, answer and webhook is
 * compared with GitHub's OpenAPI description; `stop` throws where one does not fit.
 */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const { repositories = ["acme/shop"], foreign = [], people = { ada: "write", mallory: "read" } } = options;
  const { teams = ["platform"], webhookSecret = "stand-in-secret" } = options;
  keys ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const conformance = new Conformance(loadValidators(OPERATIONS, DESCRIBED));
  const violations: string[] = [];
  const faults = createFaults();
  const hooks = createHooks(webhookSecret);
  let handle: Next = async () => ({ status: 503, headers: {}, body: { message: "starting" } });
  const front = await openFront((exchange) => handle(exchange), faults);
  let ids = 1000;
  const world: FakeWorld = {
    url: front.url,
    repositories: new Map(),
    people: new Map(Object.entries(people)),
    teams,
    app: appOf(keys.publicKey, repositories),
    hooks,
    id: () => ids++,
    send(event, repository, sender, payload) {
      const whole = { ...payload, ...envelope(world, repository, sender, payload) };
      const action = textAt(payload, "action");
      const described = WEBHOOKS[event]?.includes(action) ? describedAs(event, action) : event;
      violations.push(...conformance.webhook(described, whole));
      if (world.app.events.includes(event) || ALWAYS.has(event)) hooks.deliver(event, whole);
    },
  };
  for (const fullName of [...repositories, ...foreign]) world.repositories.set(fullName.toLowerCase(), newRepository(world, fullName));
  handle = createHandle(world, conformance, violations);

  const firstWriter = Object.keys(people).find((login) => people[login] === "write" || people[login] === "admin") ?? ADMIN;
  const alias = (real: string, made: string) => renameCommit([...world.repositories.values()], made, real);
  const verbs = (fullName: string) => repositoryVerbs(front.url, fullName, { alias }, firstWriter);
  return {
    ...verbs(repositories[0] ?? "acme/shop"),
    url: front.url,
    appCredentials: { appId: APP_ID, privateKey: keys.privateKey, webhookSecret, botLogin: BOT },
    requests: front.requests,
    deliveries: hooks.deliveries,
    takeViolations: () => violations.splice(0),
    repository: verbs,
    async createRepository(fullName) {
      world.repositories.set(fullName.toLowerCase(), newRepository(world, fullName));
      return verbs(fullName);
    },
    deliverTo: hooks.deliverTo,
    redeliver: hooks.redeliver,
    fork(login, branch, sha) {
      for (const one of world.repositories.values()) if (one.git.commits.has(sha)) one.refs.set(forkRef(login, branch), sha);
    },
    buttons: (id) =>
      [...world.repositories.values()].flatMap(({ runs }) =>
        (runs.get(id)?.actions ?? []).map((one) => `${textAt(one, "label")} (${textAt(one, "identifier")}): ${textAt(one, "description")}`),
      ),
    press(id, identifier, as = firstWriter) {
      for (const one of world.repositories.values()) {
        const run = one.runs.get(id);
        const payload = { action: "requested_action", requested_action: { identifier } };
        if (run) world.send("check_run", one, as, { ...payload, check_run: runInHookShape(world, one, run) });
      }
    },
    settled: hooks.settled,
    alias,
    failNext: faults.failNext,
    exhaust: faults.exhaust,
    async stop() {
      await front.close();
      if (violations.length > 0) throw new Error(`GitHub's OpenAPI description says otherwise:\n${[...new Set(violations)].join("\n")}`);
    },
  };
}

function describedAs(event: string, action: string): string {
  return `${event}-${action}`.replaceAll("_", "-");
}

/** What every webhook carries. A push shows the repository in another way, and has it already. */
function envelope(world: FakeWorld, repository: FakeRepository, sender: string, payload: JsonObject): JsonObject {
  const installation = world.app.installations.get(repository.owner);
  const organization = organisationShape(world, repository.owner);
  const { url, repos_url, events_url, avatar_url, login, id, node_id } = organization;
  const own = String(url);
  const lists = { hooks_url: `${own}/hooks`, issues_url: `${own}/issues`, members_url: `${own}/members`, public_members_url: `${own}/public_members` };
  return {
    repository: payload.repository ?? repositoryShape(world, repository),
    organization: {
      login: login ?? "",
      id: id ?? 0,
      node_id: node_id ?? "",
      url: own,
      repos_url: repos_url ?? "",
      events_url: events_url ?? "",
      avatar_url: avatar_url ?? "",
      description: "",
      ...lists,
    },
    sender: userShape(world, sender),
    ...(installation === undefined ? {} : { installation: { id: installation, node_id: `I_${installation}` } }),
  };
}

/** The App as its own manifest registers it: what it may do and hear of is what app.yml says. */
function appOf(publicKey: string, repositories: readonly string[]): FakeApp {
  const manifest: Json = parse(readFileSync(MANIFEST, "utf8"));
  const permissions = isObject(manifest) && isObject(manifest.default_permissions) ? manifest.default_permissions : {};
  const owners = [...new Set(repositories.map((fullName) => fullName.split("/")[0] ?? ""))];
  return {
    id: APP_ID,
    slug: BOT.replace("[bot]", ""),
    publicKey,
    permissions: Object.fromEntries(Object.entries(permissions).map(([name, level]) => [name, String(level)])),
    events: listAt(manifest, "default_events").map(String),
    installations: new Map(owners.map((owner, i) => [owner, 100 + i])),
    tokens: new Map(),
    createdAt: stamp(),
  };
}
