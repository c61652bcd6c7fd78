import type { Json } from "../../../src/cluster/objects.ts";
import type { Answer, Exchange } from "../github/exchange.ts";

const ANYWHERE = /\b[0-9a-f]{40}\b/g;
const WHOLE = /^[0-9a-f]{40}$/;

/**
 * Two names for one commit. The emulator names commits as git does, so a commit made there out of a recording has another SHA than the one that the recorded
 * cluster reports. Only whole values and URLs are translated: a SHA inside a file or a comment is text.
 */
export interface ShaAliases {
  alias(real: string, emulated: string): void;
  toEmulator(exchange: Exchange): Exchange;
  toClient(answer: Answer): Answer;
  bodyToClient(body: Json | undefined): Json | undefined;
  real(emulated: string): string;
}

export function createShaAliases(): ShaAliases {
  const emulatedOf = new Map<string, string>();
  const realOf = new Map<string, string>();
  const toEmulated = (sha: string) => emulatedOf.get(sha) ?? sha;
  const toReal = (sha: string) => realOf.get(sha) ?? sha;
  return {
    alias(real, emulated) {
      emulatedOf.set(real, emulated);
      realOf.set(emulated, real);
    },
    toEmulator: (exchange) => ({ ...exchange, path: exchange.path.replaceAll(ANYWHERE, toEmulated), body: translate(exchange.body, toEmulated) }),
    toClient: (answer) => ({
      ...answer,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, value.replaceAll(ANYWHERE, toReal)])),
      body: translate(answer.body, toReal),
    }),
    bodyToClient: (body) => translate(body, toReal),
    real: toReal,
  };
}

function translate(body: Json | undefined, name: (sha: string) => string): Json | undefined {
  if (typeof body === "string") return WHOLE.test(body) ? name(body) : /^https?:\/\//.test(body) ? body.replaceAll(ANYWHERE, name) : body;
  if (Array.isArray(body)) return body.map((item) => translate(item, name) ?? null);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, translate(value, name) ?? null]));
}
