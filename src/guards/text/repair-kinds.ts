import { hunksBetween } from "../../source/edit/hunks.ts";
import { isFixable } from "../class-paths.ts";
import type { GateInput } from "../gate.ts";
import { groundOf } from "./line-grounds.ts";
import { isMisnamed } from "./misnamed.ts";
import { isRecount } from "./recounted.ts";
import { isSteering } from "./steering.ts";
import { isSuccessor } from "./successor.ts";
import { isTemplateQuoting, isTemplateWriting } from "./template.ts";

/** The classes of sources that cannot be rendered. */
export const CLASSES: readonly string[] = ["render-failed", "helm-failed"];

/** Whether all that changes is which versions are asked for, of kinds that the cluster does not know in those of today. */
export function isApiVersionRepair(input: Pick<GateInput, "proposal" | "texts">): boolean {
  return isEarlierVersion(input) || isSuccession(input);
}

/**
 * Whether all that changes are `apiVersion` lines that had another value at the last good revision: the cluster does not know the kind in the version that came
 * since.
 */
function isEarlierVersion({ proposal, texts }: Pick<GateInput, "proposal" | "texts">): boolean {
  const files = proposal.files ?? [];
  return (
    proposal.failureClass === "invalid-manifest" &&
    files.length > 0 &&
    files.every(({ path, text }) => {
      const base = texts?.files.find((file) => file.path === path);
      if (!texts || base?.text === undefined || groundOf(texts, base, text) !== "last-good") return false;
      return hunksBetween(path, base.text, text).every(({ before, after }) => [before, after].every((lines) => lines.length === 1 && isApiVersion(lines[0])));
    })
  );
}

/** Whether one `apiVersion` line changes, to the successor of a version that Kubernetes took away. */
export function isSuccession({ proposal, texts }: Pick<GateInput, "proposal" | "texts">): boolean {
  const [file, ...more] = proposal.files ?? [];
  const base = texts?.files.find(({ path }) => path === file?.path);
  return (
    proposal.failureClass === "invalid-manifest" &&
    file !== undefined &&
    more.length === 0 &&
    isSuccessor(base?.text, file.text) &&
    !isEarlierVersion({ proposal, ...(texts ? { texts } : {}) })
  );
}

/**
 * Whether lines of the last good revision come back in a source that can be rendered: where no single field of a document decides what has to change (a file of a
 * generator, a JSON patch, values under names of their own).
 */
export function isRestoration(input: Pick<GateInput, "proposal" | "rendered" | "lastGood" | "texts" | "evidence">): boolean {
  const { proposal, rendered, lastGood } = input;
  return (
    (proposal.files ?? []).length > 0 &&
    rendered.length > 0 &&
    lastGood !== undefined &&
    isFixable(proposal.failureClass) &&
    !CLASSES.includes(proposal.failureClass) &&
    !isApiVersionRepair(input) &&
    !isOfBase(input)
  );
}

/** Whether a source that renders is corrected in the one place that git itself shows to be wrong: what comes of it is compared with the base. */
export function isOfBase(input: Pick<GateInput, "proposal" | "rendered" | "lastGood" | "texts" | "evidence">): boolean {
  return isTemplateQuoting(input) || isRecount(input) || isMisnamed(input) || isSteering(input);
}

/** Whether what the lines do is judged on the rendered objects, field by field, like an edit of documents. */
export function isJudgedAsRendered(input: GateInput): boolean {
  return isRestoration(input) || isTemplateWriting(input);
}

/** A whole line that says nothing but an apiVersion. */
function isApiVersion(line: string | undefined): boolean {
  return line !== undefined && /^apiVersion: *["']?[\w./-]{1,100}["']?\s*$/.test(line);
}
