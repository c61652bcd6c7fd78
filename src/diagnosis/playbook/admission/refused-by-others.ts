import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { quoteFirst } from "../../quotes.ts";
import { CONFIDENCE, escalate, oneStop, place, type Statement, shown } from "../entry.ts";

const NAME = "([\\w.:/-]{1,253})";
const WEBHOOK_DOWN = new RegExp(`failed calling webhook "${NAME}": ([^\\n]{1,400})`);
const WEBHOOK_DENIED = new RegExp(`admission webhook "${NAME}" denied the request: ([^\\n]{1,600})`);
const POLICY_DENIED = new RegExp(`ValidatingAdmissionPolicy '${NAME}'[^\\n]{0,300}? denied request: ([^\\n]{1,600})`);
const FORBIDDEN = /is forbidden: User "([^"\s]{1,300})" cannot (\w{1,30}) resource "([^"\s]{1,100})"/;
const QUOTA = /exceeded quota: ([\w.-]{1,253}), requested: ([^\n]{1,200}?), used: /;
const NO_NAMESPACE = /namespaces "([\w.-]{1,63})" not found/;
const NOT_PERMITTED = /[^\n.;]{0,200}(?:is not permitted in project|do not match any of the allowed destinations in project)[^\n;]{0,120}/;
const CONFLICT = /Apply failed with \d+ conflicts?: conflicts? with "([^"\n]{1,100})"[^\n]{0,100}/;
const CONTROL_PLANE =
  /etcdserver: |the server is currently unable to handle the request|the server was unable to return a response|apiserver is shutting down|TLS handshake timeout|http2: client connection lost|leader changed|request did not complete within (?:the )?requested timeout|https:\/\/[\w.:[\]-]{1,100}\/apis?\/[^"\s]{1,300}": dial tcp|storage is \(re\)initializing/;

/** What a policy says, of a webhook or of the API server (ValidatingAdmissionPolicy), and how. */
export function denialIn(text: string): { policy: string; why: string; said: string } | undefined {
  const [said, policy, why] = WEBHOOK_DENIED.exec(text) ?? POLICY_DENIED.exec(text) ?? [];
  return said && policy && why ? { policy, why, said } : undefined;
}

/**
 * Objects that somebody other than the API server's own rules refuses: webhooks, policies, permissions of whoever applies, quotas on objects. No manifest is
 * changed for these: a policy that is kept by taking something back may have been what the commit wanted to talk about.
 */
export function refusedByOthers(input: DiagnosisInput, message: string): Finding | undefined {
  const text = message.slice(0, 6000);
  const object = input.incident.target;
  const say = (rest: Pick<Statement, "failureClass" | "rootCause">, piece: string, reason: string, advice: string): Finding =>
    escalate({ ...rest, object, quotes: quoteFirst(input.evidence, [piece, message, ...message.split(": ")]), confidence: CONFIDENCE.likely }, reason, advice);
  const denied = denialIn(text);
  if (denied) {
    const rootCause = `The cluster's policy ${denied.policy} refuses what ${place(object)} delivers: ${shown(denied.why)}.`;
    const advice = "Change the manifest so that it keeps the policy, or ask its owners for an exception.";
    return say({ failureClass: "invalid-manifest", rootCause: oneStop(rootCause) }, denied.said, "a policy says no, and people decide how to keep it", advice);
  }
  const down = WEBHOOK_DOWN.exec(text);
  if (down?.[1]) {
    const rootCause = `The API server takes nothing from ${place(object)}, since admission webhook ${down[1]} does not answer: ${shown(lastPart(down[2] ?? ""))}.`;
    return say(
      { failureClass: "node", rootCause: oneStop(rootCause) },
      down[0],
      "the webhook's own deployment is broken, not this manifest",
      `Look after the Service and the pods behind webhook ${down[1]}.`,
    );
  }
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden?.[1]) {
    const [, user, verb, resource] = forbidden;
    const rootCause = `${user} may not ${verb} ${resource}, so that ${place(object)} cannot be delivered.`;
    return say(
      { failureClass: "rbac-forbidden", rootCause },
      forbidden[0],
      "permissions are a human's decision",
      `Grant ${verb} on ${resource} to ${user}, if it should deliver such objects.`,
    );
  }
  const quota = QUOTA.exec(text);
  if (quota?.[1]) {
    const rootCause = `ResourceQuota ${quota[1]} has no room for what ${place(object)} delivers (requested: ${shown(quota[2])}).`;
    return say(
      { failureClass: "quota", rootCause },
      quota[0],
      "how large the quota is, is a decision of people",
      `Remove something else, or raise quota ${quota[1]}.`,
    );
  }
  const project = NOT_PERMITTED.exec(text);
  if (project) {
    const rootCause = `Argo CD's project allows not everything that ${place(object)} delivers: ${shown(project[0])}.`;
    return say(
      { failureClass: "rbac-forbidden", rootCause: oneStop(rootCause) },
      project[0],
      "what a project may deploy is a human's decision",
      "Allow it in the AppProject, or take it out of this delivery.",
    );
  }
  const namespace = NO_NAMESPACE.exec(text)?.[1];
  if (namespace) {
    const rootCause = `Namespace ${namespace}, into which ${place(object)} delivers, does not exist.`;
    return say(
      { failureClass: "invalid-manifest", rootCause },
      `namespaces "${namespace}" not found`,
      "the bot creates no namespaces",
      `Create namespace ${namespace}, or correct its name.`,
    );
  }
  const conflict = CONFLICT.exec(text);
  if (conflict?.[1]) {
    const rootCause = `${place(object)} cannot be applied: ${conflict[1]} owns some of the same fields.`;
    return say(
      { failureClass: "invalid-manifest", rootCause },
      conflict[0],
      "two owners set the same field",
      `Decide who sets it: this delivery or ${conflict[1]}.`,
    );
  }
  const plane = CONTROL_PLANE.exec(text);
  if (plane) {
    const rootCause = `The cluster's API server does not work as it should (${plane[0].replace(/: $/, "")}), so that ${place(object)} cannot be delivered.`;
    return say({ failureClass: "node", rootCause }, plane[0], "the control plane is ill, not this manifest", "Look after the cluster's control plane.");
  }
  return undefined;
}

function lastPart(message: string): string {
  return message.split(": ").slice(-2).join(": ");
}
