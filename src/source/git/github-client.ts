import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { AutofixError, type ErrorCode } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { askConditionally } from "./conditional.ts";

/** GitHub as the App sees it where no webhook began the work. */
export interface GitHub {
  /** A client that acts as the App's installation on `owner/name`; undefined where the App is not installed. */
  repository(fullName: string): Promise<Octokit | undefined>;
  /** The login under which the App writes: `<slug>[bot]`. */
  botLogin(): Promise<string>;
  /** Acts as the App itself, where that is not a matter of one repository: deliveries of webhooks. */
  readonly app: Octokit;
  /** Somebody installed the App, or took it away: what was known of that may be wrong. */
  forgetInstallations(): void;
}

export interface GitHubOptions {
  appId: number;
  /** PEM text. */
  privateKey: string;
  /** `https://HOST/api/v3` for GitHub Enterprise Server; GitHub's own otherwise. */
  baseUrl?: string;
  log: Log;
  now?: () => number;
  /** Spacing of writes and waiting for rate limits; tests switch it off, since writes then wait a second each. */
  throttle?: boolean;
  /** Attempts after the first for what may pass (5xx, network). Creates ask for none: `request: { retries: 0 }`, then look. */
  retries?: number;
  fetch?: typeof fetch;
}

/** Every version is served for two years after its successor (docs.github.com/rest/about-the-rest-api/api-versions). */
const API_VERSION = "2022-11-28";
const REQUEST_TIMEOUT_MS = 30_000;
/** A limit that passes soon is waited for; a longer one is left to the queue's back-off. */
const LONGEST_WAIT_SECONDS = 60;
/** Webhooks tell when it changes; this is for those that never arrived. */
const INSTALLED_FOR_MS = 60 * 60_000;
/** Somebody who installs the App now does not want to wait long. */
const NOT_INSTALLED_FOR_MS = 60_000;

const Client = Octokit.plugin(retry, throttling);

/** The App's clients. Installation ids, tokens and the bot's name are cached. */
export function createGitHub(options: GitHubOptions): GitHub {
  const now = options.now ?? Date.now;
  const app = createClient(options, { appId: options.appId, privateKey: options.privateKey }, "app", now);
  const clients = new Map<number, Octokit>();
  const installations = new Map<string, { id: number | undefined; until: number }>();
  let login: Promise<string> | undefined;

  async function installationOf(fullName: string): Promise<number | undefined> {
    const known = installations.get(fullName);
    if (known && known.until > now()) return known.id;
    const id = await lookUpInstallation(app, fullName);
    installations.set(fullName, { id, until: now() + (id === undefined ? NOT_INSTALLED_FOR_MS : INSTALLED_FOR_MS) });
    return id;
  }

  function clientOf(installationId: number): Octokit {
    const client =
      clients.get(installationId) ??
      createClient(options, { appId: options.appId, privateKey: options.privateKey, installationId }, `installation-${installationId}`, now);
    clients.set(installationId, client);
    return client;
  }

  return {
    async repository(fullName) {
      const id = await installationOf(fullName);
      return id === undefined ? undefined : clientOf(id);
    },
    botLogin() {
      login ??= lookUpLogin(app).catch((thrown: unknown) => {
        login = undefined;
        throw thrown;
      });
      return login;
    },
    app,
    forgetInstallations: () => installations.clear(),
  };
}

/** The HTTP status of a failed request; undefined where the failure was none of GitHub's answers. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && "status" in thrown && typeof thrown.status === "number" ? thrown.status : undefined;
}

async function lookUpInstallation(app: Octokit, fullName: string): Promise<number | undefined> {
  const [owner = "", repo = ""] = fullName.split("/");
  try {
    const { data } = await app.rest.apps.getRepoInstallation({ owner, repo });
    return data.suspended_at ? undefined : data.id;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw asAutofixError("github/unexpected", `find the App's installation on ${fullName}`, thrown);
  }
}

async function lookUpLogin(app: Octokit): Promise<string> {
  try {
    const { data } = await app.rest.apps.getAuthenticated();
    if (!data?.slug) throw new AutofixError("github/unexpected", "GitHub did not name the App: APP_ID and PRIVATE_KEY must belong to the same App.");
    return `${data.slug}[bot]`;
  } catch (thrown) {
    throw asAutofixError("github/unexpected", "read the App's own name", thrown);
  }
}

/** A failed request as an error of ours: refusals (401, 403, 404, 422 …) do not pass by waiting, the rest may. */
export function asAutofixError(code: ErrorCode, what: string, thrown: unknown): AutofixError {
  if (thrown instanceof AutofixError) return thrown;
  const status = statusOf(thrown);
  const final = status !== undefined && [400, 401, 403, 404, 410, 422, 451].includes(status) && !isRateLimit(thrown);
  return new AutofixError(code, `GitHub would not let us ${what} (${status ?? "no answer"}).`, { retry: final ? "never" : "later", cause: thrown });
}

/** GitHub answers 403 or 429 for both limits; only headers tell them from a missing permission (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
function isRateLimit(thrown: unknown): boolean {
  const status = statusOf(thrown);
  if (status === 429) return true;
  if (status !== 403 || !(thrown instanceof Error) || !("response" in thrown)) return false;
  const { response } = thrown;
  if (typeof response !== "object" || response === null || !("headers" in response)) return false;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null) return false;
  return "retry-after" in headers || ("x-ratelimit-remaining" in headers && headers["x-ratelimit-remaining"] === "0");
}

function createClient(options: GitHubOptions, auth: Record<string, unknown>, throttleId: string, now: () => number): Octokit {
  const { log } = options;
  let pausedUntil = 0;
  /** True where the client itself shall wait and try again; else nothing is sent until the limit is over. */
  const onLimit = (kind: string) => (retryAfter: number, request: object, _octokit: unknown, retryCount: number) => {
    log.warn({ kind, retryAfter, request: describe(request) }, "GitHub's rate limit is reached");
    if (retryAfter <= LONGEST_WAIT_SECONDS && retryCount < 2) return true;
    pausedUntil = now() + retryAfter * 1000;
    return false;
  };
  const client = new Client({
    authStrategy: createAppAuth,
    auth,
    userAgent: "kube-autofix",
    ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
    request: { fetch: withTimeout(options.fetch ?? fetch) },
    log: octokitLog(log),
    retry: { retries: options.retries ?? 3 },
    throttle: { enabled: options.throttle ?? true, id: throttleId, onRateLimit: onLimit("primary"), onSecondaryRateLimit: onLimit("secondary") },
  });
  client.hook.before("request", (request) => {
    request.headers["x-github-api-version"] = API_VERSION;
    if (now() < pausedUntil) {
      const until = new Date(pausedUntil).toISOString();
      throw new AutofixError("github/unexpected", `GitHub's rate limit is used up until ${until}; nothing is sent before that.`, { retry: "later" });
    }
  });
  askConditionally(client);
  return client;
}

/** Without it a connection that hangs would hold its incident for five minutes, undici's default. */
function withTimeout(send: typeof fetch): typeof fetch {
  return (input, init) => send(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
}

function describe(request: object): string {
  return `${"method" in request ? request.method : ""} ${"url" in request ? request.url : ""}`;
}

function octokitLog(log: Log): { debug: LogCall; info: LogCall; warn: LogCall; error: LogCall } {
  return {
    debug: (message) => log.debug({ from: "octokit" }, message),
    // Each request's line; of interest only to who debugs.
    info: (message) => log.debug({ from: "octokit" }, message),
    warn: (message) => log.warn({ from: "octokit" }, message),
    // Octokit calls a 404 an error; whether it is one is for the caller to say.
    error: (message) => log.debug({ from: "octokit" }, message),
  };
}

type LogCall = (message: string) => void;
