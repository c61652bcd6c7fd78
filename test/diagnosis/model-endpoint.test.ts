import { afterEach, describe, expect, it, vi } from "vitest";
import type { ModelEndpoint } from "../../src/config/model.ts";
import { createModelClient } from "../../src/diagnosis/model-client.ts";
import { connectModel } from "../../src/diagnosis/model-endpoint.ts";
import { modelAnswer, type ScriptedModel, startScriptedModel } from "../standins/scripted-model.ts";

let server: ScriptedModel | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

/** What arrives at the endpoint when the model is asked as these settings say. */
async function asked(endpoint: (address: string) => ModelEndpoint) {
  server = await startScriptedModel(() => ({ kind: "content", content: modelAnswer() }));
  const address = server.url.replace(/\/v1$/, "");
  const api = connectModel("fixer", endpoint(address), { maxRetries: 0, timeout: 5000 });
  const reply = await createModelClient({ model: "fixer" }, api).ask({ system: "s", user: "u", maxOutputTokens: 100 });
  const [call] = server.calls;
  return { kind: reply.kind, path: call?.path, authorization: call?.authorization, key: call?.headers["api-key"], model: call?.body.model };
}

describe("a model is asked", () => {
  it("at any OpenAI-compatible endpoint", async () => {
    expect(await asked((address) => ({ provider: "openai", apiKey: "k1", baseUrl: `${address}/v1` }))).toEqual({
      kind: "answer",
      path: "/v1/chat/completions",
      authorization: "Bearer k1",
      key: undefined,
      model: "fixer",
    });
  });

  it("at a deployment of Azure OpenAI, as its API wants it", async () => {
    const answer = await asked((address) => ({ provider: "azure", apiKey: "k2", endpoint: address, apiVersion: "2024-10-21" }));
    expect(answer).toMatchObject({ kind: "answer", path: "/openai/deployments/fixer/chat/completions?api-version=2024-10-21", key: "k2" });
  });

  it("at Amazon Bedrock's compatible endpoint, with its bearer token", async () => {
    const answer = await asked((address) => ({ provider: "bedrock", apiKey: "k3", region: "eu-central-1", baseUrl: `${address}/openai/v1` }));
    expect(answer).toMatchObject({ kind: "answer", path: "/openai/v1/chat/completions", authorization: "Bearer k3", model: "fixer" });
  });

  it("as configured, whatever else the environment says to the SDK", async () => {
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere");
    vi.stubEnv("OPENAI_ORG_ID", "org-of-somebody");
    const answer = await asked((address) => ({ provider: "azure", apiKey: "k2", endpoint: address, apiVersion: "2024-10-21" }));
    expect(answer.kind).toBe("answer");
    expect(server?.calls[0]?.headers["openai-organization"]).toBeUndefined();
  });
});
