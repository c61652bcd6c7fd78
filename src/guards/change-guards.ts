import { inSuccessor } from "../cluster/api-successors.ts";
import type { DocumentEdit } from "../source/workspace.ts";
import { blastRadius } from "./blast-radius.ts";
import type { GateInput, MadeChange } from "./gate.ts";
import { notWorse } from "./not-worse.ts";
import { plausibleChange } from "./plausible.ts";
import { policies } from "./policies.ts";
import { changedObjects } from "./rendered-diff.ts";
import { type GuardFinding, refused } from "./report.ts";
import type { GuardRun } from "./run.ts";
import { schema } from "./schema.ts";
import { secrets } from "./secrets.ts";
import { serverDryRun } from "./server-dry-run.ts";
import { textBlastRadius } from "./text/effect.ts";
import { isJudgedAsRendered, isOfBase, isSuccession } from "./text/repair-kinds.ts";
import { isTemplateWriting, unseenWords } from "./text/template.ts";
import type { TracedFile } from "./text/trace.ts";

/** What was approved so far: edits of documents, or whole files of a source that cannot be rendered. */
export type ChangeSubject = { edits: readonly DocumentEdit[] } | { files: readonly TracedFile[] };

/** The guards that look at files and rendered objects: for a fix that is to be proposed, and for whatever a branch's head is later. */
export function runChangeGuards(run: GuardRun, input: GateInput, subject: ChangeSubject, made: MadeChange, isTried: boolean): void {
  const after = made.after.kind === "rendered" ? made.after.objects : undefined;
  const rendered = made.before.kind === "rendered" ? made.before.objects : undefined;
  // Another group makes another object of it: nothing but the version may differ.
  const base = isSuccession(input) ? rendered?.map(inSuccessor) : rendered;
  const isText = "files" in subject && !isJudgedAsRendered(input);
  // Without a base that renders, the last good revision is the best that the result can be compared with; a repair of text is always, but
  // for another apiVersion alone, which leaves every object of a base that renders as it is.
  const reference = isText && !isSuccession(input) && !isOfBase(input) ? input.lastGood : (base ?? input.lastGood);
  // A repair of text without a last good revision has to answer for every object that it makes appear.
  const comparable = after && (reference || isText) ? changedObjects(reference ?? [], after) : undefined;
  const changed = isText ? undefined : base && comparable;
  const skipped = { findings: [], skipped: true, note: "nothing to compare with is rendered" };
  run.run("plausible", () => plausibleChange(input, changed ?? [], isTried));
  // What is in another version now has to fit that version's schema as a whole.
  const named = isSuccession(input) && after ? changedObjects(rendered ?? [], after) : comparable;
  run.run("schema", () => (named ? schema(named, made.schemas) : skipped));
  run.run("not-worse", () =>
    after && comparable && reference
      ? notWorse(
          comparable,
          { before: reference, after, ...(input.lastGood ? { lastGood: input.lastGood } : {}) },
          { failureClass: input.proposal.failureClass, bounds: input.bounds, isText },
        )
      : skipped,
  );
  run.run("not-worse", () => policies(input.policies ?? [], comparable, input.target.namespace));
  run.run("blast-radius", () => ({ findings: (made.breaks ?? []).map(breaking) }));
  run.run("blast-radius", () => {
    if ("edits" in subject) return blastRadius(input, subject.edits, made, changed);
    if (isText) return textBlastRadius(input, subject.files, made, reference && comparable);
    const result = blastRadius(input, subject.files, made, changed);
    return isTemplateWriting(input) ? { ...result, findings: [...result.findings, ...unseenWords(subject.files, changed ?? [])] } : result;
  });
  run.run("secrets", () => secrets(input.proposal, made.files));
  run.run("server-dry-run", () => serverDryRun(input.dryRun === "required", made.dryRun, run.isRefused));
}

function breaking(name: string): GuardFinding {
  return refused("blast-radius", "breaks-others", `${name} is rendered from the same files, and could not be with the fix.`);
}
