import type { Answer } from "./exchange.ts";

/** What goes wrong: an HTTP status instead of doing it, or `"timeout-after"`: it is done, and the answer is lost on the way. */
export type Fault = number | "timeout-after";

export interface Faults {
  failNext(method: string, pathPrefix: string, fault: Fault, headers?: Record<string, string>, message?: string): void;
  /** The fault planned for this request, which is thereby used up. */
  take(method: string, path: string): Answer | "timeout-after" | undefined;
}

export function createFaults(): Faults {
  const planned: { method: string; pathPrefix: string; fault: Answer | "timeout-after" }[] = [];
  return {
    failNext(method, pathPrefix, fault, headers = {}, message = "Injected by the stand-in") {
      const answer = fault === "timeout-after" ? fault : { status: fault, headers: { "content-type": "application/json", ...headers }, body: { message } };
      planned.push({ method, pathPrefix, fault: answer });
    },
    take(method, path) {
      const index = planned.findIndex((one) => one.method === method && path.startsWith(one.pathPrefix));
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
  };
}
