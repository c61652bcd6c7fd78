import OpenAI, { AzureOpenAI, BedrockOpenAI } from "openai";
import type { ModelEndpoint } from "../config/model.ts";
import type { ChatApi } from "./model-client.ts";

export interface ConnectionOptions {
  /** Milliseconds for one answer. */
  timeout: number;
  /** Attempts after the first for what may pass (408, 409, 429, 5xx, network). */
  maxRetries: number;
}

/** OpenAI's own address. Named here since the SDK would else look into the environment, as it does for all that is left out. */
const OPENAI = "https://api.openai.com/v1";

/**
 * The SDK's own client for whoever serves the model. Every setting that the SDK would read from the environment is given: environment variables are the
 * configuration's, and a log level from there would print evidence.
 */
export function connectModel(name: string, endpoint: ModelEndpoint, options: ConnectionOptions): ChatApi {
  const common = { ...options, logLevel: "off", organization: null, project: null } as const;
  const { apiKey } = endpoint;
  switch (endpoint.provider) {
    case "openai":
      return new OpenAI({ ...common, apiKey, baseURL: endpoint.baseUrl ?? OPENAI });
    case "azure":
      // An empty base URL: it is made from the endpoint, never from OPENAI_BASE_URL.
      return new AzureOpenAI({ ...common, apiKey, endpoint: endpoint.endpoint, apiVersion: endpoint.apiVersion, deployment: name, baseURL: "" });
    case "bedrock":
      return new BedrockOpenAI({ ...common, apiKey, baseURL: endpoint.baseUrl ?? "", ...(endpoint.region ? { awsRegion: endpoint.region } : {}) });
  }
}
