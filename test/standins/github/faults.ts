import type { Answer } from "./exchange.ts";

/**
 * What goes wrong with a request: a status instead of doing it, a connection that is lost before or after it is done, or a 502 after it is done, as GitHub's
 * proxies give it when a write takes too long.
 */
export type Fault = number | "timeout-before" | "timeout-after" | "error-after";

export type PlannedFault = { kind: "answer"; answer: Answer } | { kind: "timeout-before" | "timeout-after" } | { kind: "error-after"; answer: Answer };

export interface Faults {
  failNext(method: string, pathPrefix: string, fault: Fault, headers?: Record<string, string>, message?: string): void;
  /** The primary rate limit is used up: every request of clients is refused for so many seconds. */
  exhaust(seconds: number): void;
  /** The fault planned for this request, which is thereby used up. */
  take(method: string, path: string): PlannedFault | undefined;
}

export function createFaults(): Faults {
  const planned: { method: string; pathPrefix: string; fault: PlannedFault }[] = [];
  let exhaustedUntil = 0;
  return {
    failNext(method, pathPrefix, fault, headers = {}, message = "Injected by the stand-in") {
      const answer = { status: typeof fault === "number" ? fault : 502, headers: { "content-type": "application/json", ...headers }, body: { message } };
      planned.push({ method, pathPrefix, fault: typeof fault === "number" ? { kind: "answer", answer } : { kind: fault, answer } });
    },
    exhaust(seconds) {
      exhaustedUntil = Date.now() + seconds * 1000;
    },
    take(method, path) {
      if (Date.now() < exhaustedUntil) return { kind: "answer", answer: exhausted(exhaustedUntil) };
      const index = planned.findIndex((one) => one.method === method && path.startsWith(one.pathPrefix));
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
  };
}

/** docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function exhausted(until: number): Answer {
  const reset = String(Math.ceil(until / 1000));
  const headers = { "content-type": "application/json", "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
  return { status: 403, headers, body: { message: "API rate limit exceeded for installation ID 100.", documentation_url: "https://docs.github.com/rest" } };
}
