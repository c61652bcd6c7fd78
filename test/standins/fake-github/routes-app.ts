import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../src/cluster/objects.ts";
import { numberAt } from "../../../src/cluster/objects.ts";
import { type Answer, answer } from "../github/exchange.ts";
import type { HookAttempt } from "../github/hooks.ts";
import { type Call, created, NOT_FOUND, ok, page, type RepositoryCall, type RepositoryRoute, type Route } from "./route.ts";
import { appShape, organisationShape, repositoryShape } from "./shapes.ts";
import { stamp } from "./state.ts";

const DELIVERY = "/app/hook/deliveries/{delivery_id}";

/** What the App asks as itself (docs.github.com/rest/apps). */
export const APP_ROUTES: Route[] = [
  { operation: "GET /app", needs: "app", serve: ({ world }) => ok({ ...appShape(world, world.app), installations_count: world.app.installations.size }) },
  { operation: "GET /app/installations", needs: "app", serve: listInstallations },
  { operation: "POST /app/installations/{installation_id}/access_tokens", needs: "app", serve: createToken },
  { operation: "GET /app/hook/deliveries", needs: "app", serve: listDeliveries },
  { operation: `GET ${DELIVERY}`, needs: "app", serve: getDelivery },
  { operation: `POST ${DELIVERY}/attempts`, needs: "app", serve: redeliver },
  { operation: "GET /installation/repositories", needs: ["metadata:read"], serve: installationRepositories },
];

export const APP_REPOSITORY_ROUTES: RepositoryRoute[] = [{ operation: "GET /repos/{owner}/{repo}/installation", needs: "app", serve: installationOf }];

function installationShape({ world }: Call, owner: string, id: number): JsonObject {
  const { app } = world;
  return {
    id,
    account: organisationShape(world, owner),
    repository_selection: "all",
    access_tokens_url: `${world.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${owner}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: id,
    target_type: "Organization",
    permissions: app.permissions,
    events: app.events,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}

function listInstallations(call: Call): Answer {
  return page(call, [...call.world.app.installations], ([owner, id]) => installationShape(call, owner, id));
}

function installationOf(call: RepositoryCall): Answer {
  const id = call.world.app.installations.get(call.repository.owner);
  return id === undefined ? NOT_FOUND : ok(installationShape(call, call.repository.owner, id));
}

function createToken({ world, params }: Call): Answer {
  const installation = Number(params.installation_id);
  if (![...world.app.installations.values()].includes(installation)) return NOT_FOUND;
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const expires = Date.now() + 3_600_000;
  world.app.tokens.set(token, { installation, expires });
  return created({ token, expires_at: stamp(new Date(expires).toISOString()), permissions: world.app.permissions, repository_selection: "all" });
}

function installationRepositories(call: Call): Answer {
  const all = [...call.world.repositories.values()].filter(({ owner }) => call.world.app.installations.has(owner));
  const show = (repository: (typeof all)[number]) => repositoryShape(call.world, repository);
  return page(call, all, show, (repositories) => ({ total_count: all.length, repositories }));
}

/** Newest first; GitHub keeps them for three days. A cursor names the place in the list. */
function listDeliveries({ world, query }: Call): Answer {
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const status = query.get("status");
  const wanted = world.hooks.attempts.filter((attempt) => status === null || (status === "success") === isSuccess(attempt)).toReversed();
  const cursor = query.get("cursor");
  const start = cursor === null ? 0 : Number(cursor.replace("v1_", ""));
  const shown = answer(200, wanted.slice(start, start + size).map(attemptShape));
  if (start + size >= wanted.length) return shown;
  const next = new URL("/app/hook/deliveries", world.url);
  for (const [name, value] of [...query, ["cursor", `v1_${start + size}`]]) next.searchParams.set(name ?? "", value ?? "");
  return { ...shown, headers: { ...shown.headers, link: `<${next}>; rel="next"` } };
}

function isSuccess({ status }: HookAttempt): boolean {
  return status >= 200 && status < 300;
}

function attemptShape(attempt: HookAttempt): JsonObject {
  const { delivery, at, seconds, redelivery, status, id } = attempt;
  return {
    id,
    guid: delivery.id,
    delivered_at: at.toISOString(),
    redelivery,
    duration: seconds,
    status: isSuccess(attempt) ? "OK" : status === 0 ? "failed to connect to host" : `Invalid HTTP Response: ${status}`,
    status_code: status === 0 ? 502 : status,
    event: delivery.event,
    action: delivery.action === "" ? null : delivery.action,
    installation_id: numberAt(delivery.payload, "installation", "id") ?? null,
    repository_id: numberAt(delivery.payload, "repository", "id") ?? null,
    throttled_at: null,
  };
}

function attemptOf({ world, params }: Call): HookAttempt | undefined {
  return world.hooks.attempts.find(({ id }) => id === Number(params.delivery_id));
}

function getDelivery(call: Call): Answer {
  const attempt = attemptOf(call);
  if (!attempt) return NOT_FOUND;
  const request = { headers: { "X-GitHub-Delivery": attempt.delivery.id, "X-GitHub-Event": attempt.delivery.event }, payload: attempt.delivery.payload };
  return ok({ ...attemptShape(attempt), url: `${call.world.url}/hook`, request, response: { headers: null, payload: "" } });
}

/** GitHub answers at once, and sends it when it gets to it. */
function redeliver(call: Call): Answer {
  const attempt = attemptOf(call);
  if (!attempt) return NOT_FOUND;
  void call.world.hooks.redeliver(attempt.delivery.id);
  return answer(202, {});
}
