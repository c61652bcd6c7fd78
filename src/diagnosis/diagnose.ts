import { describeRef } from "../cluster/objects.ts";
import type { SteeringLine } from "../source/slips/steering-lines.ts";
import type { OfferedDocument } from "../source/workspace.ts";
import { Spending, type TokenLimits } from "./budget.ts";
import type { Diagnosis, DiagnosisInput, Finding, Proposal, Provenance } from "./diagnosis.ts";
import { type MisnamedKey, misnamedKey } from "./misnamed-key.ts";
import type { ModelClient } from "./model-client.ts";
import { askModel, type ModelSettings } from "./model-diagnosis.ts";
import { CONFIDENCE } from "./playbook/entry.ts";
import { consultPlaybook, type Ranked } from "./playbook/playbook.ts";
import { readSystemPrompt } from "./prompt.ts";
import { type FixFinding, propose, proposeRepair } from "./propose.ts";
import { steeringLine } from "./steering.ts";
import { lookForUnlisted } from "./unlisted.ts";
import { lookIntoUnrenderable } from "./unrenderable/unrenderable.ts";

export type Engine = "playbook" | "model" | "auto";

export interface DiagnosticianOptions extends Partial<ModelSettings> {
  engine: Engine;
  /** Needed for `model`; for `auto` the playbook answers alone without one. */
  model?: ModelClient;
  /** What the model may cost; 120,000 tokens an incident and 2,000,000 a day unless given. */
  tokens?: TokenLimits;
  /** For the budget of a day. */
  now?(): Date;
  /** At least 64 random bits as text, new at each call: delimits untrusted text in the prompt. */
  random(): string;
}

export interface Diagnostician {
  /**
   * @param engine another one than the operator's, for a repository that wants less sent to a model
   * @throws the signal's reason when it is aborted; every other ending is a value
   */
  diagnose(input: DiagnosisInput, signal?: AbortSignal, engine?: Engine): Promise<Diagnosis>;
}

/** From here on the playbook answers alone although a model is configured. */
const CERTAIN = 0.85;
/** Below this a fix is a guess: it is told to people, and proposed to nobody. */
const LEAST = 0.6;
/** After this many answers that were of no use, the playbook's own finding counts again. */
const MODEL_TRIES = 2;

/** The default sizes: prompts of typical incidents stay near 6,000 tokens. */
const DEFAULTS: ModelSettings = { promptTokens: { typical: 6000, hard: 24_000 }, maxOutputTokens: 8000 };
const TOKENS: TokenLimits = { perIncident: 120_000, perDay: 2_000_000 };

/** Makes diagnoses with the playbook, a model, or both (`auto`). The prompt file is read here, so that a missing one stops the start. */
export function createDiagnostician(options: DiagnosticianOptions): Diagnostician {
  const { model, random } = options;
  const settings: ModelSettings = {
    promptTokens: options.promptTokens ?? DEFAULTS.promptTokens,
    maxOutputTokens: options.maxOutputTokens ?? DEFAULTS.maxOutputTokens,
  };
  const system = readSystemPrompt();
  const budget = new Spending(options.tokens ?? TOKENS, options.now ?? (() => new Date()));
  return {
    async diagnose(given, signal, engine = options.engine) {
      const unrenderable = await lookIntoUnrenderable(given);
      const unlisted = await lookForUnlisted(given);
      const { input, ranked } = consultAll({ ...given, ...(unrenderable ? { unrenderable } : {}), ...(unlisted.length > 0 ? { unlisted } : {}) });
      if (engine === "playbook" || !model) return (await fromPlaybook(input, ranked)).diagnosis;
      if (engine === "auto" && (ranked[0]?.finding.confidence ?? 0) >= CERTAIN) {
        const own = await fromPlaybook(input, ranked);
        if (own.placed) return own.diagnosis;
      }
      const candidates = engine === "auto" ? ranked.map(({ finding }) => finding) : [];
      const answer = await askModel({ model, system, settings, budget, random }, input, candidates, signal);
      return engine === "auto" && isOfNoUse(answer, input) ? (await fromPlaybook(input, ranked)).diagnosis : answer;
    },
  };
}

/**
 * The playbook's findings, with the last good revision or an older one in its place: what went wrong in a revision that seemed good, because nothing read it before
 * the next one, is known to the older ones only. The newest that names with certainty what is to be put back, else the newest that has anything to put back.
 */
function consultAll(input: DiagnosisInput): { input: DiagnosisInput; ranked: readonly Ranked[] } {
  const newest = { input, ranked: consultPlaybook(input) };
  if (restores(newest.ranked, CERTAIN)) return newest;
  let best = restores(newest.ranked, LEAST) ? newest : undefined;
  for (const lastGood of input.older ?? []) {
    const before = { ...input, lastGood };
    const other = { input: before, ranked: consultPlaybook(before) };
    if (restores(other.ranked, CERTAIN)) return other;
    best ??= restores(other.ranked, LEAST) ? other : undefined;
  }
  return best ?? newest;
}

function restores([best]: readonly Ranked[], confidence: number): boolean {
  return best !== undefined && best.finding.action.kind === "fix" && best.finding.action.restores === true && best.finding.confidence >= confidence;
}

/** The endpoint is away, the budget is spent, or answer after answer was in no usable form. */
function isOfNoUse(answer: Diagnosis, { feedback }: DiagnosisInput): boolean {
  if (answer.kind !== "unusable") return false;
  return answer.outcome === "unreachable" || answer.outcome === "budget" || feedback.length >= MODEL_TRIES;
}

/** `placed` is false where the playbook knows the fix but not where in git it goes: a model may find another way. */
interface PlaybookAnswer {
  diagnosis: Diagnosis;
  placed: boolean;
}

async function fromPlaybook(input: DiagnosisInput, ranked: readonly Ranked[]): Promise<PlaybookAnswer> {
  const [best, ...others] = ranked;
  if (!best) return { diagnosis: nothingFound(input), placed: true };
  const { finding, entry } = best;
  const { action } = finding;
  if (action.kind === "repair" && finding.confidence >= LEAST) {
    return { diagnosis: { kind: "fix", proposal: proposeRepair(finding, action), documents: [], provenance: provenance(entry) }, placed: true };
  }
  const line = await steeringLine(input, finding);
  if (line) {
    const diagnosis = { kind: "fix" as const, proposal: ledAgain(finding, line), documents: [], provenance: provenance(entry) };
    return { diagnosis: input.lastGood ? { ...diagnosis, lastGood: input.lastGood } : diagnosis, placed: true };
  }
  const misnamed = await misnamedKey(input, finding);
  if (misnamed) return { diagnosis: { kind: "fix", proposal: renamedKey(finding, misnamed), documents: [], provenance: provenance(entry) }, placed: true };
  if (!isFix(finding)) return { diagnosis: escalated(finding, finding.action.kind === "escalate" ? finding.action : NO_ADVICE, entry), placed: true };
  const { words } = finding.action;
  if (finding.confidence < LEAST) {
    return { diagnosis: escalated(finding, { reason: "this is only a guess", advice: `If it is right: ${words.join("; ")}.` }, entry), placed: true };
  }
  const proposed = await propose(input, finding);
  if (proposed.kind === "proposed") {
    const diagnosis = fixOf(proposed.proposal, proposed.documents, others, entry);
    return { diagnosis: input.lastGood ? { ...diagnosis, lastGood: input.lastGood } : diagnosis, placed: true };
  }
  return { diagnosis: escalated(finding, { reason: proposed.reason, advice: `What would repair it: ${words.join("; ")}.` }, entry), placed: false };
}

/** The failure is what the playbook found; where it comes from is one key in git. */
function renamedKey(finding: Finding, { cause, words, change }: MisnamedKey): Proposal {
  const rootCause = `${finding.rootCause.replace(/\.$/, "")}: ${cause}.`;
  return proposeRepair({ ...finding, rootCause, confidence: CONFIDENCE.suggested }, { files: [change], words: [words] });
}

/** The failure is what the playbook found; where it comes from is one line that led somewhere. */
function ledAgain(finding: Finding, { change, field }: SteeringLine): Proposal {
  const rootCause = `${finding.rootCause.replace(/\.$/, "")}: a line of ${change.path} (${field}) changed, and all that it led to is lost.`;
  const words = [`Put the line of ${change.path} back that says where this goes (${field}): all that it led to comes back, and nothing else changes`];
  return proposeRepair({ ...finding, rootCause, confidence: Math.max(finding.confidence, CONFIDENCE.suggested) }, { files: [change], words });
}

const NO_ADVICE = { reason: "no fix is known", advice: "Look at the evidence." };

function isFix(finding: Finding): finding is FixFinding {
  return finding.action.kind === "fix";
}

/** What else is wrong is named, so that nobody is surprised when the object fails in another way afterwards. */
function fixOf(proposal: Proposal, documents: OfferedDocument[], others: readonly Ranked[], entry: string): Extract<Diagnosis, { kind: "fix" }> {
  const rest = others.filter(({ finding }) => finding.confidence >= LEAST && finding.rootCause !== proposal.rootCause).slice(0, 3);
  const words = [...proposal.words, ...rest.map(({ finding }) => `Not part of this change: ${finding.rootCause}`)];
  return { kind: "fix", proposal: { ...proposal, words }, documents, provenance: provenance(entry) };
}

function escalated(finding: Finding, { reason, advice }: { reason: string; advice: string }, entry: string): Diagnosis {
  const { failureClass, rootCause, confidence, quotes } = finding;
  return { kind: "escalate", failureClass, rootCause, confidence, quotes, reason, advice, provenance: provenance(entry) };
}

function nothingFound({ incident }: DiagnosisInput): Diagnosis {
  return {
    kind: "escalate",
    failureClass: "unknown",
    rootCause: `${describeRef(incident.target)} fails, and no known pattern explains why.`,
    confidence: 0,
    quotes: [],
    reason: "the evidence fits no class of failures that the bot knows",
    advice: "Look at the evidence; `/autofix retry <hint>` starts over with a pointer.",
    provenance: provenance("none"),
  };
}

function provenance(author: string): Provenance {
  return { engine: "playbook", author, prompt: "", inputTokens: 0, outputTokens: 0 };
}
