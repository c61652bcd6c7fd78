import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Json } from "../../../src/cluster/objects.ts";
import type { Answer, Exchange, Next } from "./exchange.ts";
import type { Faults } from "./faults.ts";

/** One request of a client, as it was answered; 0 where the answer was lost on purpose. */
export interface RecordedRequest {
  method: string;
  path: string;
  status: number;
}

export interface Front {
  readonly url: string;
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Requests with this header are the stand-in's own and are not recorded. */
export const OWN = "x-stand-in";
export const HOOK_PATH = "/_stand-in/hook";
/** A GitHub Enterprise Server has its API here; both ways in lead to the same. Recorded requests keep the one that they took. */
export const ENTERPRISE = "/api/v3";

/** The HTTP server that clients talk to; `handle` gets everything but webhooks that come back to it. */
export async function openFront(handle: Next, faults: Faults, onHook: (event: string, payload: Json) => void = () => {}): Promise<Front> {
  const requests: RecordedRequest[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const path = request.url ?? "/";
    const body = await readBody(request);
    if (path === HOOK_PATH) {
      onHook(String(request.headers["x-github-event"]), body ?? null);
      return send(response, { status: 202, headers: {}, body: undefined });
    }
    const recorded = request.headers[OWN] === undefined ? { method, path, status: 0 } : undefined;
    if (recorded) requests.push(recorded);
    const answer = await answerTo({ method, path: withoutPrefix(path), headers: keptHeaders(request), body }, recorded !== undefined);
    if (answer === "lost") return void request.socket.destroy();
    if (recorded) recorded.status = answer.status;
    send(response, answer);
  }

  async function answerTo(exchange: Exchange, mayFail: boolean): Promise<Answer | "lost"> {
    const fault = mayFail ? faults.take(exchange.method, exchange.path) : undefined;
    if (fault?.kind === "answer") return fault.answer;
    if (fault?.kind === "timeout-before") return "lost";
    const answer = await handle(exchange);
    if (fault?.kind === "timeout-after") return "lost";
    return fault?.kind === "error-after" ? fault.answer : answer;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => send(response, { status: 500, headers: {}, body: { message: `The stand-in failed: ${thrown}` } }));
  });
  const url = await listen(server);
  return {
    url,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function withoutPrefix(path: string): string {
  return path.startsWith(`${ENTERPRISE}/`) ? path.slice(ENTERPRISE.length) : path;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    });
  });
}

async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

function keptHeaders(request: IncomingMessage): Record<string, string> {
  const kept = ["authorization", "accept", "content-type", "user-agent", "x-github-api-version", "if-none-match", OWN];
  return Object.fromEntries(kept.flatMap((name): [string, string][] => (request.headers[name] ? [[name, String(request.headers[name])]] : [])));
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
}
