import { isObject, type Json, type JsonObject, textAt } from "../../../src/cluster/objects.ts";
import { answer, type Gap, invalid, repositoryPath } from "../github/exchange.ts";
import { ADMIN, BOT, tokenOf } from "../github/people.ts";
import { ask, must, senderOf, type World } from "./world.ts";

/** The emulator takes a token that it does not know for its first user's; GitHub refuses it. */
export function credentials(world: World): Gap {
  const known = new Set([ADMIN, ...world.people.keys()].map(tokenOf));
  return (exchange, next) => {
    const token = (exchange.headers.authorization ?? "").replace(/^(Bearer|token)\s+/i, "");
    const plausible = token === "" || known.has(token) || token.startsWith("eyJ") || token.startsWith("ghs_");
    return plausible ? next(exchange) : Promise.resolve(answer(401, { message: "Bad credentials" }));
  };
}

/** The emulator knows members and nothing between; GitHub answers admin, write, read or none for every user that exists (rest/collaborators#get-repository-permissions-for-a-user). */
export function permissions(world: World): Gap {
  return async (exchange, next) => {
    const login = /^collaborators\/([^/]+)\/permission$/.exec(repositoryPath(exchange.path)?.rest ?? "")?.[1];
    if (exchange.method !== "GET" || login === undefined) return next(exchange);
    const permission = world.people.get(decodeURIComponent(login));
    if (permission === undefined) return answer(404, { message: "Not Found" });
    const user = await must(world, "GET", `/users/${login}`);
    return answer(200, { permission, role_name: permission, user: user ?? null });
  };
}

/** The emulator has no reactions; here they are kept in memory. The second one of a kind by the same user is 200 instead of 201, as on GitHub. */
export function reactions(world: World): Gap {
  const kept: { target: string; content: string; login: string; id: number }[] = [];
  const shown = (one: (typeof kept)[number]): JsonObject => ({
    id: one.id,
    content: one.content,
    user: { login: one.login, type: one.login === BOT ? "Bot" : "User" },
  });
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const match = /^(issues\/(?:comments\/)?\d+)\/reactions(?:\/(\d+))?$/.exec(place?.rest ?? "");
    if (!place || !match) return next(exchange);
    const target = `${place.fullName}/${match[1]}`;
    if ((await ask(world, "GET", `/repos/${place.fullName}/${match[1]}`)).status !== 200) return answer(404, { message: "Not Found" });
    if (exchange.method === "GET") return answer(200, kept.filter((one) => one.target === target).map(shown));
    if (exchange.method === "DELETE") {
      const index = kept.findIndex((one) => one.target === target && one.id === Number(match[2]));
      if (index >= 0) kept.splice(index, 1);
      return answer(index >= 0 ? 204 : 404, undefined);
    }
    const content = textAt(exchange.body, "content");
    if (!["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"].includes(content))
      return invalid("Reaction", { field: "content", code: "invalid" });
    const login = senderOf(world, exchange);
    const known = kept.find((one) => one.target === target && one.content === content && one.login === login);
    if (known) return answer(200, shown(known));
    const made = { target, content, login, id: kept.length + 1 };
    kept.push(made);
    return answer(201, shown(made));
  };
}

/** GitHub signs commits that an App makes without naming an author, committer or signature; the emulator signs none. */
export function signatures(world: World): Gap {
  return async (exchange, next) => {
    const result = await next(exchange);
    const made = exchange.method === "POST" && repositoryPath(exchange.path)?.rest === "git/commits" && result.status === 201;
    const named = isObject(exchange.body) && ["author", "committer", "signature"].some((field) => isObject(exchange.body) && field in exchange.body);
    if (made && !named && senderOf(world, exchange) === BOT) world.signed.add(textAt(result.body, "sha"));
    return { ...result, body: sign(result.body, world.signed) };
  };
}

function sign(body: Json | undefined, signed: ReadonlySet<string>): Json | undefined {
  if (Array.isArray(body)) return body.map((item) => sign(item, signed) ?? null);
  if (!isObject(body)) return body;
  const verification = { verified: true, reason: "valid", signature: "-----BEGIN PGP SIGNATURE-----", payload: "", verified_at: null };
  if (signed.has(textAt(body, "sha"))) {
    if (isObject(body.verification)) return { ...body, verification };
    if (isObject(body.commit) && isObject(body.commit.verification)) return { ...body, commit: { ...body.commit, verification } };
  }
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, sign(value, signed) ?? null]));
}
