import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { quoteEach } from "../quotes.ts";
import type { Fault } from "../unrenderable/fault.ts";
import { isPatchLeftBehind } from "../unrenderable/leftover-patch.ts";
import type { TextRepair } from "../unrenderable/text-repair.ts";
import { causeOf, wordsOf } from "./apply/render-words.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, repair, type Statement, shown } from "./entry.ts";

/** Manifests that cannot be built at all: the text of their files is repaired from the last good revision, or where one slip has one repair. */
export const render: PlaybookEntry = {
  name: "render",
  topic: "manifests that cannot be built",
  diagnose: (input) => {
    // Helm's errors do not always say that it was the rendering that failed; the head itself does.
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "render" || (reason === "apply" && input.unrenderable));
    if (!symptom || input.rendered.length > 0) return [];
    return [unbuilt(input, symptom.message.slice(0, 6000))];
  },
};

function unbuilt(input: DiagnosisInput, message: string): Finding {
  // The branch's head may be broken in another way by now than what was tried to be delivered.
  const core = kernel(input.renderError ?? message);
  const found = input.unrenderable?.repair;
  const fault = input.unrenderable?.fault;
  // Argo CD only renders a chart; Flux installs it.
  const { key, target } = input.incident;
  const helm = target.kind === "HelmRelease" || (key.kind !== "Application" && /helm template|UpgradeFailed|InstallFailed|\.Values\b/i.test(message));
  const statement: Statement = {
    failureClass: helm ? "helm-failed" : "render-failed",
    rootCause: found ? causeOf(found, fault, core) : `The manifests cannot be built: ${fault ? `${placeOf(fault)}: ${shown(core)}` : shown(core)}.`,
    object: input.incident.target,
    quotes: [
      ...quoteEach(input.evidence, [[kernel(message), message, ...pieces(message)]]),
      ...(found ? quoteEach(input.evidence, [diffLines(found)], { kinds: ["git-diff"] }) : []),
    ],
    confidence: CONFIDENCE.likely,
  };
  if (found && isPatchLeftBehind(found, input.renderError ?? message))
    return escalate(
      { ...statement, confidence: CONFIDENCE.likely },
      "a patch changes what the commit took away, and whether that or the patch should go is not known",
      `Take the operation out of the patch that the error speaks of, or put back what it changes (${placesOf(found)}).`,
    );
  if (found) return repair({ ...statement, confidence: confidenceOf(found) }, found.files, wordsOf(found, input));
  const commit = input.commits[0];
  const where = fault ? `Look at ${placeOf(fault)}: ${shown(fault.words)}. ` : "";
  const since = commit
    ? `It began with ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}"): correct it there, or revert it.`
    : "Correct the file that the error names.";
  return escalate(statement, "no change is known that surely makes the manifests render again as they were meant", `${where}${since}`);
}

function placesOf({ hunks }: TextRepair): string {
  return [...new Set(hunks.map(({ path }) => path))].join(", ");
}

function placeOf({ file, line }: Fault): string {
  return `line ${line} of ${file}`;
}

function confidenceOf({ how, reference }: TextRepair): number {
  if (how === "restored") return CONFIDENCE.confirmed;
  if (how === "leftover") return CONFIDENCE.suggested;
  if (how === "key") return CONFIDENCE.likely;
  return reference?.isRename ? CONFIDENCE.likely : CONFIDENCE.suggested;
}

/** The same lines as the evidence's diff of the commit shows them. */
function diffLines({ hunks, reference }: TextRepair): string[] {
  if (reference) return [`+++ b/${reference.right}`, reference.right];
  const told = hunks.flatMap(({ before, after }) => [...before.map((line) => `+${line}`), ...after.map((line) => `-${line}`)]);
  return told.map((line) => line.trimEnd()).filter((line) => line.trim().length > 4);
}

function pieces(message: string): string[] {
  return message
    .split(": ")
    .filter((piece) => piece.length > 15)
    .reverse();
}

const KERNELS = [
  /open \S{1,300}\/([\w.-]{1,100}): no such file or directory/,
  /(yaml: line \d+: [^\n]{1,200})/,
  /(MalformedYAMLError: [^\n]{1,200})/,
  /(executing "[^"]{1,200}" at <[^>]{1,200}>:\s{1,10}[^\n]{1,200})/,
  // Before it kustomize prints an address in its memory.
  /(exists; behavior must be merge or replace|does not exist; cannot merge or replace)/,
  /(could not resolve \w+ chart values reference [^\n]{1,300})/,
];

/** The part that says what is wrong, without the chain of callers before it. */
function kernel(message: string): string {
  const missing = KERNELS[0]?.exec(message)?.[1];
  if (missing !== undefined) return `${missing} is listed but does not exist`;
  for (const pattern of KERNELS.slice(1)) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) return found;
  }
  return message.split(": ").slice(-3).join(": ");
}
