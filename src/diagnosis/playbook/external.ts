import { type KubeObject, refOf, textAt } from "../../cluster/objects.ts";
import type { Finding } from "../diagnosis.ts";
import type { CrashCase } from "./crash-case.ts";
import { CONFIDENCE, escalate, place, restoring, shown } from "./entry.ts";

const FORBIDDEN = /forbidden: User "(system:serviceaccount:[^"\s]{1,300})" cannot (\w{1,30}) resource "([^"\s]{1,100})"/;
const DIALLED =
  /(?:dial tcp|lookup|connect(?:ing|ion)? to|getaddrinfo \w+|could not translate host name|no such host:?|bad address|could not resolve host:?) ['"]?([a-z0-9][a-z0-9.-]{1,252})(?::(\d{2,5}))?/i;
const UNREACHED =
  /no such host|connection refused|could not translate host name|name or service not known|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|bad address|could not resolve host|i\/o timeout/i;
const PORT_TAKEN = /address already in use|EADDRINUSE/i;

/** The program fails on something outside of itself: permissions, another service, a port. */
export function externalTrouble(crashCase: CrashCase): Finding | undefined {
  return forbidden(crashCase) ?? unreachable(crashCase) ?? portTaken(crashCase);
}

function forbidden({ log, statement }: CrashCase): Finding | undefined {
  const match = log.map(({ text }) => FORBIDDEN.exec(text.slice(0, 1000))).find((found) => found !== null);
  if (!match) return undefined;
  const [, user, verb, resource] = match;
  const rootCause = `${place(statement.object, statement.container)} may not ${verb} ${resource}: ${user} lacks the permission.`;
  return escalate(
    { ...statement, failureClass: "rbac-forbidden", rootCause },
    "permissions are a human's decision",
    `Grant ${verb} on ${resource} to ${user}, if the program should have it.`,
  );
}

/** An address that git sets and that leads nowhere: back to the address that worked. */
function unreachable({ log, statement, changed, past, input }: CrashCase): Finding | undefined {
  const line = log.findLast(({ text }) => UNREACHED.test(text.slice(0, 1000)));
  const host = line && DIALLED.exec(line.text.slice(0, 1000))?.[1];
  if (!line || host === undefined) return undefined;
  const said = {
    ...statement,
    failureClass: "dependency-address" as const,
    rootCause: `${place(statement.object, statement.container)} cannot reach ${shown(host)}.`,
  };
  const blamed = changed.filter(({ path, after }) => (path.includes("env") || path.includes("args")) && JSON.stringify(after ?? null).includes(host));
  if (past && blamed.length > 0) return restoring(said, past, blamed);
  const inside = input.rendered.some(
    (object: KubeObject) => object.kind === "Service" && (host === textAt(object, "metadata", "name") || host.startsWith(`${refOf(object).name}.`)),
  );
  return escalate(
    { ...said, confidence: CONFIDENCE.circumstantial },
    "the address did not change in git",
    inside ? `Look why Service ${host} does not answer.` : `Check that ${host} exists and is reachable from the cluster.`,
  );
}

function portTaken({ log, statement, changed, past }: CrashCase): Finding | undefined {
  if (!log.some(({ text }) => PORT_TAKEN.test(text.slice(0, 1000)))) return undefined;
  const said = {
    ...statement,
    failureClass: "port-conflict" as const,
    rootCause: `${place(statement.object, statement.container)} wants a port that another process of the pod already uses.`,
  };
  const blamed = changed.filter(({ path }) => path.includes("env") || path.includes("args") || path.includes("ports"));
  if (past && blamed.length > 0) return restoring({ ...said, confidence: CONFIDENCE.likely }, past, blamed);
  return escalate(said, "no other port is known to be free", "Give one of the two programs another port.");
}
