import { at, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { asOthersReadIt } from "../blame/read-by-others.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, place } from "../entry.ts";
import { keyMisnamed } from "./key-misnamed.ts";
import { mapUnread } from "./map-unread.ts";
import { missedAt } from "./missed-names.ts";
import { UNSET } from "./unset.ts";
import { variableMisnamed } from "./variable-misnamed.ts";

/** A variable that the program needs and that nobody ever set. */
export function variableNeverSet(crashCase: CrashCase): Finding | undefined {
  const { statement, changed, found, log } = crashCase;
  const named = complaints(crashCase)
    .filter(({ text }) => UNSET.test(text.slice(0, 1000)))
    .flatMap((line) => missedAt(log, log.indexOf(line)).map((name) => ({ name, line })))
    .filter(({ name }) => !holds(found.value, name) && !changed.some(({ path }) => namesItem(path, name)));
  const last = named.at(-1);
  if (!last) return undefined;
  const misnamed = variableMisnamed(crashCase, last);
  if (misnamed) return misnamed;
  const key = keyMisnamed(crashCase, last);
  if (key) return key;
  const unread = mapUnread(crashCase, last);
  if (unread) return unread;
  const alike = asOthersReadIt(crashCase, last);
  if (alike) return alike;
  const rootCause = `${place(statement.object, statement.container)} needs environment variable ${last.name}, which is not set.`;
  return escalate(
    withLine(crashCase, last.line, { ...statement, rootCause, confidence: CONFIDENCE.likely }),
    `no revision is known in which ${last.name} was set`,
    `Set ${last.name}; the bot invents no values.`,
  );
}

/** Whether a container has a variable of its own under this name. */
export function holds(container: CrashCase["found"]["value"], name: string): boolean {
  const list = at(container, "env");
  return Array.isArray(list) && list.some((item) => textAt(item, "name") === name);
}

function namesItem(path: FieldPath, name: string): boolean {
  return path.some((segment) => typeof segment === "object" && segment.value === name);
}
