// Secrets: neither what the author wrote (root cause, words, quotes) nor what the change adds may carry a secret.

import type { Proposal } from "../diagnosis/diagnosis.ts";
import { containsSecret } from "../evidence/redact.ts";
import type { FileChange } from "../source/workspace.ts";
import { type GuardFinding, type GuardResult, refused } from "./report.ts";

export function secrets(proposal: Proposal, files: readonly FileChange[]): GuardResult {
  const texts: [rule: string, what: string, text: string][] = [
    ["secret-in-text", "The root cause", proposal.rootCause],
    ["secret-in-text", "The description of the changes", proposal.words.join("\n")],
    ["secret-in-quote", "A quote", proposal.quotes.map(({ quote }) => quote).join("\n")],
    ...files.map(({ path, before, after }): [string, string, string] => [
      "secret-in-change",
      `The change of ${path}`,
      addedLines(before ?? "", after).join("\n"),
    ]),
  ];
  const findings: GuardFinding[] = texts
    .filter(([, , text]) => containsSecret(text))
    .map(([rule, what]) => refused("secrets", rule, `${what} seems to carry a secret.`));
  return { findings };
}

/** Lines of `after` that `before` does not have as often. */
export function addedLines(before: string, after: string): string[] {
  const left = new Map<string, number>();
  for (const line of before.split("\n")) left.set(line, (left.get(line) ?? 0) + 1);
  return after.split("\n").filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
