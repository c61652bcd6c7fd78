import { APIError, APIUserAbortError, BadRequestError, type OpenAI, UnprocessableEntityError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { ModelOutcome } from "./diagnosis.ts";
import { MODEL_ANSWER, type ModelAnswer, readAnswer } from "./model-answer.ts";

export interface ModelRequest {
  system: string;
  user: string;
  maxOutputTokens: number;
  signal?: AbortSignal;
}

export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

export type ModelReply = Usage & ({ kind: "answer"; answer: ModelAnswer } | { kind: "unusable"; outcome: ModelOutcome; detail: string });

/** One question to a model. Every way in which an endpoint can disappoint is a value; only cancellation throws. */
export interface ModelClient {
  readonly name: string;
  /** @throws the signal's reason when it is aborted */
  ask(request: ModelRequest): Promise<ModelReply>;
}

export interface ModelOptions {
  model: string;
  /** Makes answers repeatable where the endpoint supports it. */
  seed?: number;
}

/** What is used of the SDK's clients: OpenAI's, Azure's, Bedrock's. */
export type ChatApi = Pick<OpenAI, "chat">;

/** How a request is put, from what is best to what the most modest endpoint accepts. */
type Shape = (request: ModelRequest, options: Pick<ModelOptions, "model" | "seed">) => ChatCompletionCreateParamsNonStreaming;

const SHAPES: readonly Shape[] = [
  (request, { model, seed }) => ({
    ...base(request, model),
    temperature: 0,
    max_completion_tokens: request.maxOutputTokens,
    ...(seed === undefined ? {} : { seed }),
  }),
  // Reasoning models refuse a temperature other than their own.
  (request, { model }) => ({ ...base(request, model), max_completion_tokens: request.maxOutputTokens }),
  // Older compatible servers know neither the new name of the limit nor a schema.
  (request, { model }) => ({ ...base(request, model), response_format: { type: "json_object" }, temperature: 0, max_tokens: request.maxOutputTokens }),
];

function base({ system, user }: ModelRequest, model: string): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    response_format: zodResponseFormat(MODEL_ANSWER, "diagnosis"),
  };
}

/** A client of any OpenAI-compatible endpoint. What the endpoint refuses (HTTP 400 or 422) is asked more modestly, and remembered. */
export function createModelClient(options: ModelOptions, api: ChatApi): ModelClient {
  let accepted = 0;
  return {
    name: options.model,
    async ask(request) {
      for (let shape = accepted; ; shape++) {
        try {
          const put = SHAPES[shape] ?? SHAPES[0];
          if (!put) return unreachable("no request shape");
          const completion = await api.chat.completions.create(put(request, options), request.signal ? { signal: request.signal } : {});
          accepted = shape;
          return readCompletion(completion);
        } catch (thrown) {
          if (thrown instanceof APIUserAbortError) throw request.signal?.reason ?? thrown;
          if (!(thrown instanceof APIError)) throw thrown;
          if (thrown.code === "content_filter") return { ...unreachable("the endpoint's content filter refused the question"), outcome: "filtered" };
          const isRefused = thrown instanceof BadRequestError || thrown instanceof UnprocessableEntityError;
          if (!isRefused || shape + 1 >= SHAPES.length)
            return unreachable(`the endpoint answered ${thrown.status ?? "nothing"}${thrown.code ? ` (${String(thrown.code).slice(0, 60)})` : ""}`);
        }
      }
    },
  };
}

function unreachable(detail: string): ModelReply {
  return { kind: "unusable", outcome: "unreachable", detail, inputTokens: 0, outputTokens: 0 };
}

function readCompletion(completion: ChatCompletion): ModelReply {
  const usage = { inputTokens: count(completion.usage?.prompt_tokens), outputTokens: count(completion.usage?.completion_tokens) };
  const choice = Array.isArray(completion.choices) ? completion.choices[0] : undefined;
  const unusable = (outcome: ModelOutcome, detail: string): ModelReply => ({ kind: "unusable", outcome, detail, ...usage });
  if (!choice?.message) return unusable("empty", "the endpoint answered without a message");
  if (choice.message.refusal) return unusable("refused", "the model refused to answer");
  if (choice.finish_reason === "length") return unusable("truncated", "the answer was cut off at the token limit");
  if (choice.finish_reason === "content_filter") return unusable("filtered", "the endpoint's content filter withheld the answer");
  return { ...readAnswer(typeof choice.message.content === "string" ? choice.message.content : ""), ...usage };
}

/** Compatible endpoints leave the usage out, or send it as something else. */
function count(tokens: unknown): number {
  return typeof tokens === "number" && Number.isFinite(tokens) && tokens > 0 ? Math.floor(tokens) : 0;
}
