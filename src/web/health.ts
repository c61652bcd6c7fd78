import type { IncomingMessage, ServerResponse } from "node:http";

/** What readiness depends on; each question is answered from memory, at every probe. */
export interface HealthChecks {
  /** Whether every watch has seen the cluster once. */
  synced(): boolean;
  /** Whether the process is going away: it takes no new work, and no new traffic should come. */
  draining(): boolean;
}

/** A handler as Probot's `addHandler` takes it: true where the request was answered. */
export type WebHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** `GET /healthz`: the process answers. `GET /readyz`: it is also of use, else 503 and what is missing. Everything else is left to others. */
export function healthHandler(checks: HealthChecks): WebHandler {
  return (request, response) => {
    const path = request.url?.split("?", 1)[0];
    if ((request.method !== "GET" && request.method !== "HEAD") || (path !== "/healthz" && path !== "/readyz")) return false;
    const missing = path === "/readyz" ? problems(checks) : [];
    response.writeHead(missing.length === 0 ? 200 : 503, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : missing.length === 0 ? "ok\n" : `${missing.join("\n")}\n`);
    return true;
  };
}

function problems({ synced, draining }: HealthChecks): string[] {
  return [...(synced() ? [] : ["the cluster's state is not read yet"]), ...(draining() ? ["shutting down"] : [])];
}
