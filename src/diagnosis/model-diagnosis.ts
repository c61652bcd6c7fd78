import { containsSecret } from "../evidence/redact.ts";
import type { Spending } from "./budget.ts";
import type { Diagnosis, DiagnosisInput, Finding, ModelOutcome, Provenance } from "./diagnosis.ts";
import { checkDocuments, type ModelAnswer } from "./model-answer.ts";
import type { ModelClient, Usage } from "./model-client.ts";
import { buildPrompt, type PromptSize, type SystemPrompt } from "./prompt.ts";

export interface ModelSettings {
  promptTokens: PromptSize;
  maxOutputTokens: number;
}

export interface ModelParts {
  model: ModelClient;
  system: SystemPrompt;
  settings: ModelSettings;
  budget: Spending;
  random(): string;
}

/** Asks the model once. Its answer is a proposal, never more: the guards judge it. */
export async function askModel(parts: ModelParts, given: DiagnosisInput, candidates: readonly Finding[], signal?: AbortSignal): Promise<Diagnosis> {
  // A document cannot be corrected without being sent whole: one that holds a secret is not offered to a model.
  const input: DiagnosisInput = { ...given, documents: given.documents.filter(({ text }) => !containsSecret(text)) };
  const { model, system, settings, budget } = parts;
  const { fingerprint } = input.incident;
  const by = (usage: Usage): Provenance => ({
    engine: "model",
    author: model.name,
    prompt: system.version,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
  });
  const unusable = (outcome: ModelOutcome, detail: string, usage: Usage = { inputTokens: 0, outputTokens: 0 }): Diagnosis => ({
    kind: "unusable",
    outcome,
    detail,
    provenance: by(usage),
  });
  const prompt = buildPrompt(input, candidates, system, parts.random(), settings.promptTokens);
  if (prompt.kind === "too-large") return unusable("budget", prompt.detail);
  const overspent = budget.objection(fingerprint, prompt.tokens + settings.maxOutputTokens);
  if (overspent) return unusable("budget", overspent);
  const reply = await model.ask({ system: system.text, user: prompt.user, maxOutputTokens: settings.maxOutputTokens, ...(signal ? { signal } : {}) });
  // Endpoints that report no usage are charged by estimate.
  budget.spend(fingerprint, reply.inputTokens + reply.outputTokens || prompt.tokens + settings.maxOutputTokens);
  if (reply.kind === "unusable") return unusable(reply.outcome, reply.detail, reply);
  const checked = checkDocuments(
    reply.answer,
    input.documents.map(({ id }) => id),
  );
  if (checked.kind === "unusable") return unusable(checked.outcome, checked.detail, reply);
  return diagnosisOf(checked.answer, input, by(reply));
}

/** Bounds on what a model may write into a pull request or an issue. */
const LONGEST_SENTENCE = 500;
const LONGEST_LIST = 20;

function diagnosisOf(answer: ModelAnswer, input: DiagnosisInput, provenance: Provenance): Diagnosis {
  const quotes = answer.evidence_quotes.slice(0, LONGEST_LIST).map(({ evidence_id, quote }) => ({ evidenceId: evidence_id, quote }));
  const rootCause = clip(answer.root_cause);
  const words = answer.changes_made.slice(0, LONGEST_LIST).map(clip);
  const failureClass = answer.failure_class;
  const confidence = answer.confidence_score;
  if (answer.action === "escalate") {
    const reason = "the model found nothing that it may change";
    return { kind: "escalate", failureClass, rootCause, confidence, quotes, reason, advice: words.join("; ") || clip(answer.reasoning), provenance };
  }
  const container = blamedContainer(input);
  const target = container === undefined ? { object: input.incident.target } : { object: input.incident.target, container };
  const documents = answer.corrected_documents.map(({ document_id, corrected_yaml }) => ({ id: document_id, yaml: corrected_yaml }));
  return {
    kind: "fix",
    proposal: { origin: "model", failureClass, rootCause, target, confidence, quotes, documents, words },
    documents: input.documents,
    provenance,
  };
}

/** The container that fails, as the cluster says it, never the model: it narrows what may change. */
function blamedContainer({ incident }: DiagnosisInput): string | undefined {
  const containers = new Set(incident.symptoms.flatMap(({ container }) => container ?? []));
  return containers.size === 1 ? [...containers][0] : undefined;
}

function clip(text: string): string {
  return text.length <= LONGEST_SENTENCE ? text : `${text.slice(0, LONGEST_SENTENCE - 3)}...`;
}
