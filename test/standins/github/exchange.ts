import type { Json } from "../../../src/cluster/objects.ts";

/** One request to the stand-in: `path` with its query, starting at `/repos`, `/app` … */
export interface Exchange {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Json | undefined;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Json | undefined;
}

/** The emulator, or whatever comes next on the way to it. */
export type Next = (exchange: Exchange) => Promise<Answer>;

/** One difference between the emulator and GitHub, bridged: it may answer itself, or change what goes to the emulator and what comes back. */
export type Gap = (exchange: Exchange, next: Next) => Promise<Answer>;

export function answer(status: number, body: Json | undefined): Answer {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

/** GitHub's shape of a 422 (docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed). */
export function invalid(resource: string, detail: { field?: string; code: string; message?: string }): Answer {
  return answer(422, { message: "Validation Failed", errors: [{ resource, ...detail }], documentation_url: "https://docs.github.com/rest", status: "422" });
}

/** `/repos/{owner}/{repo}/…rest` taken apart; undefined for other paths. */
export function repositoryPath(path: string): { fullName: string; rest: string; query: URLSearchParams } | undefined {
  const url = new URL(path, "http://stand-in");
  const match = /^\/repos\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(url.pathname);
  return match ? { fullName: `${match[1]}/${match[2]}`, rest: match[3] ?? "", query: url.searchParams } : undefined;
}

/**
 * Sends to the emulator over HTTP. It calls itself `localhost` in every URL that it gives; `outward` makes those the front's.
 * (Told another base URL it would not say on which port it listens.)
 */
export function emulatorAt(url: string, outward: (text: string) => string): Next {
  return async ({ method, path, headers, body }) => {
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const kept = ["content-type", "link", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-resource", "location"];
    const entries = kept.flatMap((name): [string, string][] => (response.headers.has(name) ? [[name, outward(response.headers.get(name) ?? "")]] : []));
    const text = outward(await response.text());
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, headers: Object.fromEntries(entries), body: text === "" ? undefined : isJson ? JSON.parse(text) : text };
  };
}
