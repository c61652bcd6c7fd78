import { isObject } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { place, restoring } from "../entry.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";

/** How programs say that they do not run as root: `can not run elasticsearch as root`, `"root" execution of the PostgreSQL server is not permitted`. */
const REFUSES =
  /\b(?:not|never|refus\w+|cannot|can't|don't|disallow\w*)\b.{0,60}\b(?:as|by|with)\b.{0,20}\broot\b|\broot"? (?:execution|user|privileges?)\b.{0,60}\b(?:not|refus\w+|forbidden|disallow\w*)\b/i;

/** The program runs as root since the commit, and refuses to: the user that it had comes back. */
export function refusesRoot(crashCase: CrashCase): Finding | undefined {
  const { past, now, found, statement } = crashCase;
  const line = complaints(crashCase).findLast(({ text }) => REFUSES.test(text.slice(0, 1000)));
  const paths = [
    [...found.path, "securityContext"],
    [...(podSpecPath(now.kind) ?? []), "securityContext"],
  ];
  const gone = line ? paths.flatMap((path) => changedBelow(past, now, path)).flatMap(users) : [];
  const hasUser = gone.some(({ path, before }) => path.at(-1) === "runAsUser" || (isObject(before) && Object.hasOwn(before, "runAsUser")));
  if (!past || !line || !hasUser) return undefined;
  const rootCause = `${place(statement.object, statement.container)} runs as root since the user that it ran as is no longer set, and it refuses to.`;
  return restoring(withLine(crashCase, line, { ...statement, failureClass: "run-as-root-image", rootCause }), past, gone);
}

/** The user and group that went: a whole context where it held nothing else. */
function users(change: FieldChange): FieldChange[] {
  const { path, before, after } = change;
  if (path.at(-1) !== "securityContext") return isUser(path.at(-1), before) ? [change] : [];
  const fields = Object.entries(isObject(before) ? before : {});
  if (after === undefined && fields.length > 0 && fields.every(([field, value]) => isUser(field, value))) return [change];
  return fields.flatMap(([field, value]) => (isUser(field, value) ? [{ path: [...path, field], before: value, after: undefined }] : []));
}

function isUser(field: unknown, value: unknown): boolean {
  return (field === "runAsUser" || field === "runAsGroup") && typeof value === "number" && value > 0;
}
