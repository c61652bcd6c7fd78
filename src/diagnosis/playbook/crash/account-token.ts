import type { Finding } from "../../diagnosis.ts";
import { changedBelow } from "../../history.ts";
import { podSpecPath } from "../../workload.ts";
import { escalate, place } from "../entry.ts";
import { type CrashCase, withLine } from "./crash-case.ts";

const TOKEN = /\/var\/run\/secrets\/kubernetes\.io\/serviceaccount|unable to load in-cluster configuration/;

/** The program looks for its account's token, which the commit took from it. Credentials are given by people only. */
export function tokenGone(crashCase: CrashCase): Finding | undefined {
  const { log, now, past, statement } = crashCase;
  const path = podSpecPath(now.kind);
  const line = log.findLast(({ text }) => TOKEN.test(text.slice(0, 500)) && /no such file|can.t open|cannot|ENOENT|unable|not found/i.test(text.slice(0, 500)));
  const changed = path ? changedBelow(past, now, [...path, "automountServiceAccountToken"]) : [];
  if (!line || changed.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} needs the token of its service account, which is no longer mounted (automountServiceAccountToken).`;
  return escalate(
    withLine(crashCase, line, { ...statement, rootCause }),
    "a bot gives nobody credentials",
    "Remove automountServiceAccountToken: false where this program really talks to the API server.",
  );
}
