import { createConfiguration, HttpMethod, KubeConfig, RequestContext } from "@kubernetes/client-node";
import { AutofixError, messageOf } from "../errors.ts";
import { isKubeObject, isObject, type Json, type KubeObject, listAt, textAt } from "./objects.ts";

/** How long one request may take; watches are not sent from here. */
const TIMEOUT_MILLISECONDS = 30_000;
const PAGE = 500;
/** 10,000 objects of one kind in one namespace; beyond that an observation would not fit into memory anyway. */
const PAGES = 20;

/** A collection at one version. */
export interface Listing {
  items: KubeObject[];
  resourceVersion: string;
}

/** Asks the API server, with GET only: there is no other method here, on purpose. */
export class KubeClient {
  /** For watch.ts, whose informers need it. */
  readonly config: KubeConfig;
  readonly #server: string;
  readonly #http = createConfiguration().httpApi;

  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new AutofixError("cluster/unreachable", "The kubeconfig has no current context that names a cluster.");
    this.config = config;
    this.#server = cluster.server.replace(/\/+$/, "");
  }

  /** One object, or undefined where there is none (or no such kind). Throws `cluster/forbidden` and `cluster/unreachable`. */
  async get(path: string): Promise<KubeObject | undefined> {
    const response = await this.#send("get", path, {});
    if (response.status === 404) return undefined;
    const body = parse(path, response.text);
    if (!isKubeObject(body)) throw new AutofixError("cluster/invalid-object", `The API server's answer for ${path} is no Kubernetes object.`);
    return body;
  }

  /** Any JSON document, such as a discovery document; undefined where there is none. */
  async document(path: string, accept = "application/json"): Promise<Json | undefined> {
    const response = await this.#send("get", path, {}, accept);
    return response.status === 404 ? undefined : parse(path, response.text);
  }

  /** All objects of a collection; undefined where the kind is not installed. The items get back their apiVersion and kind. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<KubeObject[] | undefined> {
    return (await this.listing(path, query))?.items;
  }

  /** Like {@link list}, with the version of the collection, from which a watch can go on. Reads page by page. */
  async listing(path: string, query: Readonly<Record<string, string>> = {}): Promise<Listing | undefined> {
    const items: KubeObject[] = [];
    let [next, resourceVersion] = ["", ""];
    for (let page = 0; page < PAGES; page++) {
      const response = await this.#send("list", path, { ...query, limit: String(PAGE), ...(next === "" ? {} : { continue: next }) });
      if (response.status === 404) return undefined;
      // The place to go on from is too old by now: pages are of no use then.
      if (response.status === 410) return this.#wholeListing(path, query);
      const list = parse(path, response.text);
      items.push(...itemsOf(list));
      resourceVersion = textAt(list, "metadata", "resourceVersion");
      next = textAt(list, "metadata", "continue");
      if (next === "") break;
    }
    return { items, resourceVersion };
  }

  async #wholeListing(path: string, query: Readonly<Record<string, string>>): Promise<Listing> {
    const list = parse(path, (await this.#send("list", path, query)).text);
    return { items: itemsOf(list), resourceVersion: textAt(list, "metadata", "resourceVersion") };
  }

  /** A text, such as a log; undefined where there is none (404) or the server will not give it (400: the container has not started). */
  async text(path: string, query: Readonly<Record<string, string>>): Promise<string | undefined> {
    const response = await this.#send("get", path, query);
    return response.status === 404 || response.status === 400 ? undefined : response.text;
  }

  async #send(
    verb: "get" | "list",
    path: string,
    query: Readonly<Record<string, string>>,
    accept = "application/json",
  ): Promise<{ status: number; text: string }> {
    const url = new URL(this.#server + path);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const request = new RequestContext(url.toString(), HttpMethod.GET);
    request.setHeaderParam("Accept", accept);
    request.setSignal(AbortSignal.timeout(TIMEOUT_MILLISECONDS));
    let answer: { status: number; text: string };
    try {
      await this.config.applySecurityAuthentication(request);
      const response = await this.#http.send(request).toPromise();
      answer = { status: response.httpStatusCode, text: await response.body.text() };
    } catch (thrown) {
      throw new AutofixError("cluster/unreachable", `The cluster's API server at ${this.#server} cannot be reached: ${reasonOf(thrown)}`, {
        retry: "later",
        cause: thrown,
      });
    }
    refuseErrors(answer.status, verb, path);
    return answer;
  }
}

/**
 * Connects as a kubeconfig file says, or without one as kubectl would: KUBECONFIG, the default file, or the pod's own service account.
 * Nothing is sent yet. Throws `cluster/unreachable` for a file that cannot be read or that names no cluster.
 */
export function connect(kubeconfig: string | undefined, context?: string): KubeClient {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (thrown) {
    throw new AutofixError("cluster/unreachable", `The kubeconfig ${kubeconfig ?? "(default)"} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
  if (context !== undefined) {
    if (!config.getContextObject(context)) throw new AutofixError("cluster/unreachable", `The kubeconfig has no context ${context}.`);
    config.setCurrentContext(context);
  }
  return new KubeClient(config);
}

function itemsOf(list: Json | undefined): KubeObject[] {
  const kind = textAt(list, "kind").replace(/List$/, "");
  const apiVersion = textAt(list, "apiVersion");
  return listAt(list, "items")
    .filter(isObject)
    .map((item) => ({ apiVersion, kind, ...item }))
    .filter(isKubeObject);
}

function parse(path: string, text: string): Json {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new AutofixError("cluster/invalid-object", `The API server's answer for ${path} is no JSON.`, { cause: thrown });
  }
}

/** 400, 404 and 410 have a meaning for the caller; everything else that is no success ends here. */
function refuseErrors(status: number, verb: string, path: string): void {
  if (status < 300 || status === 400 || status === 404 || status === 410) return;
  if (status === 401 || status === 403) throw forbidden(status, verb, path);
  throw new AutofixError("cluster/unreachable", `The API server answered ${status} to ${verb} ${path}.`, { retry: "later" });
}

/** Names the rule that is missing in the bot's (Cluster)Role. `status` is 401 where not even the identity was accepted. */
function forbidden(status: number, verb: string, path: string): AutofixError {
  if (status === 401) {
    return new AutofixError("cluster/forbidden", `The API server does not accept the credentials of the kubeconfig (401 to ${verb} ${path}).`, {
      retry: "later",
    });
  }
  const { group, resource } = resourceIn(path);
  const rule = `{apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]}`;
  return new AutofixError("cluster/forbidden", `The bot may not ${verb} ${resource}${group === "" ? "" : `.${group}`}: its role needs ${rule}.`);
}

/** Group and resource (with its subresource) of an API path. */
function resourceIn(path: string): { group: string; resource: string } {
  const parts = path.split("/").filter((part) => part !== "");
  const group = parts[0] === "apis" ? (parts[1] ?? "") : "";
  const rest = parts.slice(parts[0] === "apis" ? 3 : 2);
  const [resource = "", , subresource] = rest[0] === "namespaces" && rest.length > 2 ? rest.slice(2) : rest;
  return { group, resource: subresource === undefined ? resource : `${resource}/${subresource}` };
}

/** undici says only "fetch failed"; the reason is in the cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause === undefined ? messageOf(thrown) : `${messageOf(thrown)} (${messageOf(cause)})`;
}
