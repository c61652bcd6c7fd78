import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { healthHandler } from "../../src/web/health.ts";

let server: Server;
let base: string;
const state = { synced: false, draining: false };

beforeEach(async () => {
  Object.assign(state, { synced: false, draining: false });
  const handler = healthHandler({ synced: () => state.synced, draining: () => state.draining });
  server = createServer((request, response) => {
    if (!handler(request, response)) response.writeHead(404).end("somebody else's");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${Object(server.address()).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function get(path: string, method = "GET"): Promise<[number, string]> {
  const response = await fetch(base + path, { method });
  return [response.status, await response.text()];
}

it("is alive from the start, and ready once the cluster is known until it shuts down", async () => {
  expect(await get("/healthz")).toEqual([200, "ok\n"]);
  expect(await get("/readyz")).toEqual([503, "the cluster's state is not read yet\n"]);
  state.synced = true;
  expect(await get("/readyz?verbose")).toEqual([200, "ok\n"]);
  state.draining = true;
  expect(await get("/readyz")).toEqual([503, "shutting down\n"]);
  expect(await get("/healthz")).toEqual([200, "ok\n"]);
});

it("answers HEAD without a body, and leaves every other request to others", async () => {
  expect(await get("/healthz", "HEAD")).toEqual([200, ""]);
  expect(await get("/healthz", "POST")).toEqual([404, "somebody else's"]);
  expect(await get("/healthz/x")).toEqual([404, "somebody else's"]);
  expect(await get("/")).toEqual([404, "somebody else's"]);
});
