import { isKubeObject, type Json, type JsonObject, type KubeObject, textAt } from "../../../src/cluster/objects.ts";
import { discovery, type ServedKind } from "./kinds.ts";
import { matchesFields, matchesLabels } from "./selectors.ts";
import type { ObjectStore, WatchEvent } from "./store.ts";

/** What the API knows when a request comes. */
export interface ApiState {
  store: ObjectStore;
  served: ReadonlySet<ServedKind>;
  /** Plurals that the client may not read. */
  forbidden: readonly string[];
  /** By `POD.CONTAINER` or `POD.CONTAINER.previous`. */
  logs: Readonly<Record<string, string>>;
  openApi: Readonly<Record<string, JsonObject>>;
  tries: ((object: KubeObject) => string | undefined) | undefined;
}

export type Reply =
  | { kind: "json"; code: number; body: object }
  | { kind: "text"; text: string }
  /** First what was missed, then every change of an object that is wanted. */
  | { kind: "watch"; missed: WatchEvent[]; isWanted(object: KubeObject): boolean };

/** Answers one request as the API server would, without its authorities: reading, and trying what is not kept. */
export function replyTo(state: ApiState, method: string, url: URL, body = ""): Reply {
  if (method === "PATCH" && state.tries && url.searchParams.get("dryRun") === "All") return tried(state.tries, body);
  if (method !== "GET") return failure(405, "MethodNotAllowed", "this cluster is read only");
  const described = openApi(state, url.pathname);
  if (described) return { kind: "json", code: 200, body: described };
  const document = discovery(url.pathname, [...state.served]);
  if (document) return { kind: "json", code: 200, body: document };
  const target = resolve(url.pathname, state.served);
  if (!target) return failure(404, "NotFound", "the server could not find the requested resource");
  if (state.forbidden.includes(target.kind.plural)) return failure(403, "Forbidden", `${target.kind.plural} is forbidden`);
  if (target.subresource === "log") return logOf(state, target, url.searchParams);
  if (target.name !== "") return one(state, target);
  return url.searchParams.get("watch") === "true" ? watch(state, target, url.searchParams) : list(state, target, url.searchParams);
}

function tried(tries: (object: KubeObject) => string | undefined, body: string): Reply {
  const object: Json = JSON.parse(body);
  if (!isKubeObject(object)) return failure(400, "BadRequest", "no object");
  const message = tries(object);
  return message === undefined ? { kind: "json", code: 200, body: object } : failure(422, "Invalid", message);
}

function openApi({ openApi: documents }: ApiState, path: string): object | undefined {
  const paths = Object.keys(documents).map((key) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=1` }]);
  if (path === "/openapi/v3" && paths.length > 0) return { paths: Object.fromEntries(paths) };
  if (path === "/version" && paths.length > 0) return { gitVersion: "v1.35.4" };
  return path.startsWith("/openapi/v3/") ? documents[path.slice("/openapi/v3/".length)] : undefined;
}

function one({ store }: ApiState, target: Target): Reply {
  const found = store.all().find((object) => isIn(object, target) && textAt(object, "metadata", "name") === target.name);
  return found ? { kind: "json", code: 200, body: found } : failure(404, "NotFound", `${target.kind.plural} "${target.name}" not found`);
}

function list({ store }: ApiState, target: Target, query: URLSearchParams): Reply {
  const all = store.all().filter((object) => isIn(object, target) && isSelected(object, query));
  const start = Number(query.get("continue") ?? 0);
  const limit = Number(query.get("limit") ?? 0) || all.length;
  const rest = all.length > start + limit ? { continue: String(start + limit), remainingItemCount: all.length - start - limit } : {};
  // As the API server does, the items of a list carry neither apiVersion nor kind.
  const items = all.slice(start, start + limit).map(({ apiVersion: _, kind: __, ...item }) => item);
  const { apiVersion, kind } = target.kind;
  return { kind: "json", code: 200, body: { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: String(store.version), ...rest }, items } };
}

function watch({ store }: ApiState, target: Target, query: URLSearchParams): Reply {
  const asked = query.get("resourceVersion") ?? "";
  const isWanted = (object: KubeObject) => isIn(object, target) && isSelected(object, query);
  const current = store.all().map((object): WatchEvent => ({ type: "ADDED", object }));
  const missed = asked === "" || asked === "0" ? current : store.since(Number(asked));
  if (!missed) return failure(410, "Expired", "too old resource version");
  return { kind: "watch", missed: missed.filter((event) => isWanted(event.object)), isWanted };
}

function logOf({ store, logs }: ApiState, target: Target, query: URLSearchParams): Reply {
  const exists = store.all().some((object) => isIn(object, target) && textAt(object, "metadata", "name") === target.name);
  if (!exists) return failure(404, "NotFound", `pods "${target.name}" not found`);
  const previous = query.get("previous") === "true";
  const text = logs[`${target.name}.${query.get("container")}${previous ? ".previous" : ""}`];
  if (text === undefined) return failure(400, "BadRequest", `${previous ? "previous terminated " : ""}container not found`);
  const lines = text.replace(/\n$/, "").split("\n");
  const tail = lines.slice(-Number(query.get("tailLines") ?? lines.length));
  const shown = query.get("timestamps") === "true" ? tail : tail.map((line) => line.replace(/^\S+ /, ""));
  return { kind: "text", text: `${shown.join("\n")}\n` };
}

function failure(code: number, reason: string, message: string): Reply {
  return { kind: "json", code, body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code } };
}

interface Target {
  kind: ServedKind;
  namespace: string;
  name: string;
  subresource: string;
}

/** What a path of the API names, among the kinds that are served. */
function resolve(path: string, served: ReadonlySet<ServedKind>): Target | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const apiVersion = parts[0] === "api" ? (parts[1] ?? "") : `${parts[1]}/${parts[2]}`;
  const rest = parts.slice(parts[0] === "api" ? 2 : 3);
  const scoped = rest[0] === "namespaces" && rest.length > 2;
  const [plural, name = "", subresource = ""] = scoped ? rest.slice(2) : rest;
  const kind = [...served].find((candidate) => candidate.apiVersion === apiVersion && candidate.plural === plural);
  return kind ? { kind, namespace: scoped ? (rest[1] ?? "") : "", name, subresource } : undefined;
}

function isIn(object: KubeObject, { kind, namespace }: Target): boolean {
  if (object.apiVersion !== kind.apiVersion || object.kind !== kind.kind) return false;
  return namespace === "" || textAt(object, "metadata", "namespace") === namespace;
}

function isSelected(object: KubeObject, query: URLSearchParams): boolean {
  return matchesLabels(object, query.get("labelSelector") ?? "") && matchesFields(object, query.get("fieldSelector") ?? "");
}
