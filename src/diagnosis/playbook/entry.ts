import { describeRef, type Json, type ObjectRef } from "../../cluster/objects.ts";
import type { Quote } from "../../evidence/evidence.ts";
import type { FailureClass } from "../../incident/failure-class.ts";
import { type FieldChange, type FieldPath, formatPath } from "../../source/edit/field-path.ts";
import type { FileChange, ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { type Past, restore } from "../history.ts";

/** One family of failures: what it concludes from the evidence, nothing where it does not apply. Pure. */
export interface PlaybookEntry {
  name: string;
  /** What it looks for, in words that complete "nothing speaks for …". */
  topic: string;
  diagnose(input: DiagnosisInput): Finding[];
}

/** What code can vouch for. A finding without a quote is worth no more than a guess. */
export const CONFIDENCE = {
  /** The signal names the field, and history says that it worked with another value. */
  confirmed: 0.95,
  /** The signal names the field; history knows a good value, but something else may be the cause. */
  likely: 0.85,
  /** The signal names the field; the new value is the only near match, or a bounded step. */
  suggested: 0.75,
  /** Only the time of the change speaks for it. */
  circumstantial: 0.65,
  /** Not enough for a pull request. */
  guess: 0.5,
} as const;

export interface Statement {
  failureClass: FailureClass;
  rootCause: string;
  object: ObjectRef;
  container?: string | undefined;
  quotes: Quote[];
  confidence: number;
}

export function fix(statement: Statement, changes: ObjectChange[], words: string[]): Finding {
  return { ...said(statement), action: { kind: "fix", changes, words } };
}

/** A repair of the text of a source that cannot be rendered. */
export function repair(statement: Statement, files: FileChange[], words: string[]): Finding {
  return { ...said(statement), action: { kind: "repair", files, words } };
}

/** @param reason why the bot does not fix it @param advice what a human should do */
export function escalate(statement: Statement, reason: string, advice: string): Finding {
  return { ...said(statement), action: { kind: "escalate", reason, advice } };
}

/** A fix that only puts fields back to the values with which it worked. */
export function restoring(statement: Statement, past: Past, differences: readonly FieldChange[]): Finding {
  return restoringAll(statement, past, restore(statement.object, differences));
}

/** A fix, and the wider one that is made where no place in git decides the narrow one alone (one operation of a JSON patch gives both). */
export function orElse(narrow: Finding, wide: Finding): Finding {
  if (narrow.action.kind !== "fix" || wide.action.kind !== "fix") return narrow;
  const { changes, words, restores } = wide.action;
  return { ...narrow, action: { ...narrow.action, orElse: { changes, words, ...(restores ? { restores } : {}) } } };
}

/** The same for changes of other objects than the failing one: a ConfigMap that it reads. */
export function restoringAll(statement: Statement, past: Past, changes: ObjectChange[]): Finding {
  const words = changes.map((change) => `${changeInWords(change)}, as ${past.words}`);
  return { ...said(statement), action: { kind: "fix", changes, words, restores: true } };
}

function said(statement: Statement): Omit<Finding, "action"> {
  const { failureClass, rootCause, object, container, quotes, confidence } = statement;
  return {
    failureClass,
    rootCause: `${rootCause.charAt(0).toUpperCase()}${rootCause.slice(1)}`,
    target: container === undefined ? { object } : { object, container },
    quotes,
    confidence: quotes.length > 0 ? confidence : Math.min(confidence, CONFIDENCE.guess),
  };
}

/** Field, old and new value in a sentence. What a new environment variable holds is for the diff to show, not for titles and issues. */
function changeInWords({ object, path, before, after }: ObjectChange): string {
  const field = `${formatPath(shortPath(path))} of ${describeRef(object)}`;
  if (after === undefined) return `Remove ${field}${isVariable(path) ? "" : ` (${shown(before)})`}`;
  if (before === undefined) return `Add ${field}${isVariable(path) ? "" : `: ${shown(after)}`}`;
  return `Set ${field} from ${shown(before)} to ${shown(after)}`;
}

function isVariable(path: FieldPath): boolean {
  return path.includes("env") || path.includes("data");
}

/** The path without what is the same for all: from `containers[name=x]` on, where it lies in one. */
function shortPath(path: FieldPath): FieldPath {
  const list = path.findIndex((segment) => segment === "containers" || segment === "initContainers");
  return list < 0 ? path : path.slice(list);
}

/** A sentence that quotes another one: with one full stop at its end. */
export function oneStop(sentence: string): string {
  return sentence.replace(/\.{2,}$/, ".");
}

/** A value in a sentence: short, on one line. */
export function shown(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`;
}

/** `container web of Deployment shop/cart` */
export function place(object: ObjectRef, container?: string): string {
  return container === undefined ? describeRef(object) : `container ${container} of ${describeRef(object)}`;
}
