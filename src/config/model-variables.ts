import { z } from "zod";
import { number, variable, webAddress } from "./variable.ts";

/** Which model is asked, where, and how much it may cost. Azure's and Bedrock's variables have the names that their own documentation gives them. */
export const MODEL_VARIABLES = {
  OPENAI_MODEL: variable(z.string().max(200).optional(), {
    about: "The model to ask. Redacted evidence and manifests are sent to it only where this is set.",
    expected: "the model's name as the endpoint knows it; for Azure the name of the deployment",
    otherwise: "no model is asked",
  }),
  AUTOFIX_MODEL_PROVIDER: variable(z.enum(["openai", "azure", "bedrock"]).default("openai"), {
    about: "Who serves the model.",
    expected: "openai for OpenAI and everything compatible with it, azure or bedrock",
    otherwise: "openai",
  }),
  OPENAI_API_KEY: variable(z.string().optional(), {
    about: "The key of the model's endpoint.",
    expected: "the key that the endpoint's operator gave",
    otherwise: "no key is sent, as local endpoints allow",
    secret: true,
  }),
  OPENAI_BASE_URL: variable(webAddress.optional(), {
    about: "An OpenAI-compatible endpoint (vLLM, Ollama, a gateway …).",
    expected: "an address such as http://localhost:11434/v1",
    otherwise: "OpenAI's own",
    secret: true,
  }),
  AZURE_OPENAI_ENDPOINT: variable(webAddress.optional(), {
    about: "Azure OpenAI: the resource's endpoint.",
    expected: "an address such as https://example.openai.azure.com",
    otherwise: "needed for AUTOFIX_MODEL_PROVIDER=azure",
  }),
  AZURE_OPENAI_API_KEY: variable(z.string().optional(), {
    about: "Azure OpenAI: a key of the resource.",
    expected: "one of the two keys that the Azure portal shows",
    otherwise: "needed for AUTOFIX_MODEL_PROVIDER=azure",
    secret: true,
  }),
  OPENAI_API_VERSION: variable(
    z
      .string()
      .regex(/^[\w.-]{1,40}$/)
      .optional(),
    { about: "Azure OpenAI: the version of its API.", expected: "a version such as 2024-10-21", otherwise: "needed for AUTOFIX_MODEL_PROVIDER=azure" },
  ),
  AWS_BEARER_TOKEN_BEDROCK: variable(z.string().optional(), {
    about: "Amazon Bedrock: an API key.",
    expected: "the key that the Bedrock console gave",
    otherwise: "needed for AUTOFIX_MODEL_PROVIDER=bedrock",
    secret: true,
  }),
  AWS_REGION: variable(
    z
      .string()
      .regex(/^[a-z]{2,8}(?:-[a-z0-9]+)+-\d+$/)
      .optional(),
    {
      about: "Amazon Bedrock: the region.",
      expected: "a region such as eu-central-1",
      otherwise: "AWS_BEDROCK_BASE_URL is needed for AUTOFIX_MODEL_PROVIDER=bedrock",
    },
  ),
  AWS_BEDROCK_BASE_URL: variable(webAddress.optional(), {
    about: "Amazon Bedrock: its OpenAI-compatible endpoint where it is not the region's own (a VPC endpoint).",
    expected: "an address such as https://bedrock-mantle.eu-central-1.api.aws/openai/v1",
    otherwise: "the endpoint of AWS_REGION",
  }),
  AUTOFIX_MODEL_SECONDS: variable(number(1, 3600).default(120), {
    about: "How long one answer of the model may take.",
    expected: "a number of seconds from 1 to 3600",
    otherwise: "120",
  }),
  AUTOFIX_MODEL_PROMPT_TOKENS: variable(number(2000, 1_000_000).default(24_000), {
    about: "No question to the model is longer than this; evidence is cut down to about 6000 in any case, so that only large manifests come near.",
    expected: "a number of tokens from 2000",
    otherwise: "24000",
  }),
  AUTOFIX_MODEL_ANSWER_TOKENS: variable(number(200, 200_000).default(8000), {
    about: "No answer of the model is longer than this; together with the question it has to fit into the model's context.",
    expected: "a number of tokens from 200",
    otherwise: "8000",
  }),
  AUTOFIX_MODEL_TOKENS_PER_INCIDENT: variable(number(1000, 100_000_000).default(120_000), {
    about: "What all attempts at one incident may cost, questions and answers together. Then the playbook answers, or people are asked.",
    expected: "a number of tokens from 1000",
    otherwise: "120000",
  }),
  AUTOFIX_MODEL_TOKENS_PER_DAY: variable(number(1000, 999_999_999).default(2_000_000), {
    about: "What all incidents of a day (UTC) may cost together.",
    expected: "a number of tokens from 1000",
    otherwise: "2000000",
  }),
};
