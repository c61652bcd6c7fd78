import { formatPath } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { CONFIDENCE, escalate, place, shown } from "../entry.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";

const NOT_ALLOWED = /operation not permitted|permission denied|\bEPERM\b|\bEACCES\b|not permitted/i;

/** The program is not allowed what it was allowed until its security context changed. To loosen it again is for people, the bot says which field it is. */
export function hardened(crashCase: CrashCase): Finding | undefined {
  const { past, now, changed, statement } = crashCase;
  const spec = podSpecPath(now.kind);
  const tightened = [...changed.filter(({ path }) => path.includes("securityContext")), ...(spec ? changedBelow(past, now, [...spec, "securityContext"]) : [])];
  const line = complaints(crashCase).findLast(({ text }) => NOT_ALLOWED.test(text.slice(0, 1000)));
  if (!past || !line || tightened.length === 0) return undefined;
  const fields = tightened.map(({ path }) => formatPath(path.slice(path.indexOf("securityContext")))).join(", ");
  const rootCause = `${place(statement.object, statement.container)} lacks a right that it had until ${fields} changed: ${shown(line.text)}`;
  return escalate(
    withLine(crashCase, line, { ...statement, failureClass: "pod-security", rootCause: `${rootCause.replace(/\.+$/, "")}.`, confidence: CONFIDENCE.likely }),
    "a hardened security context is not loosened by the bot",
    `Give back just what the program needs (a capability, the owner of its volume by fsGroup or an init container), or take ${fields} back.`,
  );
}
