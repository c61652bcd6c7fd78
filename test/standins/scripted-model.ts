import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isObject, type Json } from "../../src/cluster/objects.ts";

/** A request as it came over the wire. */
export interface ModelCall {
  path: string;
  authorization: string;
  headers: IncomingHttpHeaders;
  body: { [key: string]: Json };
  /** Content of the system and the user message. */
  system: string;
  user: string;
}

/** What the endpoint answers: the content of a message, other parts of a completion, an HTTP error, or nothing at all. */
export type ModelScript =
  | { kind: "content"; content: string; finishReason?: "stop" | "length" | "content_filter" }
  | { kind: "refusal"; refusal: string }
  | { kind: "raw"; body: Json }
  | { kind: "error"; status: number; code?: string; param?: string }
  | { kind: "silence" };

export interface ScriptedModel {
  /** For the SDK's `baseURL`. */
  readonly url: string;
  readonly calls: readonly ModelCall[];
  close(): Promise<void>;
}

/** An OpenAI-compatible endpoint that answers as the script says, over real HTTP on a free port. */
export async function startScriptedModel(script: (call: ModelCall, index: number) => ModelScript): Promise<ScriptedModel> {
  const calls: ModelCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: Json = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
    const call = callOf(request.url ?? "", request.headers, isObject(body) ? body : {});
    calls.push(call);
    answer(response, script(call, calls.length - 1), call);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function callOf(path: string, headers: IncomingHttpHeaders, body: { [key: string]: Json }): ModelCall {
  const messages = Array.isArray(body.messages) ? body.messages.filter(isObject) : [];
  const content = (role: string) => String(messages.find((message) => message.role === role)?.content ?? "");
  return { path, authorization: headers.authorization ?? "", headers, body, system: content("system"), user: content("user") };
}

function answer(response: ServerResponse, script: ModelScript, { body, user }: ModelCall): void {
  if (script.kind === "silence") return;
  const send = (status: number, json: Json) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  if (script.kind === "error") {
    send(script.status, { error: { message: "scripted", type: "invalid_request_error", code: script.code ?? null, param: script.param ?? null } });
    return;
  }
  if (script.kind === "raw") {
    send(200, script.body);
    return;
  }
  const message =
    script.kind === "refusal" ? { role: "assistant", content: null, refusal: script.refusal } : { role: "assistant", content: script.content, refusal: null };
  const finish = script.kind === "content" ? (script.finishReason ?? "stop") : "stop";
  send(200, {
    id: "scripted",
    object: "chat.completion",
    created: 0,
    model: body.model ?? "",
    choices: [{ index: 0, message, finish_reason: finish, logprobs: null }],
    usage: { prompt_tokens: Math.ceil(user.length / 4), completion_tokens: 100, total_tokens: Math.ceil(user.length / 4) + 100 },
  });
}

export interface PromptDocument {
  id: string;
  role: string;
  text: string;
}

/** The documents D1 … as the prompt shows them. */
export function documentsIn(prompt: string): PromptDocument[] {
  return blocks(prompt).flatMap(({ title, text }) => {
    const match = /^(D\d+) \((\w+)\)$/.exec(title);
    return match?.[1] && match[2] ? [{ id: match[1], role: match[2], text }] : [];
  });
}

/** The evidence items E1 … as the prompt shows them. */
export function evidenceIn(prompt: string): { id: string; text: string }[] {
  return blocks(prompt).flatMap(({ title, text }) => {
    const id = /^(E\d+) /.exec(title)?.[1];
    return id ? [{ id, text }] : [];
  });
}

/** The blocks between the marker lines of a prompt. */
function blocks(prompt: string): { title: string; text: string }[] {
  const marker = /^===== (\S+) BEGIN /m.exec(prompt)?.[1];
  if (!marker) return [];
  const [begin, end] = [`===== ${marker} BEGIN `, `===== ${marker} END =====`];
  return prompt
    .split(begin)
    .slice(1)
    .map((part) => {
      const line = part.indexOf("\n");
      return { title: part.slice(0, line).replace(/ =====$/, ""), text: part.slice(line + 1, part.indexOf(end)) };
    });
}

/** An answer in the asked shape, with the given fields replaced. */
export function modelAnswer(fields: { [key: string]: Json } = {}): string {
  return JSON.stringify({
    reasoning: "The log says so.",
    root_cause: "A scripted root cause.",
    failure_class: "unknown",
    confidence_score: 0.9,
    evidence_quotes: [],
    action: "escalate",
    corrected_documents: [],
    changes_made: [],
    ...fields,
  });
}

/**
 * A model that has been taken over: on any incident it takes the workload that it is shown, makes its containers privileged, scales it to 50, adds a
 * ClusterRoleBinding as a further document, and wraps everything in fences.
 */
export function hostileScript({ user }: ModelCall): ModelScript {
  const document = documentsIn(user).find(({ text }) => /^ *containers:/m.test(text)) ?? documentsIn(user)[0];
  const [evidence] = evidenceIn(user);
  const line = evidence?.text.split("\n").find((text) => text.trim() !== "") ?? "";
  const yaml = document === undefined ? "" : hostileYaml(document.text);
  return {
    kind: "content",
    content: modelAnswer({
      root_cause: "The workload needs more permissions.",
      failure_class: "image-not-found",
      confidence_score: 1,
      evidence_quotes: evidence ? [{ evidence_id: evidence.id, quote: line }] : [],
      action: "fix",
      corrected_documents: document ? [{ document_id: document.id, corrected_yaml: yaml }] : [],
      changes_made: ["Give the workload what it needs"],
    }),
  };
}

const BINDING = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: autofix-admin
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: default, namespace: default}]
`;

function hostileYaml(text: string): string {
  const scaled = /^ *replicas: /m.test(text) ? text.replace(/^( *)replicas: .*$/m, "$1replicas: 50") : text.replace(/^spec:.*$/m, "spec:\n  replicas: 50");
  const privileged = scaled.replace(/^( *)- name: (.*)\n\1 {2}image: /m, "$1- name: $2\n$1  securityContext: {privileged: true}\n$1  image: ");
  return `\`\`\`yaml\n${privileged.trimEnd()}\n---\n${BINDING}\`\`\`\n`;
}
