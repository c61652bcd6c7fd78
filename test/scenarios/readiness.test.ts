import { generateKeyPairSync } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { type Running, startAutofix } from "../../src/compose.ts";
import { parseAppConfig } from "../../src/config/operator.ts";
import { type ReplayCluster, startReplayCluster } from "../standins/replay-cluster.ts";

let cluster: ReplayCluster;
let app: Running;

afterEach(async () => {
  await app.stop();
  await cluster.close();
});

test("an App that starts while the API server is away lives, and is ready soon after it is back", async () => {
  cluster = await startReplayCluster({ objects: [] });
  cluster.pause();
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const config = parseAppConfig({
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: "never used here",
    GITHUB_API_URL: "http://127.0.0.1:9",
    KUBECONFIG: cluster.kubeconfig,
    LOG_LEVEL: "silent",
    HOST: "127.0.0.1",
    PORT: "0",
  });
  app = await startAutofix(config, { privateKey });
  expect(await statusOf("/healthz")).toBe(200);
  expect(await statusOf("/readyz")).toBe(503);

  cluster.resume();
  await vi.waitFor(async () => expect(await statusOf("/readyz")).toBe(200), { timeout: 25_000, interval: 200 });
});

async function statusOf(path: string): Promise<number> {
  return (await fetch(app.url + path)).status;
}
