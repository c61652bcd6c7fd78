import { verify } from "node:crypto";
import { isObject, type JsonObject } from "../../../src/cluster/objects.ts";
import type { Answer } from "../github/exchange.ts";
import { ADMIN, BOT, tokenOf } from "../github/people.ts";
import { type Needs, NOT_FOUND, refuse } from "./route.ts";
import type { FakeRepository, FakeWorld } from "./state.ts";

/** Who asks: the App by its JWT, one of its installations, or a person. */
export type Caller = { kind: "app" } | { kind: "installation"; id: number } | { kind: "person"; login: string };

/** Who a token belongs to; undefined for one that nobody was given. */
export function callerOf(world: FakeWorld, authorization: string): Caller | undefined {
  const token = authorization.replace(/^(Bearer|token)\s+/i, "");
  if (token.split(".").length === 3) return isOwnJwt(world, token) ? { kind: "app" } : undefined;
  const known = world.app.tokens.get(token);
  if (known) return known.expires > Date.now() ? { kind: "installation", id: known.installation } : undefined;
  const login = [ADMIN, ...world.people.keys()].find((one) => tokenOf(one) === token);
  return login === undefined ? undefined : { kind: "person", login };
}

export function loginOf(caller: Caller): string {
  return caller.kind === "person" ? caller.login : BOT;
}

/** Signed with the App's key, not expired, and for at most ten minutes (docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app). */
function isOwnJwt({ app }: FakeWorld, token: string): boolean {
  const [head = "", claims = "", signature = ""] = token.split(".");
  if (!verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), app.publicKey, Buffer.from(signature, "base64url"))) return false;
  const { iss, iat, exp } = jsonOf(claims);
  const now = Date.now() / 1000;
  return String(iss) === String(app.id) && typeof iat === "number" && iat <= now + 60 && typeof exp === "number" && exp > now && exp - now <= 600;
}

function jsonOf(part: string): JsonObject {
  const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  return typeof parsed === "object" && parsed !== null && isObject({ ...parsed }) ? { ...parsed } : {};
}

/** Why a caller may not do this; undefined where it may. */
export function refusal(world: FakeWorld, caller: Caller, needs: Needs, method: string, repository?: FakeRepository): Answer | undefined {
  if (needs === "app") return caller.kind === "app" ? undefined : refuse(401, "A JSON web token could not be decoded");
  if (caller.kind === "app") return refuse(401, "Requires authentication");
  if (caller.kind === "person") return personRefused(world, caller.login, method, needs);
  if (repository && world.app.installations.get(repository.owner) !== caller.id) return NOT_FOUND;
  if (needs === "anybody") return undefined;
  return needs !== "admin" && needs.some((one) => grants(world.app.permissions, one)) ? undefined : refuse(403, "Resource not accessible by integration");
}

function grants(permissions: Record<string, string>, needed: string): boolean {
  const [name = "", level] = needed.split(":");
  return permissions[name] === "write" || permissions[name] === level;
}

/** Everybody may comment and open issues, as in a public repository; anything else that changes something needs write access. */
function personRefused(world: FakeWorld, login: string, method: string, needs: Needs): Answer | undefined {
  if (login === ADMIN || needs === "anybody" || method === "GET") return undefined;
  if (needs === "admin") return refuse(403, "Must have admin rights to Repository.");
  const open = Array.isArray(needs) && needs.some((one) => String(one).startsWith("issues:"));
  const mayWrite = ["admin", "write"].includes(world.people.get(login) ?? "none");
  return open || mayWrite ? undefined : refuse(403, "Must have write access to the repository");
}
