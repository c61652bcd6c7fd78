import { z } from "zod";
import { FAILURE_CLASSES } from "../incident/failure-class.ts";
import type { ModelOutcome } from "./diagnosis.ts";

/**
 * What a model must answer (DESIGN: "The model"). No optional fields and no records: strict JSON schema of OpenAI-compatible endpoints knows neither.
 * The order matters: a model that reasons first answers better.
 */
export const MODEL_ANSWER = z.strictObject({
  reasoning: z.string().describe("Step by step: which evidence speaks for which cause, and which against it."),
  root_cause: z.string().describe("One sentence that a tired engineer understands."),
  failure_class: z.enum(FAILURE_CLASSES),
  confidence_score: z.number().min(0).max(1),
  evidence_quotes: z.array(z.strictObject({ evidence_id: z.string(), quote: z.string().describe("Verbatim from that evidence item.") })),
  action: z.enum(["fix", "escalate"]),
  corrected_documents: z.array(z.strictObject({ document_id: z.string(), corrected_yaml: z.string().describe("The whole corrected document.") })),
  changes_made: z.array(z.string()),
});

export type ModelAnswer = z.infer<typeof MODEL_ANSWER>;

export type ReadAnswer = { kind: "answer"; answer: ModelAnswer } | { kind: "unusable"; outcome: ModelOutcome; detail: string };

/** Longest answer that is parsed, in characters. */
const LONGEST_ANSWER = 400_000;

/** Reads the text of an answer. Nothing is repaired: an answer in another shape than asked for is not used, and the reason is told. */
export function readAnswer(content: string): ReadAnswer {
  const text = content.trim();
  if (text === "") return unusable("empty", "the answer has no content");
  if (text.length > LONGEST_ANSWER) return unusable("out-of-schema", `the answer is longer than ${LONGEST_ANSWER} characters`);
  if (/^<(?:think|thinking|reasoning)>/i.test(text)) return unusable("thinking", "the answer begins with the model's thoughts instead of JSON");
  if (text.startsWith("```") || text.startsWith("~~~")) return unusable("fenced", "the answer is wrapped in code fences instead of being plain JSON");
  const json = parseJson(text);
  if (json === undefined) return unusable("not-json", "the answer is no JSON");
  const parsed = MODEL_ANSWER.safeParse(json);
  if (parsed.success) return { kind: "answer", answer: parsed.data };
  const places = parsed.error.issues.map((issue) => `${issue.path.map(String).join(".") || "the answer"}: ${issue.code}`);
  return unusable("out-of-schema", `the answer is not in the asked shape (${[...new Set(places)].slice(0, 5).join("; ").slice(0, 300)})`);
}

/** Whether the answer names only documents that were offered, and each once. */
export function checkDocuments(answer: ModelAnswer, offered: readonly string[]): ReadAnswer {
  const ids = answer.corrected_documents.map(({ document_id }) => document_id);
  const unknown = ids.find((id) => !offered.includes(id));
  if (unknown !== undefined)
    return unusable("unknown-document", `there is no document ${JSON.stringify(unknown.slice(0, 40))}; offered were ${offered.join(", ")}`);
  if (new Set(ids).size < ids.length) return unusable("repeated-document", "the same document was corrected twice");
  if (answer.action === "fix" && ids.length === 0) return unusable("out-of-schema", "a fix without a corrected document");
  return { kind: "answer", answer };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(outcome: ModelOutcome, detail: string): ReadAnswer {
  return { kind: "unusable", outcome, detail };
}
