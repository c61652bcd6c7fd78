import { type Json, listAt, numberAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import type { ContainerAt } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, type Statement, shown } from "../entry.ts";

/**
 * What the probe asked before is not there any more: the program was told to answer elsewhere in the same commit, and the probe was meant to follow. Undefined where
 * what it asked before is still there; `astray` where nothing says what the probe should ask.
 */
export function followsProgram(found: ContainerAt, blamed: readonly FieldChange[], told: readonly FieldChange[]): FieldChange[] | "astray" | undefined {
  const moves = blamed.flatMap(({ path, before, after }) => {
    const to = told.filter((one) => before !== undefined && one.before === String(before) && typeof one.after === "string" && one.after !== one.before);
    return to.map((one) => ({ path, before: after, after: path.at(-1) === "port" ? declaredAs(found, one.after) : one.after }));
  });
  if (moves.length === 0) return undefined;
  const isClear = moves.length === 1 && blamed.length === 1 && moves[0]?.after !== undefined && moves[0].after !== moves[0].before;
  return isClear ? moves : "astray";
}

function declaredAs(found: ContainerAt, number: Json | undefined): number | undefined {
  return listAt(found.value, "ports").flatMap((port) => (String(numberAt(port, "containerPort")) === number ? (numberAt(port, "containerPort") ?? []) : []))[0];
}

export function followed(statement: Statement, follows: Exclude<ReturnType<typeof followsProgram>, undefined>): Finding {
  const rootCause = `${statement.rootCause.replace(/\.$/, "")}; the program was told to answer elsewhere in the same commit, and the probe asks a third place.`;
  const advice = "Let the probe ask what the program is told to answer, or tell the program what the probe asks.";
  if (follows === "astray") return escalate({ ...statement, rootCause }, "what the probe asked before is not there any more either", advice);
  const words = follows.map(({ before, after }) => `Probe ${shown(after)} instead of ${shown(before)}: the program is told to answer there`);
  const changes = follows.map((change) => ({ object: statement.object, ...change }));
  return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, changes, words);
}
