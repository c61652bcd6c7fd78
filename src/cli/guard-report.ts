import { describeRef, type ObjectRef } from "../cluster/objects.ts";
import type { GuardFinding, InvariantReport } from "../guards/report.ts";
import type { OfferedDocument } from "../source/workspace.ts";

/** What the gate made of a proposal, as people and scripts read it. */
export interface GuardResultView {
  verdict: "approved" | "refused";
  target?: ObjectRef;
  failureClass: string;
  rendering: string;
  remarks: string[];
  report: InvariantReport;
  /** What would be committed; "" where refused. */
  diff: string;
}

/** For a terminal: the guards as a table, what they found, the verdict and the diff. */
export function guardText({ verdict, target, failureClass, rendering, remarks, report, diff }: GuardResultView): string {
  const head = [
    `Failing object: ${target ? describeRef(target) : "unknown"}`,
    `Failure class:  ${failureClass}`,
    `Rendered as:    ${rendering}`,
    ...remarks.map((remark) => `Note: ${printable(remark)}`),
  ].join("\n");
  const width = Math.max(...report.verdicts.map(({ guard }) => guard.length));
  const rows = report.verdicts.map(({ guard, verdict: one, note }) => `  ${guard.padEnd(width)}  ${one.padEnd(8)}  ${printable(note)}`.trimEnd());
  const findings = report.findings.map(findingText);
  const parts = [head, ["Guards", ...rows].join("\n")];
  if (findings.length > 0) parts.push(["Findings", ...findings].join("\n"));
  parts.push(verdict === "approved" ? `APPROVED. This is what would be committed:\n\n${diff}` : "REFUSED. Nothing would be committed.");
  return parts.join("\n\n");
}

function findingText({ verdict, guard, rule, message, document, path, before, proposed, final }: GuardFinding): string {
  const where = [document, path].filter((part) => part !== undefined).join(" ");
  const lines = [`  ${verdict.padEnd(8)}  ${guard}/${rule}${where === "" ? "" : `  ${printable(where)}`}`, `            ${printable(message)}`];
  if (proposed !== undefined || before !== undefined) {
    const shown = (value: unknown) => printable((JSON.stringify(value) ?? "(absent)").slice(0, 200));
    lines.push(`            before ${shown(before)}, proposed ${shown(proposed)}${verdict === "restored" ? `, stays ${shown(final)}` : ""}`);
  }
  return lines.join("\n");
}

/** Which id means which document, in the form `D1  deploy/app.yaml#0  object  Deployment shop/checkout`. */
export function listText(offered: readonly OfferedDocument[], describe: (document: OfferedDocument) => string): string {
  if (offered.length === 0) return "This tree has no document that a fix may edit.";
  const width = Math.max(...offered.map(({ file, index }) => `${file}#${index}`.length));
  return offered.map((one) => `${one.id.padEnd(4)}${`${one.file}#${one.index}`.padEnd(width + 2)}${one.role.padEnd(10)}${describe(one)}`.trimEnd()).join("\n");
}

/** A proposal may hold anything; a terminal obeys control characters. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
}
