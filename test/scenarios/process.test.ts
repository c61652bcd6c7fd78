import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startGitHub } from "../standins/github.ts";
import { lastingPort } from "../standins/lasting-port.ts";
import { startReplayCluster } from "../standins/replay-cluster.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  return { child, exited: once(child, "exit"), said: () => said.join("") };
}

async function becomesReady(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("the process", () => {
  test("does not start without its settings, and says which are missing", async () => {
    const { exited, said } = start({});
    const [code] = await exited;
    expect(code).toBe(1);
    expect(said()).toMatchInlineSnapshot(`
      "kube-autofix cannot start: This configuration does not work:
        - APP_ID is missing: set it to the number that the App's settings page shows.
        - WEBHOOK_SECRET is missing: set it to the secret of the App's webhook, at least 8 characters, and not "development".
        - PRIVATE_KEY is missing: set it to the PEM text of the App's private key, or PRIVATE_KEY_PATH to the path of the .pem file that GitHub gave.
      "
    `);
  });

  test("gets ready, and drains at SIGTERM", async () => {
    const [github, cluster, port] = [await startGitHub(), await startReplayCluster(), String(await lastingPort())];
    const { appId, privateKey, webhookSecret } = github.appCredentials;
    const { child, exited, said } = start({
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GITHUB_API_URL: github.url,
      KUBECONFIG: cluster.kubeconfig,
      LOG_LEVEL: "silent",
      HOST: "127.0.0.1",
      PORT: port,
    });
    await becomesReady(`http://127.0.0.1:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(said()).toContain(`listens on http://127.0.0.1:${port}`);
    await cluster.close();
    await github.stop();
  });
});
