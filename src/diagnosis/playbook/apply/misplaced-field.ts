import { misplacedFields } from "../../../cluster/misplaced-fields.ts";
import { type KubeObject, refOf } from "../../../cluster/objects.ts";
import { formatPath, startsWith } from "../../../source/edit/field-path.ts";
import { placeOf } from "../../../source/meant/named-place.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { UNSET } from "../settings/unset.ts";
import { namesVariable } from "../words.ts";
import type { Spelt } from "./misspelt-field.ts";
import type { Refusal } from "./refusal.ts";

/**
 * The program misses a variable that stands in a list of variables at a wrong level, which the API server dropped without a word: the list moves to where
 * Kubernetes knows it, in the only container.
 */
export function variablesIgnored(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const moved = misplaced([now], { why: "unknown field" });
  const lists = moved?.changes.filter(({ path, after }) => after !== undefined && ["env", "envFrom"].includes(String(path.at(-1)))) ?? [];
  const within = { ...found.value, ...Object.fromEntries(lists.map(({ path, after }) => [String(path.at(-1)), after ?? null])) };
  const names = variablesOf(input, now, { ...found, value: within }).map(({ name }) => name);
  const line = complaints(crashCase).findLast(({ text }) => UNSET.test(text.slice(0, 1000)) && names.some((name) => namesVariable(text, name)));
  const isOwn = lists.some(({ path }) => startsWith(path, found.path));
  if (!moved || !line || !isOwn || lists.length * 2 !== moved.changes.length) return undefined;
  const rootCause = `${place(statement.object, statement.container)} does not get its variables: they stand where Kubernetes knows none, and were left out without a word.`;
  return fix(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }), moved.changes, moved.words);
}

/** Fields that the schema does not know where they stand, moved to where it knows them; undefined where that is not clear for all of one object. */
export function misplaced(suspects: readonly KubeObject[], refused: Pick<Refusal, "why">): Spelt | undefined {
  if (refused.why !== "unknown field" && refused.why !== "wrong type") return undefined;
  const found = suspects.flatMap((object) => {
    const moved = misplacedFields(object);
    return moved ? [{ object, moved }] : [];
  });
  const [only, ...more] = found;
  if (!only || more.length > 0) return undefined;
  const object = refOf(only.object);
  const pathOf = (keys: readonly string[]) =>
    placeOf(
      only.object,
      keys
        .slice(0, -1)
        .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
        .join(""),
    );
  const moves = only.moved.map(({ from, to, value }) => {
    const [parent, place] = [pathOf(from), pathOf(to)];
    const name = from.at(-1) ?? "";
    return parent && place ? { gone: [...parent, name], come: [...place, name], value } : undefined;
  });
  if (moves.some((move) => move === undefined)) return undefined;
  const all = moves.flatMap((move) => move ?? []);
  return {
    object,
    changes: all.flatMap(({ gone, come, value }): ObjectChange[] => [
      { object, path: come, before: undefined, after: value },
      { object, path: gone, before: value, after: undefined },
    ]),
    words: all.map(({ gone, come }) => `Move ${formatPath(gone)} to ${formatPath(come)}, where Kubernetes knows it`),
  };
}
