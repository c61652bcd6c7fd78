import type { z } from "zod";
import type { MODEL_VARIABLES } from "./model-variables.ts";

/** Where a model is asked, and as whom. */
export type ModelEndpoint =
  /** Without a key a placeholder that local endpoints ignore. */
  | { provider: "openai"; apiKey: string; baseUrl?: string }
  | { provider: "azure"; apiKey: string; endpoint: string; apiVersion: string }
  | { provider: "bedrock"; apiKey: string; region?: string; baseUrl?: string };

export interface ModelConfig {
  name: string;
  endpoint: ModelEndpoint;
  /** How long one answer may take. */
  seconds: number;
  promptTokens: number;
  answerTokens: number;
  tokensPerIncident: number;
  tokensPerDay: number;
}

type Name = keyof typeof MODEL_VARIABLES;
export type ModelValues = z.infer<z.ZodObject<typeof MODEL_VARIABLES>>;

/** Variables of which one has to be set, and what for. */
export interface Need {
  names: [Name, ...Name[]];
  because: string;
}

/** What is missing for a model to be asked. `value` answers what a variable is set to. */
export function needsOfModel(value: (name: string) => string | undefined): Need[] {
  const named = value("OPENAI_MODEL") !== undefined;
  if (!named) return value("AUTOFIX_ENGINE") === "model" ? [{ names: ["OPENAI_MODEL"], because: "AUTOFIX_ENGINE=model" }] : [];
  const provider = value("AUTOFIX_MODEL_PROVIDER") ?? "openai";
  const needs = NEEDS[provider]?.map((names): Need => ({ names, because: provider === "openai" ? "OPENAI_MODEL" : `AUTOFIX_MODEL_PROVIDER=${provider}` }));
  return (needs ?? []).filter(({ names }) => names.every((name) => value(name) === undefined));
}

const NEEDS: Readonly<Record<string, [Name, ...Name[]][] | undefined>> = {
  openai: [["OPENAI_API_KEY", "OPENAI_BASE_URL"]],
  azure: [["AZURE_OPENAI_ENDPOINT"], ["AZURE_OPENAI_API_KEY"], ["OPENAI_API_VERSION"]],
  bedrock: [["AWS_BEARER_TOKEN_BEDROCK"], ["AWS_REGION", "AWS_BEDROCK_BASE_URL"]],
};

/** The model's settings; undefined where no model is named. {@link needsOfModel} found nothing missing. */
export function modelConfig(values: ModelValues): ModelConfig | undefined {
  if (!values.OPENAI_MODEL) return undefined;
  return {
    name: values.OPENAI_MODEL,
    endpoint: endpointOf(values),
    seconds: values.AUTOFIX_MODEL_SECONDS,
    promptTokens: values.AUTOFIX_MODEL_PROMPT_TOKENS,
    answerTokens: values.AUTOFIX_MODEL_ANSWER_TOKENS,
    tokensPerIncident: values.AUTOFIX_MODEL_TOKENS_PER_INCIDENT,
    tokensPerDay: values.AUTOFIX_MODEL_TOKENS_PER_DAY,
  };
}

function endpointOf(values: ModelValues): ModelEndpoint {
  switch (values.AUTOFIX_MODEL_PROVIDER) {
    case "openai":
      return { provider: "openai", apiKey: values.OPENAI_API_KEY ?? "none", ...baseUrl(values.OPENAI_BASE_URL) };
    case "azure": {
      const { AZURE_OPENAI_API_KEY: apiKey = "", AZURE_OPENAI_ENDPOINT: endpoint = "", OPENAI_API_VERSION: apiVersion = "" } = values;
      return { provider: "azure", apiKey, endpoint, apiVersion };
    }
    case "bedrock": {
      const { AWS_BEARER_TOKEN_BEDROCK: apiKey = "", AWS_REGION: region } = values;
      return { provider: "bedrock", apiKey, ...(region ? { region } : {}), ...baseUrl(values.AWS_BEDROCK_BASE_URL) };
    }
  }
}

function baseUrl(url: string | undefined): { baseUrl?: string } {
  return url ? { baseUrl: url } : {};
}
