import { listAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { variablesOf } from "../../environment.ts";
import { variableOf } from "../blame/named-change.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, place, restoring } from "../entry.ts";

/**
 * The container's own command has a shell fill in a variable that the commit took away: the program gets an empty word, and complains of something else. The new name
 * that came with its value goes, where nothing in the command reads it.
 */
export function shellVariableGone({ changed, past, found, now, input, statement }: CrashCase): Finding | undefined {
  const script = ["command", "args"].flatMap((field) => listAt(found.value, field)).map(String);
  if (past?.from !== "revision" || !script.some((word) => /^(?:\/\S{1,40}\/)?(?:ba|da|a|k|z)?sh$/.test(word))) return undefined;
  const given = new Set(variablesOf(input, now, found).map(({ name }) => name));
  const fromElsewhere = listAt(found.value, "envFrom").some((source) => textAt(source, "secretRef", "name") !== "");
  const gone = changed.filter((change) => {
    const name = nameOf(change);
    return name !== undefined && change.before !== undefined && change.after === undefined && !given.has(name) && script.some((text) => fillsIn(text, name));
  });
  if (gone.length === 0 || fromElsewhere) return undefined;
  const heirs = changed.filter((change) => {
    const name = nameOf(change);
    const value = textAt(change.after ?? null, "value");
    const isHeir = value !== "" && gone.some(({ before }) => textAt(before ?? null, "value") === value);
    return name !== undefined && change.before === undefined && isHeir && !script.some((text) => fillsIn(text, name));
  });
  const names = gone.map(nameOf).join(", ");
  const rootCause = `${place(statement.object, statement.container)} is started by a shell that fills in ${names}, which is no longer set.`;
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, [...gone, ...(gone.length === 1 ? heirs : [])]);
}

/** The name of a variable that changed as a whole. */
function nameOf({ path }: FieldChange): string | undefined {
  return typeof path.at(-1) === "object" ? variableOf(path) : undefined;
}

/** `$NAME` and `${NAME}`, without a word for where it is not set, and not where the script sets it itself. */
function fillsIn(script: string, name: string): boolean {
  const isRead = new RegExp(`\\$(?:${name}(?![A-Za-z0-9_])|\\{${name}\\})`).test(script);
  return isRead && !new RegExp(`(?:^|[\\s;&|(])(?:export |read |for )?${name}(?:=| in )`).test(script);
}
