import { isObject, type Json, objectAt, sameRef } from "../cluster/objects.ts";
import { startsWith } from "../source/edit/field-path.ts";
import { goesBack } from "../source/meant/goes-back.ts";
import { type Difference, withoutHash } from "../source/plan/differences.ts";
import { type SteeringLine, steeringLines } from "../source/slips/steering-lines.ts";
import { readTextBasis } from "../source/slips/text-basis.ts";
import type { ObjectChange } from "../source/workspace.ts";
import type { DiagnosisInput, Finding } from "./diagnosis.ts";
import { namesWord } from "./playbook/words.ts";

/** Renderings that the search may cost. */
const TRIES = 12;

/**
 * The one line of the last good revision that says where something goes (steering-lines.ts), and with which all that was found, or an object that is missed, comes
 * back and nothing else changes. A fix that is known is a part of it: what a lost line led to is lost as a whole, and a log names no more than the first of it.
 * Undefined where there are several such lines.
 */
export async function steeringLine(input: DiagnosisInput, finding: Finding): Promise<SteeringLine | undefined> {
  const { workspace, lastGood, rendered } = input;
  if (!lastGood || rendered.length === 0) return undefined;
  const { files } = await readTextBasis(workspace, lastGood.workspace);
  const lines = steeringLines(files);
  if (lines.length > TRIES) return undefined;
  const found = new Map<string, SteeringLine>();
  for (const line of lines) {
    const outcome = await workspace.renderWith([line.change]);
    const back = outcome.kind === "rendered" ? goesBack(rendered, outcome.objects, lastGood.objects) : undefined;
    if (outcome.kind !== "rendered" || !back || !explains(back, finding)) continue;
    // Changes of one block are tried alone and together: what renders the same is one.
    const made = JSON.stringify(outcome.objects);
    found.set(made, found.get(made) ?? line);
  }
  const [only, ...more] = found.values();
  return more.length === 0 ? only : undefined;
}

/** Of a fix that was found every field is among what comes back; of a failure without one, what is missed is named. */
function explains(back: readonly Difference[], finding: Finding): boolean {
  const { action } = finding;
  if (action.kind === "fix") {
    return action.changes.every((change) =>
      back.some((one) => isOfObject(one, change) && (startsWith(one.path, change.path) || startsWith(change.path, one.path))),
    );
  }
  const said = `${finding.rootCause}\n${finding.quotes.map(({ quote }) => quote).join("\n")}`;
  return back.some((one) => namesOf(one).some((name) => name.length >= 4 && namesWord(said, name)));
}

/** A generated object is the same one with whatever hash. */
function isOfObject(one: Difference, change: ObjectChange): boolean {
  return sameRef({ ...one.object, name: plainName(one.object.name) }, { ...change.object, name: plainName(change.object.name) });
}

function plainName(name: string): string {
  return withoutHash(name.replace(/-#$/, ""));
}

/** What people and programs call that which comes back: an object, keys of a ConfigMap, items of a list, and words of arguments. */
function namesOf({ object, path, is, wanted }: Difference): string[] {
  if (path.length === 0) return [plainName(object.name), ...Object.keys(objectAt(wanted ?? null, "data"))];
  const items = path.flatMap((step, i) =>
    typeof step === "object" && !/^(?:init)?containers$/i.test(String(path[i - 1])) ? [step.value] : path[0] === "data" && i === 1 ? [String(step)] : [],
  );
  return [...items, ...wordsOf(wanted, is)];
}

/** Options among the arguments that come back, the names of what comes as a whole, and of variables that nothing filled in. */
function wordsOf(wanted: Json | undefined, is: Json | undefined): string[] {
  if (typeof wanted === "string" && typeof is === "string") return /\$\(([\w.-]{1,100})\)/.exec(is)?.slice(1) ?? [];
  if (Array.isArray(wanted)) return wanted.filter((item) => !(Array.isArray(is) && is.includes(item))).flatMap((item) => wordsOf(item, undefined));
  if (typeof wanted === "string") return /^--?[\w-]{3,100}/.exec(wanted)?.[0] !== undefined ? [wanted.split("=")[0] ?? ""] : [];
  return isObject(wanted) && typeof wanted.name === "string" ? [wanted.name] : [];
}
