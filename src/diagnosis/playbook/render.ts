import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { quoteFirst } from "../quotes.ts";
import { CONFIDENCE, escalate, type PlaybookEntry, shown } from "./entry.ts";

/** Manifests that cannot be built at all: nothing can be proven about an edit then, so it stays with a human, with the place that the error names. */
export const render: PlaybookEntry = {
  name: "render",
  diagnose: (input) => {
    const symptom = input.incident.symptoms.find(({ reason }) => reason === "render");
    if (!symptom || input.rendered.length > 0) return [];
    return [unbuilt(input, symptom.message.slice(0, 6000))];
  },
};

function unbuilt(input: DiagnosisInput, message: string): Finding {
  const core = kernel(message);
  const commit = input.commits[0];
  const helm = /helm template|UpgradeFailed|InstallFailed|\.Values\b/i.test(message);
  const statement = {
    failureClass: helm ? ("helm-failed" as const) : ("render-failed" as const),
    rootCause: `The manifests cannot be built: ${shown(core)}.`,
    object: input.incident.target,
    quotes: quoteFirst(input.evidence, [
      message,
      core,
      ...message
        .split(": ")
        .filter((piece) => piece.length > 15)
        .reverse(),
    ]),
    confidence: CONFIDENCE.likely,
  };
  const since = commit
    ? `It began with ${commit.sha.slice(0, 8)} ("${shown(commit.subject)}"): correct it there, or revert it.`
    : "Correct the file that the error names.";
  return escalate(statement, "what cannot be rendered cannot be checked after an edit", since);
}

const KERNELS = [
  /open \S{1,300}\/([\w.-]{1,100}): no such file or directory/,
  /(yaml: line \d+: [^\n]{1,200})/,
  /(MalformedYAMLError: [^\n]{1,200})/,
  /(executing "[^"]{1,200}" at <[^>]{1,200}>:\s{1,10}[^\n]{1,200})/,
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
