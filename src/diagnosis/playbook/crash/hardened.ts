import { isObject } from "../../../cluster/objects.ts";
import { type FieldChange, formatPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, place, restoring, shown } from "../entry.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";

const NOT_ALLOWED = /operation not permitted|permission denied|\bEPERM\b|\bEACCES\b|not permitted/i;

/**
 * The program is not allowed what it was allowed until its security context changed. To loosen it again is for people, the bot says which field it is. Which user and
 * group it runs as, if not root, is no matter of more or less: files belong to the one that it was.
 */
export function hardened(crashCase: CrashCase): Finding | undefined {
  const { past, now, changed, statement } = crashCase;
  const spec = podSpecPath(now.kind);
  const tightened = [...changed.filter(({ path }) => path.includes("securityContext")), ...(spec ? changedBelow(past, now, [...spec, "securityContext"]) : [])];
  const line = complaints(crashCase).findLast(({ text }) => NOT_ALLOWED.test(text.slice(0, 1000)));
  if (!past || !line || tightened.length === 0) return undefined;
  const fields = tightened.map(({ path }) => formatPath(path.slice(path.indexOf("securityContext")))).join(", ");
  const rootCause = `${place(statement.object, statement.container)} lacks a right that it had until ${fields} changed: ${shown(line.text)}`;
  const why = { failureClass: "pod-security" as const, rootCause: `${rootCause.replace(/\.+$/, "")}.`, confidence: CONFIDENCE.likely };
  const said = withLine(crashCase, line, { ...statement, ...why });
  if (past.from === "revision" && tightened.every(isOtherId)) return restoring(said, past, tightened);
  return escalate(
    said,
    "a hardened security context is not loosened by the bot",
    `Give back just what the program needs (a capability, the owner of its volume by fsGroup or an init container), or take ${fields} back.`,
  );
}

const IDS = new Set(["runAsUser", "runAsGroup", "fsGroup"]);

function isOtherId({ path, before, after }: FieldChange): boolean {
  if (path.at(-1) !== "securityContext") return isId(path.at(-1), before);
  const fields = Object.entries(isObject(before) ? before : {});
  return after === undefined && fields.length > 0 && fields.every(([field, value]) => isId(field, value));
}

function isId(field: unknown, value: unknown): boolean {
  return IDS.has(String(field)) && typeof value === "number" && value > 0;
}
